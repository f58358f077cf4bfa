"""A question about an amount wants a passage that has one; about a day or a reference, one that has it.

The head of a statement names the same account and day as its entries, and shares more words with "how much is
the transfer of 10 February" than the entry that has the amount. Two entries of one shape differ by their day
or reference alone, which weighs little among the words.
"""

import re
from collections.abc import Mapping

import numpy as np

from ragslm.retrieval.index import Found
from ragslm.retrieval.tokens import marks

BONUS = 0.06
"""Fused score, 0 to 1, that a passage gains over others by an amount, and by a day or reference asked for."""
_ASKS = re.compile(
    r"\b(?:how\s+much|(?:which|what)\s+(?:amount|sum|price|dose|dosage)|what\b.{1,60}\b(?:count|level|"
    r"concentration)(?=\W*$|\s+(?:in|on|at)))\b",
    re.IGNORECASE,
)
_ASKS_SHARE = re.compile(r"\b(?:which|what)\s+(?:percentage|percent)\b", re.IGNORECASE)
_CURRENCY = r"(?:USD|EUR|GBP|CHF|JPY|SEK|NOK|DKK|PLN|CZK|HUF|AUD|NZD|CAD|CNY|HKD|SGD|INR|BRL|MXN|ZAR|[$€£¥])"
_UNIT = (
    r"(?:(?i:%|percent|[kmµ]g|mcg|lbs?|[md]l|cm|mm\[?Hg\]?|mm|[mµ]?mol|mEq|IU|\{cells\}|10\*\d|units?"
    r"|tablets?|capsules?|caps|puffs?)"
    r"|[gm](?!\s+(?:network|mobile|wireless|phone)s?\b)|[lL])"
)
"""Letters that stand alone have their case: 5 g is an amount, Section 5 G and 5G are not."""
_PLACE = r"(?<![Ss]ection\s)(?<![Aa]rticle\s)(?<![Pp]age\s)(?<![Pp]art\s)(?<![Ii]tem\s)"
_AMOUNT = re.compile(
    rf"(?i:{_CURRENCY})\s?\d|{_PLACE}(?<![\d.,])\d[\d.,]*\s?(?:(?i:{_CURRENCY})(?!\w)|{_UNIT}(?!\w))"
)
_SHARE = re.compile(r"\d\s?(?:%|percent\b)", re.IGNORECASE)


def wanted_first(question: str, found: Found, texts: Mapping[int, str]) -> Found:
    """The passages in their new order: what the question wants gains `BONUS`. Scores stay in 0 to 1.

    Args:
        question: scrubbed.
        found: best first.
        texts: by id; a passage without text gains nothing.
    """
    amount, asked = _asked_amount(question), marks(question)
    if not amount and not asked:
        return found
    every = [texts.get(id_, "") for id_ in found.ids.tolist()]
    gains = [bool(amount and amount.search(text)) + bool(asked & marks(text)) for text in every]
    scores = (found.scores + BONUS * np.array(gains)) / (1 + BONUS * (bool(amount) + bool(asked)))
    order = np.argsort(-scores, kind="stable")
    return Found(found.ids[order], scores[order])


def asks_amount(question: str) -> bool:
    """Whether it wants a sum of money, a quantity or a share."""
    return _asked_amount(question) is not None


def _asked_amount(question: str) -> re.Pattern[str] | None:
    """What the amount looks like that it wants; None if it wants none."""
    if _ASKS_SHARE.search(question):
        return _SHARE
    return _AMOUNT if _ASKS.search(question) else None
