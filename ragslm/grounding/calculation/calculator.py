"""Answers a question that asks for a calculation: the values are the sources', the arithmetic is code's.

Rules find the values where only one reading is possible. Where several are left a model may choose among them
by proposing an expression; what it proposes must be one of these readings, so that a value of another row or
period is rejected whatever the model thinks.
"""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from ragslm._sentences import content_words
from ragslm.grounding.calculation.asked import Asked, Side, asked, asked_by_name
from ragslm.grounding.calculation.decisions import decision
from ragslm.grounding.calculation.doses import prescribed
from ragslm.grounding.calculation.expression import Expression, evaluate, parse
from ragslm.grounding.calculation.measures import Measures
from ragslm.grounding.calculation.named import NamedRatio
from ragslm.grounding.calculation.operands import Operand, operands
from ragslm.grounding.calculation.quantities import BARE, CalculationError, Quantity
from ragslm.grounding.calculation.readings import Reading, has, readings, value_of
from ragslm.grounding.calculation.reported import Reported
from ragslm.grounding.calculation.stated import names, states
from ragslm.grounding.calculation.statements import Statements
from ragslm.grounding.calculation.wording import compared, formula, sentence
from ragslm.grounding.reading.measures import is_currency
from ragslm.protocols import Grounded, Unit
from ragslm.types import Passage, Verdict

Propose = Callable[[Mapping[str, str]], str | None]

OFFERED = 24
"""Values a model chooses among: more cost seconds of reading on a CPU, and the choice gets no better."""

_WHOLE = frozenset(content_words("total consolidated"))
"""Stems that a row may add to a caption without meaning another figure."""
_CALCULATED = Verdict(True, 1.0)
_PRIMES = tuple(map(Decimal, (101, 211, 307, 401, 503, 601, 701, 809, 907, 1009, 1103, 1201)))
_CLOSE = Decimal("1e-30")


class EvidenceCalculator:
    """Implements `protocols.Calculator` over the units of the evidence.

    Args:
        ratios: those that the domain knows by a name.
        named: puts their names in the place of a question's terms.
        measures: those worked out from the statements of a report.
    """

    def __init__(
        self,
        ratios: Sequence[NamedRatio] = (),
        named: Callable[[str], str] = str,
        measures: Measures | None = None,
    ) -> None:
        self._ratios = ratios
        self._named = named
        self._reported = Reported(measures or Measures({}, Statements({})))

    def values(self, question: str, search: Callable[[str], Sequence[Passage]]) -> list[Passage]:
        """Passages with values that a measure is worked out from; see the protocol."""
        return self._reported.values(question, search)

    def calculate(
        self, question: str, units: Sequence[Unit], propose: Propose | None = None, *, quoted: bool = True
    ) -> Grounded | None:
        """The result as a sentence with its formula, or None; see the protocol."""
        found = self._reported.told(question, units, quoted=quoted) or compared(question, units)
        if found is not None:
            return _calculated(found.text, found.units, found.pieces)
        wordings = dict.fromkeys((question, self._named(question)))
        told = (self._told(wording, units, propose, quoted=quoted) for wording in wordings)
        return next(filter(None, told), None)

    def quotable(self, question: str, units: Sequence[Unit]) -> list[Unit]:
        """Units that may answer where nothing was calculated; see the protocol."""
        return self._reported.naming(question, units)

    def _told(
        self, question: str, units: Sequence[Unit], propose: Propose | None, *, quoted: bool
    ) -> Grounded | None:
        """The same for one wording of the question."""
        wanted = asked(question)
        if wanted is not None:
            reading = self._reading(wanted, units, propose)
            return _told(wanted, reading, units if quoted else ()) if reading else None
        return self._decided(question, units) or self._by_name(question, units)

    def _decided(self, question: str, units: Sequence[Unit]) -> Grounded | None:
        """Yes or no, and the calculation that says so."""
        wanted = decision(question, self._ratios)
        if wanted is None:
            return None
        found = operands(units)
        steps = [_agreed(ways, found) for ways in wanted.steps]
        told = [(one, _value(one)) for one in steps if one is not None]
        values = [result.value for _, result in told if result is not None]
        if len(values) < len(steps):
            return None
        return _concluded("Yes" if wanted.yes(values) else "No", [(r, v) for r, v in told if v is not None])

    def _by_name(self, question: str, units: Sequence[Unit]) -> Grounded | None:
        """The ratio that the question names, if all ways to work it out that the rows allow say the same."""
        ways = asked_by_name(question, self._ratios)
        if not ways or names(question, self._ratios, units):
            return None
        reading = _agreed(ways, operands(units))
        return _told(ways[0], reading, units) if reading else None

    def _reading(self, wanted: Asked, units: Sequence[Unit], propose: Propose | None) -> Reading | None:
        """The only reading there is, or the one that a model chooses among several."""
        if wanted.kind == "daily":
            return _only(prescribed(wanted, units))
        every = readings(wanted, operands(units))
        sure = [reading for reading in every if reading.strict]
        if sure or propose is None:
            return _only([reading for reading in sure if _has_all(reading, wanted)] or sure)
        return proposed(every, propose)


def _agreed(ways: Sequence[Asked], found: Sequence[Operand]) -> Reading | None:
    """The reading that needs no guess, if all ways to work it out that the rows allow say the same. A ratio
    and a comparison hold in any scale: of two tables with the same figures, the one that declares its counts.
    """
    exact = [one for way in ways for one in readings(way, found) if _exact(one, way)]
    exact = [one for one in exact if one.strict] or exact
    exact.sort(key=lambda one: -one.operands[0].cell.factor)
    values = {tuple((operand.cell.value, operand.cell.unit) for operand in one.operands) for one in exact}
    return exact[0] if len(values) == 1 else None


def _has_all(reading: Reading, wanted: Asked) -> bool:
    """Whether its rows have every word asked for, those too that a row may leave out: where a total is asked
    for, a row that says so is meant, and not one of its parts in another table.
    """
    return all(
        has(word, operand.words) for operand, side in _sided(reading, wanted) for word in side.optional
    )


def _sided(reading: Reading, way: Asked) -> list[tuple[Operand, Side]]:
    """Each operand with what is asked of its row."""
    sides = way.sides if len(way.sides) > 1 else way.sides * len(reading.operands)
    return list(zip(reading.operands, sides, strict=True))


def _exact(reading: Reading, way: Asked) -> bool:
    """Whether every word of its rows was asked for: "cost of revenue" is not the revenue of a margin."""
    return all(
        has(word, side.words | side.optional | _WHOLE)
        for operand, side in _sided(reading, way)
        for word in operand.words
    )


def _told(wanted: Asked, reading: Reading, units: Sequence[Unit]) -> Grounded | None:
    """A reading as a sentence with its formula; None if it has no value or a source states it."""
    result = _value(reading)
    if result is None or states(wanted, reading, result, units):
        return None
    return _calculated(sentence(reading, result), _units_of([reading]), formula(reading, result))


def _concluded(word: str, told: Sequence[tuple[Reading, Quantity]]) -> Grounded:
    """A yes or no before the calculations that it follows from."""
    text = " ".join(sentence(reading, result) for reading, result in told)
    pieces = [piece for reading, result in told for piece in ("; ", *formula(reading, result))]
    return _calculated(f"{word}. {text}", _units_of([reading for reading, _ in told]), tuple(pieces[1:]))


def _units_of(used: Sequence[Reading]) -> list[Unit]:
    return [unit for one in used for unit in (*(operand.unit for operand in one.operands), *one.also)]


def _calculated(text: str, used: Sequence[Unit], pieces: tuple[str | Unit, ...]) -> Grounded:
    cited = {unit.label: unit for unit in used}
    return Grounded(
        text=text,
        units=tuple(cited.values()),
        verdict=_CALCULATED,
        origin="calculated",
        formula=pieces,
    )


def _value(reading: Reading) -> Quantity | None:
    """None if it divides by zero, mixes units, or is larger than any amount."""
    try:
        return value_of(reading)
    except CalculationError:
        return None


def proposed(every: Sequence[Reading], propose: Propose) -> Reading | None:
    """The reading that a model's expression is; None if it is none of them or no expression."""
    offered = {one.name: one for reading in every for one in reading.operands}
    if not offered or len(offered) > OFFERED:
        return None
    text = propose({name: _described(operand) for name, operand in offered.items()})
    try:
        chosen = parse(text) if text else None
    except CalculationError:
        return None
    return next((one for one in every if chosen and _is(chosen, one)), None)


def _is(chosen: Expression, reading: Reading) -> bool:
    """Whether an expression is a reading's own, however it is written; a percentage may be times 100."""
    if set(chosen.names) != {one.name for one in reading.operands}:
        return False
    factors = {"growth": (1, 100), "ratio": (1, 100), "change": (1, -1), "difference": (1, -1)}
    for primes in (_PRIMES, _PRIMES[::-1]):
        values = {one.name: Quantity(prime) for one, prime in zip(reading.operands, primes, strict=False)}
        try:
            is_, wanted = evaluate(chosen, values).value, evaluate(reading.expression, values).value
        except CalculationError:
            return False
        if not any(abs(is_ - wanted * factor) < _CLOSE for factor in factors.get(reading.kind, (1,))):
            return False
    return True


def _only(found: Sequence[Reading]) -> Reading | None:
    """The one reading, or the first of several that say the same: a currency that one of them leaves out is
    no difference.
    """
    values = {tuple((one.cell.value, one.cell.factor) for one in r.operands) for r in found}
    units = {tuple(one.cell.unit for one in r.operands) for r in found}
    named = {one for one in units if not set(one) <= {BARE}}
    alike = len(units) == 1 or (len(named) == 1 and all(is_currency(unit) for unit in next(iter(named))))
    return found[0] if len(values) == 1 and alike else None


def _described(operand: Operand) -> str:
    when = ", ".join(map(str, operand.periods))
    return f"{operand.text} ({', '.join(filter(None, (operand.label, when)))})"
