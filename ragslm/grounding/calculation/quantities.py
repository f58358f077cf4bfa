"""Exact amounts with their dimension: dollars are not added to per cent, likes divided give a pure number."""

from collections import Counter
from dataclasses import dataclass
from decimal import Context, Decimal, DivisionByZero, InvalidOperation, Overflow

BARE = "bare"
"""Dimension of a number that states no unit: it goes with its likes only."""

LARGEST = Decimal(10) ** 24
"""What is larger is no amount of any document."""

# 50 digits: sums and products of amounts are exact, quotients are off by less than any rounding shows.
_CONTEXT = Context(prec=50, Emax=400, Emin=-400, traps=[DivisionByZero, InvalidOperation, Overflow])

Dimension = tuple[tuple[str, int], ...]


class CalculationError(ValueError):
    """An expression cannot be evaluated; so nothing is shown. The message holds no value."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A value and what it is a value of.

    Attributes:
        value: in base units.
        dimension: base units with their exponents, sorted; empty for a pure number.
    """

    value: Decimal
    dimension: Dimension = ()

    def __add__(self, other: "Quantity") -> "Quantity":
        self._same_as(other)
        return _checked(_CONTEXT.add(self.value, other.value), self.dimension)

    def __sub__(self, other: "Quantity") -> "Quantity":
        self._same_as(other)
        return _checked(_CONTEXT.subtract(self.value, other.value), self.dimension)

    def __mul__(self, other: "Quantity") -> "Quantity":
        dimension = _joined(self.dimension, other.dimension, 1)
        return _checked(_CONTEXT.multiply(self.value, other.value), dimension)

    def __truediv__(self, other: "Quantity") -> "Quantity":
        if other.value == 0:
            raise CalculationError("It divides by zero.")
        dimension = _joined(self.dimension, other.dimension, -1)
        return _checked(_CONTEXT.divide(self.value, other.value), dimension)

    def _same_as(self, other: "Quantity") -> None:
        if self.dimension != other.dimension:
            raise CalculationError("It adds amounts of different units.")


def quantity(value: Decimal, unit: str | None = BARE) -> Quantity:
    """An amount of one unit, such as `usd`, `mass/time` or None for a pure number.

    Raises:
        CalculationError: it is beyond any amount.
    """
    if unit is None:
        return _checked(value, ())
    above, _, below = unit.partition("/")
    return _checked(value, _joined(((above, 1),), ((below, 1),) if below else (), -1))


def _checked(value: Decimal, dimension: Dimension) -> Quantity:
    if not value.is_finite() or abs(value) > LARGEST:
        raise CalculationError("It is larger than any amount.")
    return Quantity(value, dimension)


def _joined(one: Dimension, other: Dimension, sign: int) -> Dimension:
    exponents: Counter[str] = Counter(dict(one))
    for name, exponent in other:
        exponents[name] += sign * exponent
    return tuple(sorted((name, exponent) for name, exponent in exponents.items() if exponent))
