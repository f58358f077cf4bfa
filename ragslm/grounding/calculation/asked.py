"""Which calculation a question asks for, over what and for which periods: by rule, no model.

A question that only names such a value ("What is the current ratio?", "Why did sales increase?") asks for
none: without two periods or two things named there is nothing to calculate.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from ragslm._periods import Period, periods
from ragslm._questions import FORMAT
from ragslm._sentences import content_words, split
from ragslm.grounding.calculation import phrases
from ragslm.grounding.calculation.named import NamedRatio
from ragslm.grounding.calculation.operands import without_periods

_FROM = re.compile(r"\bfrom[\s,]+(?:[a-z]+\s+){0,3}$", re.IGNORECASE)

Kind = Literal["growth", "change", "difference", "ratio", "average", "total", "daily", "balance"]


@dataclass(frozen=True, slots=True)
class Side:
    """What a row must be about. `optional` words may be missing from it."""

    words: frozenset[str] = field(repr=False)
    optional: frozenset[str] = field(default=frozenset(), repr=False)


@dataclass(frozen=True, slots=True)
class Asked:
    """A calculation that a question asks for.

    Attributes:
        kind: which one.
        sides: what it is over: one row in several periods, or two rows.
        periods: earliest first, each once; a mean without any is over every period of its row.
        text: the question, scrubbed.
    """

    kind: Kind
    sides: tuple[Side, ...]
    periods: tuple[Period, ...]
    text: str = field(repr=False)


def asked(question: str) -> Asked | None:
    """The calculation a question asks for; None if it asks for none, or for more than one."""
    question = without_instructions(question)
    if phrases.OTHERWISE.search(question) or not phrases.ASKS.search(question):
        return None
    if phrases.DAILY.search(question):
        return Asked("daily", (side(phrases.DAILY_WORDS.sub(" ", question)),), (), question)
    if phrases.BALANCE.search(question):
        sides = tuple(Side(frozenset(content_words(words))) for words in phrases.BALANCE_WORDS)
        return Asked("balance", sides, (), question)
    found = _kinds(question)
    if len(found) != 1:
        return None
    kind, rest = found[0]
    when = _periods(question, kind)
    if kind in ("growth", "change", "average") or (kind == "total" and len(when) > 1):
        return _over_periods(kind, rest, when, question)
    if kind == "difference" and len(when) == 2:
        return _over_periods("change", phrases.DIFFERENCE.sub(" ", rest), when, question)
    return _over_sides(kind, rest, when, question)


def asked_by_name(question: str, ratios: Sequence[NamedRatio]) -> list[Asked]:
    """Every way to work out the one ratio that a question names; none if it asks for more than its value.

    All else that the question says must be said of both sides: the margin of a segment is not the group's.
    """
    question = without_instructions(question)
    named = [(ratio, match) for ratio in ratios if (match := ratio.pattern.search(question))]
    if len(named) != 1 or phrases.OTHERWISE.search(question) or not phrases.ASKS.search(question):
        return []
    ratio, match = named[0]
    rest = f"{question[: match.start()]} {question[match.end() :]}"
    when = _periods(question, "ratio")
    if len(when) > 1 or _kinds(phrases.AS_PERCENT.sub(" ", rest)):
        return []
    ways = (tuple(side(f"{part} {rest}") for part in way) for way in ratio.ways)
    return [Asked("ratio", sides, when, question) for sides in ways]


def without_instructions(question: str) -> str:
    """The sentences that ask, without those that say how to answer ("Round to one decimal.") and what a party
    used to be called.
    """
    question = phrases.FORMERLY.sub(" ", question)
    sentences = [question[start:end] for start, end in split(question)]
    asking = [one for one in sentences if not _instructs(one)]
    return " ".join(asking) if any(phrases.ASKS.search(one) for one in asking) else question


def _instructs(sentence: str) -> bool:
    """Whether it says how to answer and nothing of what: no period, no segment, no condition."""
    if not phrases.INSTRUCTION.match(sentence) or periods(sentence):
        return False
    return FORMAT.issuperset(content_words(sentence))


def in_time(period: Period) -> tuple[int, int, int, int]:
    """Sorts periods from the earliest to the latest."""
    return period.year, period.quarter or 0, period.month or 0, period.day or 0


def _kinds(question: str) -> list[tuple[Kind, str]]:
    """Kinds whose words the question has, each with the question without them."""
    rest, found = question, []
    patterns: tuple[tuple[Kind, re.Pattern[str]], ...] = (
        ("growth", phrases.GROWTH),
        ("ratio", phrases.RATIO),
        ("difference", phrases.DIFFERENCE),
        ("change", phrases.CHANGE),
        ("average", phrases.AVERAGE),
        ("total", phrases.TOTAL),
    )
    for kind, pattern in patterns:
        if pattern.search(rest):
            rest = pattern.sub(" ", rest)
            found.append((kind, question if kind in phrases.SIDES else rest))
    growth = any(kind == "growth" for kind, _ in found)
    return [(kind, text) for kind, text in found if not (growth and kind == "change")]


def _periods(question: str, kind: Kind) -> tuple[Period, ...]:
    """Periods in order of time; a range of years in a mean or total stands for every year of it."""
    named = sorted({written.period for written in periods(question)}, key=in_time)
    years = [p for p in named if p == Period(p.year, fiscal=p.fiscal)]
    if kind in ("average", "total") and len(named) == len(years) == 2 and phrases.RANGE.search(question):
        first, last = named
        return tuple(Period(year, fiscal=first.fiscal) for year in range(first.year, last.year + 1))[:12]
    return tuple(named)


def _over_periods(kind: Kind, rest: str, when: tuple[Period, ...], question: str) -> Asked | None:
    """One row in two periods, or in two and more for a mean or a total."""
    if kind in ("growth", "change") and len(when) == 1 and phrases.YEAR_BEFORE.search(question):
        when = (replace(when[0], year=when[0].year - 1), *when)
        rest = phrases.YEAR_BEFORE.sub(" ", rest)
    wanted = 2 if kind in ("growth", "change") else len(when)
    every = kind == "average" and not when
    if (len(when) < 2 and not every) or len(when) != wanted or len({p.quarter is None for p in when}) > 1:
        return None
    if kind in ("growth", "change") and _backwards(question, when[-1]):
        return None
    if re.search(r"\b(?:did|has|have)\b", question, re.IGNORECASE):
        rest = phrases.VERBS.sub(" ", rest)
    row = side(phrases.SPAN.sub(" ", rest))
    return Asked(kind, (row,), when, question) if row.words or row.optional else None


def _backwards(question: str, later: Period) -> bool:
    """Whether it goes "from 2019 to 2018": which sign is meant cannot be told.

    "From the UK in 2019 from 2018" does not: the last "from" is that of the period.
    """
    begins = [written.period for written in periods(question) if _FROM.search(question[: written.start])]
    return later in begins[-1:]


def _over_sides(kind: Kind, rest: str, when: tuple[Period, ...], question: str) -> Asked | None:
    """Two rows of one period, or of none where the source has none."""
    if len(when) > 1 or kind not in phrases.SIDES:
        return None
    plain = " ".join(without_periods(rest).rstrip("? ").split())
    for pattern in phrases.SIDES[kind]:
        if match := pattern.search(plain):
            shared = match.groupdict().get("s") or ""
            sides = tuple(side(f"{match[name]} {shared}") for name in ("a", "b"))
            if all(one.words or one.optional for one in sides) and sides[0] != sides[1]:
                return Asked(kind, sides, when, question)
            return None
    return None


def side(text: str) -> Side:
    """What a row must be about, by the words that name it."""
    words = frozenset(content_words(without_periods(text))) - phrases.FILLER
    return Side(words - phrases.OPTIONAL, words & phrases.OPTIONAL)
