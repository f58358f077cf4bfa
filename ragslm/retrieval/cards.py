"""What a title says about its document: issuer, reporting period and kind.

`3M_2018_10K`, `Amcor 2022 8-K dated 2022-07-01` and `Best Buy Co., Inc. Quarterly Report Q2 2023` say the
same three things in three ways.
Source: form names as in 17 CFR 249 (10-K, 10-Q, 8-K, 20-F, 40-F, 6-K, 11-K) and 17 CFR 240.14a-101 (proxy).
"""

import re
from dataclasses import dataclass

from ragslm._periods import Period, periods

_KINDS = {
    "10-k": r"10[\s-]?k(?:/a)?",
    "10-q": r"10[\s-]?q(?:/a)?|quarterly\s+report",
    "8-k": r"8-?k(?:/a)?|current\s+report",
    "20-f": r"20-?f",
    "40-f": r"40-?f",
    "6-k": r"6-?k",
    "11-k": r"11-?k",
    "annual report": r"annual\s+report",
    "proxy": r"def\s?14a|proxy(?:\s+statement)?",
    "earnings": r"earnings(?:\s+(?:release|report|call|presentation))?",
    "statement": r"statement",
    "guideline": r"guidelines?|guidance",
    "policy": r"polic(?:y|ies)",
    "regulation": r"regulations?|\d+\s?cfr",
    "label": r"label(?:ling|ing)?|package\s+(?:insert|leaflet)",
    "report": r"report|(?:discharge\s+)?summary",
}
KINDS = tuple(_KINDS)
ANNUAL = frozenset({"10-k", "20-f", "40-f", "annual report"})
"""Reports of a year with the two before it beside it (17 CFR 210.3-02: income of three years)."""
EVENTS = frozenset({"8-k", "6-k", "proxy"})
"""Filings about one event: dated in a year without reporting on it."""
FILINGS = ANNUAL | EVENTS | {"10-q", "11-k", "earnings"}
"""One issuer's, about one period: who names both means no other document."""

_KIND = re.compile(
    rf"(?<!\w)(?:{'|'.join(f'({pattern})' for pattern in _KINDS.values())})(?!\w)", re.IGNORECASE
)
_ASKED = {
    r"\b10-?k\b|\bannual filing\b": frozenset({"10-k"}),
    r"\bannual report\b": ANNUAL,
    r"\b10-?q\b|\bquarterly (?:report|filing)\b": frozenset({"10-q"}),
    r"\b8-?k\b|\bcurrent report\b": frozenset({"8-k"}),
    r"\b20-?f\b": frozenset({"20-f"}),
    r"\b40-f\b": frozenset({"40-f"}),
    r"\b6-k\b": frozenset({"6-k"}),
    r"\b11-?k\b": frozenset({"11-k"}),
    r"\bproxy statement\b|\bdef ?14a\b": frozenset({"proxy"}),
    r"\bearnings (?:release|report|call|presentation)\b": frozenset({"earnings"}),
}
_WORD = re.compile(r"[^\W_]+")
_NOISE = frozenset(
    """
    ag and co company corp corporation dated ended final fiscal for form full group holding holdings inc
    incorporated limited llc ltd nv of on period plc press quarter release sa se sec the to year
    """.split()
)


@dataclass(frozen=True, slots=True)
class Card:
    """One document's title, read.

    Attributes:
        issuer: words of the name before (else after) period and kind, lower-case; empty where none is left.
        period: year or quarter reported on; None where the title has none.
        dated: the day in the title, where it has one.
        kind: one of `KINDS`, or None.
    """

    issuer: tuple[str, ...] = ()
    period: Period | None = None
    dated: Period | None = None
    kind: str | None = None

    @property
    def name(self) -> str:
        """The issuer written together: `bestbuy`."""
        return "".join(self.issuer)

    @property
    def recency(self) -> tuple[int, int]:
        """Year and quarter for sorting; a whole year ends with its fourth quarter."""
        period = self.period or self.dated
        return (0, 0) if period is None else (period.year, period.quarter or 4)


def card(title: str) -> Card:
    """What a title says."""
    text = title.replace("_", " ").replace(" dated-", " dated ")
    found = periods(text)
    kind = _KIND.search(text)
    spans = [(one.start, one.end) for one in found] + ([kind.span()] if kind else [])
    if not spans:
        return Card()
    dated = next((one.period for one in found if one.period.day), None)
    period = next((one.period for one in found if not one.period.day), None)
    return Card(
        issuer=_issuer(text, sorted(spans)),
        period=period or (Period(dated.year) if dated else None),
        dated=dated,
        kind=None if kind is None or kind.lastindex is None else KINDS[kind.lastindex - 1],
    )


def kinds(question: str) -> frozenset[str]:
    """Kinds of filing a question asks for by name; empty where it names none."""
    text = question.replace("_", " ")
    return frozenset(
        kind for pattern, meant in _ASKED.items() if re.search(pattern, text, re.IGNORECASE) for kind in meant
    )


def kind_of(written: str) -> str | None:
    """The kind a filter names, such as `10K` or `Annual report`; None where it names none."""
    match = _KIND.fullmatch(written.strip())
    return None if match is None or match.lastindex is None else KINDS[match.lastindex - 1]


def words(text: str) -> list[str]:
    """Words as an issuer's name is compared: lower-case, without legal form."""
    return [word for found in _WORD.findall(text) if (word := found.lower()) not in _NOISE]


def _issuer(text: str, spans: list[tuple[int, int]]) -> tuple[str, ...]:
    """What stands before the first of the spans, else after the last."""
    return tuple(words(text[: spans[0][0]]) or words(text[spans[-1][1] :]))
