"""The filings a question means: by issuer, reporting period and kind.

A question that names an issuer and a period (or a kind of filing) is about those documents and no others.
Where none fits exactly the rule gives way step by step: a year is also reported in the annual reports of the
two years after it, a quarter in its year, an outlook the year before; then any filing of the issuer.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ragslm._periods import Period, periods
from ragslm.retrieval.cards import ANNUAL, EVENTS, Card, kinds

_OUTLOOK = re.compile(
    r"\b(?:expect(?:s|ed|ing|ation|ations)?|guidance|outlook|forecast(?:s|ed)?|anticipat\w+|project(?:s|ed)|"
    r"in the (?:near )?future|going forward|upcoming|next (?:year|quarter))\b",
    re.IGNORECASE,
)
_NOW = re.compile(r"\b(?:latest|recent(?:ly)?|current(?:ly)?|newest|now|today|so far)\b", re.IGNORECASE)
_ADJUSTED = re.compile(
    r"\bnon[\s-]?gaap\b|\badjusted\b|\borganic(?:ally)?\b|\bconstant[\s-]currency\b|\bcomparable\b|"
    r"\bexclud\w+\b[^.?!]*\b(?:impact|effect|items?|currency|fx)\b",
    re.IGNORECASE,
)
_REPORTED_IN = 2
"""Years after its own in which an annual report still shows a year (17 CFR 210.3-02)."""
_LEAN = 0.5
"""What a hint such as "adjusted" or "latest" adds to how far a filing is named, 0 to 1."""
_SLIGHT = 0.1


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a question says about the filings it means.

    Attributes:
        periods: years and quarters named.
        kinds: kinds of filing asked for by name; empty means any.
        outlook: asks what is to come.
        now: asks for the latest.
        adjusted: asks for measures outside the accounting rules, which earnings releases reconcile
            (17 CFR 244.100, Regulation G).
    """

    periods: tuple[Period, ...] = ()
    kinds: frozenset[str] = frozenset()
    outlook: bool = False
    now: bool = False
    adjusted: bool = False

    @classmethod
    def of(cls, question: str) -> "Wanted":
        """Read a question."""
        return cls(
            periods=tuple(found.period for found in periods(question)),
            kinds=kinds(question),
            outlook=_OUTLOOK.search(question) is not None,
            now=_NOW.search(question) is not None,
            adjusted=_ADJUSTED.search(question) is not None,
        )

    @property
    def narrows(self) -> bool:
        """Whether it says enough to leave an issuer's other filings out."""
        return bool(self.periods or self.kinds)


def fitting(cards: Mapping[int, Card], wanted: Wanted) -> set[int]:
    """Out of one issuer's filings those that fit best; all of them where none fits."""
    of_kind = {id_: card for id_, card in cards.items() if not wanted.kinds or card.kind in wanted.kinds}
    for among in (of_kind, cards) if wanted.kinds else (cards,):
        found = _in_period(among, wanted) if wanted.periods else set(among)
        if found:
            return found | {id_ for id_, card in among.items() if card.period is None}
    return set(of_kind or cards)


def leaning(cards: Mapping[int, Card], wanted: Wanted) -> dict[int, float]:
    """How much more each of one issuer's filings is meant than the others, 0 to 1."""
    newest = max((card.recency for card in cards.values()), default=(0, 0))
    years = {period.year for period in wanted.periods}
    lean = {}
    for id_, card in cards.items():
        value = 0.0
        if wanted.adjusted and card.kind == "earnings":
            value += _LEAN
        if not years and card.recency == newest:
            value += _LEAN if wanted.outlook or wanted.now else _SLIGHT
        if len(years) > 1 and card.period and card.period.year == max(years):
            value += _SLIGHT
        lean[id_] = min(1.0, value)
    return lean


def meets(card: Card, issuer: str | None, asked: Sequence[Period], kind: str | None) -> bool:
    """Whether a document meets a filter given as an argument; what is None or empty asks nothing.

    An annual report asked for is also a 10-K, a year also any quarter of it.
    """
    return (
        (issuer is None or (issuer != "" and card.name.startswith(issuer)))
        and (not asked or any(_exactly(card, period) for period in asked))
        and (kind is None or card.kind == kind or (kind == "annual report" and card.kind in ANNUAL))
    )


def _in_period(cards: Mapping[int, Card], wanted: Wanted) -> set[int]:
    """The first step of the ladder on which a filing stands."""
    for step in (_exactly, _in_year):
        found = {id_ for id_, card in cards.items() if any(step(card, period) for period in wanted.periods)}
        if found:
            about = {cards[id_].kind for id_ in found} <= EVENTS and not any(p.month for p in wanted.periods)
            more = _reporting(cards, wanted) if about or wanted.outlook else set()
            return found | more
    return _reporting(cards, wanted)


def _exactly(card: Card, period: Period) -> bool:
    if period.month:
        dated = card.dated
        return (
            dated is not None
            and (dated.year, dated.month) == (period.year, period.month)
            and period.day in (None, dated.day)
        )
    if card.period is None or card.period.year != period.year:
        return False
    if period.quarter:
        return card.period.quarter == period.quarter
    return not period.fiscal or card.period.quarter in (None, 4)


def _in_year(card: Card, period: Period) -> bool:
    return card.period is not None and card.period.year == period.year


def _reporting(cards: Mapping[int, Card], wanted: Wanted) -> set[int]:
    """Filings of other years that still, or already, report on a year asked for."""
    years = {period.year for period in wanted.periods}
    return {
        id_
        for id_, card in cards.items()
        if card.period
        and (
            (card.kind in ANNUAL and any(0 < card.period.year - year <= _REPORTED_IN for year in years))
            or (wanted.outlook and card.period.year + 1 in years)
        )
    }
