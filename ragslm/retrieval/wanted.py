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
    r"(?:%|percent|[kmµ]?g|mcg|lbs?|[md]?l|[cm]?m|mm\[?Hg\]?|[mµ]?mol|units?|tablets?|capsules?|caps|puffs?)"
)
_AMOUNT = re.compile(rf"{_CURRENCY}\s?\d|\d\s?{_CURRENCY}(?!\w)|\d\s?{_UNIT}(?![\w])", re.IGNORECASE)


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
