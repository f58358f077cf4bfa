"""Expressions over named operands: the only thing a model may propose, read and evaluated in code.

    sum  ::= product (("+" | "-") product)*        product ::= atom (("*" | "/") atom)*
    atom ::= NAME | CONSTANT | "(" sum ")" | "avg(" sum ("," sum)* ")"

Names are `v1`, `v2`, …; constants are 100 and the small counts of `CONSTANTS`, so that no number enters that
is not in a source.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Literal

from ragslm.grounding.calculation.quantities import CalculationError, Quantity

CONSTANTS = frozenset({1, *range(2, 13), 24, 100, 365})
"""Counts of things, months, hours and days, and the hundred of a percentage."""

LONGEST = 400
"""Characters of an expression."""

DEEPEST = 8
"""Brackets inside brackets."""

_TOKEN = re.compile(r"\s*(?:(v\d{1,4})|(\d{1,6})|(avg)\b|([-+*/×÷−(),]))", re.ASCII)
_SIGNS = {"×": "*", "÷": "/", "−": "-"}

Operator = Literal["+", "-", "*", "/", "avg"]


@dataclass(frozen=True, slots=True)
class Expression:
    """A name, a constant, or an operator over parts."""

    operator: Operator | None = None
    parts: tuple["Expression", ...] = ()
    name: str | None = field(default=None)
    constant: int | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Operands in order of first appearance."""
        own = (self.name,) if self.name else ()
        return tuple(dict.fromkeys((*own, *(name for part in self.parts for name in part.names))))


def name(operand: str) -> Expression:
    """An operand."""
    return Expression(name=operand)


def combine(operator: Operator, *parts: Expression) -> Expression:
    """An operator over parts."""
    return Expression(operator, parts)


def constant(value: int) -> Expression:
    """One of `CONSTANTS`."""
    return Expression(constant=value)


def renamed(expression: Expression, names: Mapping[str, str]) -> Expression:
    """The same over other names."""
    if expression.name is not None:
        return name(names[expression.name])
    return replace(expression, parts=tuple(renamed(part, names) for part in expression.parts))


def parse(text: str) -> Expression:
    """Read an expression.

    Raises:
        CalculationError: it is not in the language above, too long or too deep.
    """
    if len(text) > LONGEST:
        raise CalculationError("The expression is too long.")
    return _Reader(text).whole()


def evaluate(expression: Expression, operands: Mapping[str, Quantity]) -> Quantity:
    """Its exact value.

    Raises:
        CalculationError: an operand is unknown, units do not go together, it divides by zero, or it is larger
            than any amount.
    """
    if expression.name is not None:
        if expression.name not in operands:
            raise CalculationError("The expression names an operand that is not there.")
        return operands[expression.name]
    if expression.constant is not None:
        return Quantity(Decimal(expression.constant))
    values = [evaluate(part, operands) for part in expression.parts]
    result = values[0]
    for value in values[1:]:
        result = _apply("+" if expression.operator == "avg" else expression.operator, result, value)
    return result / Quantity(Decimal(len(values))) if expression.operator == "avg" else result


def _apply(operator: str | None, left: Quantity, right: Quantity) -> Quantity:
    if operator == "+":
        return left + right
    if operator == "-":
        return left - right
    return left * right if operator == "*" else left / right


class _Reader:
    """Recursive descent over the tokens."""

    def __init__(self, text: str) -> None:
        self._tokens = _tokens(text)
        self._at = 0

    def whole(self) -> Expression:
        found = self._sum(0)
        if self._at != len(self._tokens):
            raise CalculationError("The expression goes on after its end.")
        return found

    def _sum(self, depth: int) -> Expression:
        return self._chain(("+", "-"), depth)

    def _chain(self, signs: tuple[Operator, ...], depth: int) -> Expression:
        """Operands joined by signs of one rank, from the left."""
        found = self._operand(signs, depth)
        while self._peek() in signs:
            sign = signs[signs.index(self._next())]
            found = combine(sign, found, self._operand(signs, depth))
        return found

    def _operand(self, signs: tuple[Operator, ...], depth: int) -> Expression:
        return self._chain(("*", "/"), depth) if "+" in signs else self._atom(depth)

    def _atom(self, depth: int) -> Expression:
        if depth > DEEPEST:
            raise CalculationError("The expression is too deep.")
        token = self._next()
        if token == "(":  # noqa: S105 - a bracket, not a password
            inside = self._sum(depth + 1)
            self._expect(")")
            return inside
        if token == "avg":  # noqa: S105
            return self._average(depth)
        if token.startswith("v"):
            return name(token)
        if token.isdigit() and int(token) in CONSTANTS:
            return constant(int(token))
        raise CalculationError("The expression has a sign or a number where none may be.")

    def _average(self, depth: int) -> Expression:
        self._expect("(")
        parts = [self._sum(depth + 1)]
        while self._peek() == ",":
            self._at += 1
            parts.append(self._sum(depth + 1))
        self._expect(")")
        return combine("avg", *parts)

    def _peek(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _next(self) -> str:
        token = self._peek()
        self._at += 1
        return token

    def _expect(self, token: str) -> None:
        if self._next() != token:
            raise CalculationError("The expression's brackets do not match.")


def _tokens(text: str) -> list[str]:
    found, position, text = [], 0, text.strip()
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise CalculationError("The expression holds a sign that means nothing.")
        token = next(group for group in match.groups() if group)
        found.append(_SIGNS.get(token, token))
        position = match.end()
    return found
