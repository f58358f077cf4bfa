"""Ways to fill in a calculation with operands: only those whose rows and periods are the ones asked for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

from ragslm._periods import Period
from ragslm._sentences import content_words
from ragslm.grounding.calculation.asked import Asked, Kind, Side, in_time
from ragslm.grounding.calculation.expression import Expression, combine, constant, evaluate, name
from ragslm.grounding.calculation.operands import PART_OF_YEAR, Operand
from ragslm.grounding.calculation.quantities import Quantity
from ragslm.grounding.reading.tokens import alike
from ragslm.protocols import Unit

HOURS = "hours"
"""Unit of the time between two doses."""

MOST = 12
"""Values of one mean or total."""


_NEAREST = 6
"""Rows looked at for each thing named."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A calculation with its operands in the order of its formula.

    Attributes:
        strict: nothing in it had to be guessed; only such a reading is taken without a model's choice. The
            rows of any other have every asked word in themselves: with a looser rule a model of 1.5 billion
            parameters chose a wrong one nearly as often as a right one.
        also: units that say what the values are of, cited too.
    """

    kind: Kind
    operands: tuple[Operand, ...]
    strict: bool = True
    also: tuple[Unit, ...] = ()

    @property
    def expression(self) -> Expression:
        """What is evaluated: the later value comes first in a change, the whole second in a ratio."""
        named = tuple(name(operand.name) for operand in self.operands)
        first, last = named[0], named[-1]
        if self.kind == "growth":
            return combine("/", combine("-", last, first), first)
        if self.kind == "change":
            return combine("-", last, first)
        if self.kind == "difference":
            return combine("-", first, last)
        if self.kind == "ratio":
            return combine("/", first, last)
        if self.kind == "daily":
            return combine("*", first, _per_day(self.operands[1]))
        if self.kind == "balance":
            debit = self.operands[2].cell.value
            return combine("+" if debit < 0 else "-", combine("+", first, named[1]), named[2])
        return combine("avg", *named) if self.kind == "average" else _sum(named)


def value_of(reading: Reading) -> Quantity:
    """The exact value of a reading.

    Raises:
        CalculationError: units do not go together, it divides by zero, or it is larger than any amount.
    """
    return evaluate(reading.expression, {one.name: one.quantity for one in reading.operands})


@dataclass(frozen=True, slots=True)
class _Fit:
    """How a row fits what is asked: `own` of the asked words stand in it, `away` around it, and `extra` of
    its words were not asked for. What the title names is neither: all of its document is about it.
    """

    operand: Operand
    own: int
    away: int
    extra: int

    @property
    def rank(self) -> tuple[int, int]:
        return self.away, self.extra


def readings(asked: Asked, found: Sequence[Operand]) -> list[Reading]:
    """Readings of a question, those that need no guess first; each has operands of one table."""
    if not PART_OF_YEAR.search(asked.text):
        found = [operand for operand in found if not operand.part_of_year]
    tables = dict.fromkeys(operand.table for operand in found)
    every = [
        reading
        for table in tables
        for reading in _in_table(asked, [operand for operand in found if operand.table == table])
    ]
    return sorted(every, key=lambda reading: not reading.strict)


def _in_table(asked: Asked, found: Sequence[Operand]) -> Iterator[Reading]:
    every = {operand.periods[0] for operand in found if len(operand.periods) == 1}
    if len(asked.sides) == 1 and not asked.periods:
        if not 2 <= len(every) <= MOST:
            return
        asked = replace(asked, periods=tuple(sorted(every, key=in_time)))
    slots: list[tuple[Side, Period | None]] = (
        [(asked.sides[0], period) for period in asked.periods]
        if len(asked.sides) == 1
        else [(side, asked.periods[0] if asked.periods else None) for side in asked.sides]
    )
    filled = [_candidates(side, period, found) for side, period in slots]
    if not all(filled):
        return
    if len(asked.sides) == 1:
        yield from (r for r in _series(asked.kind, filled) if _meaningful(r))
    else:
        yield from (r for r in _together(asked.kind, filled) if _meaningful(r))


def _series(kind: Kind, filled: Sequence[Sequence[_Fit]]) -> Iterator[Reading]:
    """One row in every period: the same words each time."""
    rows: dict[frozenset[str], list[_Fit]] = {}
    for fits in filled:
        for fit in fits:
            rows.setdefault(fit.operand.words, []).append(fit)
    whole = [
        fits
        for fits in rows.values()
        if len(fits) == len(filled) and len({f.operand.name for f in fits}) == len(fits)
    ]
    best = min((fits[0].rank for fits in whole), default=None)
    for fits in whole:
        sure = fits[0].rank == best and _clear(fits[0], [other[0] for other in whole if other is not fits])
        if sure or not any(fit.away for fit in fits):
            yield Reading(kind, tuple(fit.operand for fit in fits), sure)


def _together(kind: Kind, filled: Sequence[Sequence[_Fit]]) -> Iterator[Reading]:
    """Different rows of the same period, one for each side."""
    for fits in product(*(sorted(side, key=lambda fit: fit.rank)[:_NEAREST] for side in filled)):
        chosen = tuple(fit.operand for fit in fits)
        if len({one.name for one in chosen}) < len(chosen) or len({one.periods for one in chosen}) > 1:
            continue
        sure = all(_clear(fit, _others(side, fit)) for fit, side in zip(fits, filled, strict=True))
        if sure or not any(fit.away for fit in fits):
            yield Reading(kind, chosen, sure)


def _meaningful(reading: Reading) -> bool:
    """A ratio is one of likes. Growth from a loss or of a rate has more than one reading, and so has what is
    done with amounts that all stand in brackets: they may be losses, or costs.
    """
    first = reading.operands[0].cell
    if reading.kind == "growth":
        return first.value > 0 and first.unit != "percent"
    if reading.kind == "ratio":
        return reading.operands[1].cell.unit == first.unit
    if reading.kind in ("average", "total", "change"):
        return any(operand.cell.value >= 0 for operand in reading.operands)
    return True


def _others(fits: Sequence[_Fit], chosen: _Fit) -> list[_Fit]:
    return [fit for fit in fits if fit.operand.name != chosen.operand.name]


def _clear(fit: _Fit, others: Sequence[_Fit]) -> bool:
    """Whether a row is the one that is meant: it has all the words, and no other fits as well.

    A row with words of its own beyond the question is taken only where no other row has all the words.
    """
    if fit.away > fit.own:
        return False
    if fit.extra == 0 and fit.away == 0:
        return all(other.extra or other.away for other in others)
    return not others and fit.extra <= max(1, len(fit.operand.words) // 2)


def _candidates(side: Side, period: Period | None, found: Sequence[Operand]) -> list[_Fit]:
    """Values of the period with every asked word in the row or around it, one at least in the row itself; a
    row that two passages of a table hold once.
    """
    fits = (_fit(side, operand) for operand in found if _in_period(operand, period))
    each = {_stated(fit.operand): fit for fit in fits if fit is not None}
    return list(each.values())


def _stated(one: Operand) -> tuple[object, ...]:
    return one.words, one.periods, one.cell.value, one.cell.factor


def _fit(side: Side, operand: Operand) -> _Fit | None:
    asked = side.words | side.optional
    own = {word for word in asked if has(word, operand.words)}
    title = frozenset(content_words(operand.unit.passage.title))
    away = {word for word in side.words - own if not has(word, title)}
    if not own or not all(has(word, operand.around) for word in away):
        return None
    extra = sum(not has(word, asked) for word in operand.words)
    return _Fit(operand, len(own), len(away), extra)


def has(word: str, words: frozenset[str]) -> bool:
    """Whether a word or another form of it is among them."""
    return word in words or any(alike(word, other) for other in words)


def _in_period(operand: Operand, period: Period | None) -> bool:
    if period is None:
        return True
    return len(operand.periods) == 1 and _same(period, operand.periods[0])


def _same(asked: Period, stated: Period) -> bool:
    """Whether a stated period is the one asked for; a day or month may be left out, a quarter never."""
    if (asked.year, asked.quarter) != (stated.year, stated.quarter):
        return False
    pairs = ((asked.month, stated.month), (asked.day, stated.day))
    return all(one is None or other is None or one == other for one, other in pairs)


def _per_day(times: Operand) -> Expression:
    """Times a day, or the hours between two doses."""
    named = name(times.name)
    return combine("/", constant(24), named) if times.cell.written == HOURS else named


def _sum(named: Sequence[Expression]) -> Expression:
    total = named[0]
    for one in named[1:]:
        total = combine("+", total, one)
    return total
