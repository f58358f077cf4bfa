"""A question about an amount or time wants a passage that has one; about a day, a reference or something
numbered, one that has it.

The head of a statement names the same account and day as its entries, and shares more words with "how much is
the transfer of 10 February" than the entry that has the amount. Two entries of one shape differ by their day,
reference or number alone (`Type 2`, `Invoice 17`), which weighs little among the words. And what the question
calls by its full name comes before what has this name and more.
"""

import re
from collections.abc import Callable, Mapping
from functools import partial
from itertools import islice

import numpy as np

from ragslm.retrieval.index import Found
from ragslm.retrieval.own_name import is_named
from ragslm.retrieval.tokens import marks, tokens
from ragslm.types import Passage

BONUS = 0.06
"""Fused score, 0 to 1, that a passage gains over others by each thing wanted that it has."""
_ASKS = re.compile(
    r"\b(?:how\s+much|(?:which|what)\s+(?:amount|sum|price|dose|dosage)|what\b.{1,60}\b(?:count|level|"
    r"concentration)(?=\W*$|\s+(?:in|on|at)))\b",
    re.IGNORECASE,
)
_ASKS_SHARE = re.compile(r"\b(?:which|what)\s+(?:percentage|percent)\b", re.IGNORECASE)
_ASKS_WHEN = re.compile(
    r"\bwhen\s+(?:is|are|was|were|did|has|have|had|will)\b|\b(?:which|what)\s+(?:day|date)\b", re.IGNORECASE
)
_NUMBERED = re.compile(r"\b([A-Za-z]{3,}) ([A-Z]?\d{1,3}[A-Z]?)(?![\w.,%-]*\w|%)")
"""A name with its number or letter and number: `type 2`, `Information V2`."""
_MOST_NUMBERED = 4
"""Of them that are looked for; a question made of nothing else is not to hold up its search."""
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
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


def wanted_first(question: str, found: Found, passages: Mapping[int, Passage]) -> Found:
    """The passages in their new order: what the question wants gains `BONUS`. Scores stay in 0 to 1.

    Args:
        question: scrubbed.
        found: best first.
        passages: by id; one that is not there gains nothing.
    """
    wishes = _wishes(question)
    gains = np.zeros(len(found.ids))
    for place, id_ in enumerate(found.ids.tolist()):
        if id_ in passages:
            gains[place] = BONUS * sum(wish(passages[id_]) for wish in wishes)
    scores = (found.scores + gains) / (1 + gains.max(initial=0.0))
    order = np.argsort(-scores, kind="stable")
    return Found(found.ids[order], scores[order])


def _wishes(question: str) -> list[Callable[[Passage], bool]]:
    """What the question wants a passage to have. Nothing else is looked for: a search takes 20 ms."""
    amount, asked, words = _asked_amount(question), marks(question), frozenset(tokens(question))
    wishes: list[Callable[[Passage], bool]] = [lambda passage: is_named(words, passage)]
    if amount is not None:
        wishes.append(lambda passage: amount.search(passage.text) is not None)
    if asked:
        wishes.append(lambda passage: not asked.isdisjoint(marks(passage.text)))
    named = islice(dict.fromkeys(_NUMBERED.findall(question)), _MOST_NUMBERED)
    wishes += [partial(_stands_in, _numbered(*found)) for found in named]
    if _ASKS_WHEN.search(question):
        wishes.append(lambda passage: any(map(_DAY.fullmatch, marks(passage.text))))
    return wishes


def _numbered(word: str, number: str) -> re.Pattern[str]:
    return re.compile(rf"\b{word}\W{{1,2}}{number}\b", re.IGNORECASE)


def _stands_in(pattern: re.Pattern[str], passage: Passage) -> bool:
    """Whether title, section or text has it."""
    return any(map(pattern.search, (passage.title, passage.section or "", passage.text)))


def _asked_amount(question: str) -> re.Pattern[str] | None:
    """What the amount looks like that it wants; None if it wants none."""
    if _ASKS_SHARE.search(question):
        return _SHARE
    return _AMOUNT if _ASKS.search(question) else None
