"""A question about an amount wants a passage that has one.

The head of a statement names the same account and day as its entries, and shares more words with "how much is
the transfer of 10 February" than the entry that has the amount.
"""

import re
from collections.abc import Mapping

import numpy as np

from ragslm.retrieval.index import Found

BONUS = 0.06
"""Fused score, 0 to 1, that a passage with an amount gains over one without."""
_ASKS = re.compile(r"\b(?:how\s+much|(?:which|what)\s+(?:amount|sum|price))\b", re.IGNORECASE)
_CURRENCY = r"(?:USD|EUR|GBP|CHF|JPY|SEK|NOK|DKK|PLN|CZK|HUF|AUD|NZD|CAD|CNY|HKD|SGD|INR|BRL|MXN|ZAR|[$€£¥])"
_UNIT = (
    r"(?:(?i:%|percent|[kmµ]g|mcg|lbs?|[md]l|cm|mm\[?Hg\]?|mm|[mµ]?mol|units?|tablets?|capsules?|caps|puffs?)"
    r"|[gm](?!\s+(?:network|mobile|wireless|phone)s?\b)|[lL])"
)
"""Letters that stand alone have their case: 5 g is an amount, Section 5 G and 5G are not."""
_PLACE = r"(?<![Ss]ection\s)(?<![Aa]rticle\s)(?<![Pp]age\s)(?<![Pp]art\s)(?<![Ii]tem\s)"
_AMOUNT = re.compile(
    rf"(?i:{_CURRENCY})\s?\d|{_PLACE}(?<![\d.,])\d[\d.,]*\s?(?:(?i:{_CURRENCY})(?!\w)|{_UNIT}(?!\w))"
)


def asks_amount(question: str) -> bool:
    """Whether it wants a sum of money or a quantity."""
    return _ASKS.search(question) is not None


def amounts_first(found: Found, texts: Mapping[int, str]) -> Found:
    """The passages in their new order: those with an amount gain `BONUS`. Scores stay in 0 to 1.

    Args:
        found: best first.
        texts: by id; a passage without text gains nothing.
    """
    gains = [BONUS * (_AMOUNT.search(texts.get(id_, "")) is not None) for id_ in found.ids.tolist()]
    scores = (found.scores + np.array(gains)) / (1 + BONUS)
    order = np.argsort(-scores, kind="stable")
    return Found(found.ids[order], scores[order])
