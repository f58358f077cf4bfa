"""Expressions: whatever is written, they evaluate exactly or fail in their own way."""

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ragslm.grounding.calculation.expression import Expression, combine, constant, evaluate, name, parse
from ragslm.grounding.calculation.quantities import CalculationError, Quantity, quantity

VALUES = {
    "v1": quantity(Decimal("31657")),
    "v2": quantity(Decimal("32765")),
    "v3": quantity(Decimal(50), "percent"),
}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("v2 - v1", "1108"),
        ("(v2 - v1) / v1", "0.0350001579429510061"),
        ("v2 / v1 * 100 - 100", "3.50001579429510061"),
        ("avg(v1, v2)", "32211"),
        ("v1 + v2 - v1", "32765"),
        ("v2 − v1", "1108"),  # signs as people write them
        ("v2 ÷ v2 × 12", "12"),
        ("((v1))", "31657"),
        ("100 - 12 * 2", "76"),  # products before sums
    ],
)
def test_evaluates(text, value):
    assert abs(evaluate(parse(text), VALUES).value - Decimal(value)) < Decimal("1e-15")


@pytest.mark.parametrize(
    "text",
    [
        "", "v", "v2 -", "(v1", "v1)", "v1 v2", "7.5", "v1 * 1.05", "13 * v1", "avg()", "avg", "v1 ** v2",
        "__import__('os')", "v1; v2", "-v1", "(" * 9 + "v1" + ")" * 9, "v1" + " + v1" * 200, "v٣",
    ],
)  # fmt: skip
def test_is_no_expression(text):
    with pytest.raises(CalculationError):
        parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "v1 + v3",  # dollars and per cent
        "v1 - 100",  # an amount and a pure number
        "v1 / (v2 - v2)",  # by zero
        "v9",  # not there
        "v1 * v1 * v1 * v1 * v1 * v1",  # beyond any amount
    ],
)
def test_cannot_be_evaluated(text):
    with pytest.raises(CalculationError):
        evaluate(parse(text), VALUES)


def test_units_go_through():
    assert evaluate(parse("v1 / v2"), VALUES).dimension == ()
    assert evaluate(parse("v1 * v3"), VALUES).dimension == (("bare", 1), ("percent", 1))
    assert quantity(Decimal(5), "mass/time").dimension == (("mass", 1), ("time", -1))


@given(st.text(alphabet="v123()+-*/ ,avg0", max_size=60))
def test_nothing_but_its_own_error(text):
    with suppress(CalculationError):
        evaluate(parse(text), VALUES)


TREES = st.recursive(
    st.sampled_from([name("v1"), name("v2"), constant(100), constant(2)]),
    lambda inner: st.builds(combine, st.sampled_from("+-*/"), inner, inner),
    max_leaves=6,
)
PLAIN = {one: Quantity(VALUES[one].value) for one in ("v1", "v2")}


def written(one: Expression) -> str:
    if one.operator is None:
        return one.name or str(one.constant)
    return "(" + f" {one.operator} ".join(written(part) for part in one.parts) + ")"


def reference(one: Expression) -> Decimal:
    if one.operator is None:
        return PLAIN[one.name].value if one.name else Decimal(one.constant)
    left, right = (reference(part) for part in one.parts)
    return {"+": left.__add__, "-": left.__sub__, "*": left.__mul__, "/": left.__truediv__}[one.operator](
        right
    )


@given(TREES)
def test_result_is_decimals_own(tree):
    try:
        expected = reference(tree)
    except ArithmeticError:
        expected = None
    try:
        result = evaluate(parse(written(tree)), PLAIN).value
    except CalculationError:
        return
    assert expected is not None
    assert abs(result - expected) <= max(abs(expected), Decimal(1)) * Decimal("1e-18")
