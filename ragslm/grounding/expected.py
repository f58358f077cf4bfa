"""What kind of answer a question wants: an amount, a number, a date or a statement."""

import re
from typing import Literal

from ragslm.grounding.reading.dates import dates
from ragslm.grounding.reading.numbers import numbers

Kind = Literal["amount", "number", "date", "statement"]

_KINDS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (
        "date",
        re.compile(r"^\s*when\b|\bwhat (?:year|date|day|month)\b|\bdeadline\b|\bby when\b", re.IGNORECASE),
    ),
    (
        "amount",
        re.compile(
            r"\bhow much\b|\b(?:is|was|were|are) the (?:\w+ ){0,3}"
            r"(?:amount|cost|price|fee|revenue|income|expense|sales|profit|loss|balance|limit)s?\b",
            re.IGNORECASE,
        ),
    ),
    (
        "number",
        re.compile(
            r"\bhow (?:many|long|soon|often|old|high|large|far|fast)\b"
            r"|\bwhat (?:percent|percentage|number|dose|share|rate|proportion)\b"
            r"|\b(?:percentage|dosage|dose|prevalence|incidence)\b",
            re.IGNORECASE,
        ),
    ),
)
_FIGURES = re.compile(
    r"\bhow (?:much|many)\b|amount|total|percent|chang|increas|average|ratio|margin|growth|revenue|income"
    r"|cost|sales|expense|value|balance|cash|asset|debt|profit|earnings|number|\brate",
    re.IGNORECASE,
)
_RECURRING = re.compile(
    r"\b(?:daily|weekly|monthly|annually|(?:each|every) (?:day|week|month|year))\b", re.IGNORECASE
)


def expected(question: str) -> Kind:
    """The kind of answer `question` wants."""
    return next((kind for kind, pattern in _KINDS if pattern.search(question)), "statement")


def asks_for_figures(question: str) -> bool:
    """Whether the answer is in a table, if there is one."""
    return _FIGURES.search(question) is not None


def provides(text: str, kind: Kind) -> bool:
    """Whether `text` holds such an answer; every text may be a statement."""
    if kind == "statement":
        return True
    found = numbers(text)
    if kind == "date":
        return (
            _RECURRING.search(text) is not None
            or bool(dates(text))
            or any(number.year or number.unit in {"time", "calendar"} for number in found)
        )
    return any(not number.year for number in found)
