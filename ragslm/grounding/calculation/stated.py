"""Whether a source states the result itself: then it is quoted, not calculated again."""

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal

from ragslm._sentences import content_words
from ragslm.grounding.calculation.asked import Asked
from ragslm.grounding.calculation.named import NamedRatio
from ragslm.grounding.calculation.quantities import Quantity
from ragslm.grounding.calculation.readings import Reading
from ragslm.grounding.reading.numbers import numbers
from ragslm.grounding.reading.tokens import alike
from ragslm.protocols import Unit

_NAMES = {
    "ratio": frozenset(content_words("ratio percentage percent share proportion")),
    "average": frozenset(content_words("average mean")),
    "growth": frozenset(content_words("change growth increase decrease variance")),
    "change": frozenset(content_words("change increase decrease variance")),
    "difference": frozenset(content_words("difference")),
}
_DIGITS = 2
"""A figure of one digit is stated by chance."""


def states(wanted: Asked, reading: Reading, result: Quantity, units: Sequence[Unit]) -> bool:
    """Whether the operands are such values already, or a unit about them gives the result, rounded or not."""
    names = _NAMES.get(wanted.kind, frozenset())
    if any(word in operand.words for operand in reading.operands for word in names):
        return True
    figures = list(_figures(reading, result))
    own = {operand.unit.label for operand in reading.operands}
    about = [
        unit for unit in units if unit.label in own or (unit.kind == "sentence" and _about(wanted, unit))
    ]
    return any(
        _is(abs(number.value), figure) and not _is_operand(reading, unit, number.start)
        for unit in about
        for number in numbers(unit.text)
        for figure in figures
    )


def names(question: str, ratios: Sequence[NamedRatio], units: Sequence[Unit]) -> bool:
    """Whether a unit with a figure names the ratio that is asked for: then it is quoted.

    Ratios that are worked out in the same ways are one ratio with several names.
    """
    asked = [ratio.ways for ratio in ratios if ratio.pattern.search(question)]
    patterns = [ratio.pattern for ratio in ratios if ratio.ways in asked]
    return any(pattern.search(unit.text) and numbers(unit.text) for unit in units for pattern in patterns)


def says(text: str, value: Decimal) -> bool:
    """Whether a text has a value, rounded or not, in whatever scale or in per cent."""
    figures = [abs(value).scaleb(power) for power in (0, 2, -3, -6, -9)]
    return any(_is(abs(number.value), figure) for number in numbers(text) for figure in figures)


def _is_operand(reading: Reading, unit: Unit, start: int) -> bool:
    return any(one.unit.label == unit.label and one.start <= start < one.end for one in reading.operands)


def _figures(reading: Reading, result: Quantity) -> Iterable[Decimal]:
    """The result in every way a text may put it."""
    value = abs(result.value)
    yield value
    if reading.kind in ("growth", "ratio"):
        yield value * 100
    elif reading.kind != "daily":
        yield value / reading.operands[0].cell.factor
        yield from (value.scaleb(power) for power in (3, 6, 9) if reading.operands[0].cell.factor == 1)


def _is(number: Decimal, figure: Decimal) -> bool:
    """Whether a number is a figure, rounded to as many digits as it is written with."""
    digits = len(number.normalize().as_tuple().digits)
    if not number or not figure or digits < _DIGITS:
        return False
    unit = Decimal(1).scaleb(number.adjusted() - digits + 1)
    return figure.quantize(unit, ROUND_HALF_UP) == number if figure.adjusted() < 28 else False


def _about(wanted: Asked, unit: Unit) -> bool:
    words = set(content_words(unit.text))
    asked = {word for side in wanted.sides for word in side.words}
    found = sum(any(alike(word, other) for other in words) for word in asked)
    return found * 2 >= len(asked)
