"""A calculation in words: what was asked, the result with its unit, and the formula with its operands."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from ragslm.grounding.calculation.expression import Expression
from ragslm.grounding.calculation.operands import Operand
from ragslm.grounding.calculation.quantities import BARE, Quantity
from ragslm.grounding.calculation.readings import Reading, value_of
from ragslm.grounding.reading.measures import is_currency
from ragslm.protocols import Unit

DECIMALS = 2
"""Decimals of a result that is no whole number; below a tenth, as many as give two digits."""

_SIGNS = {"+": " + ", "-": " − ", "*": " × ", "/": " ÷ "}
_RANK = {"+": 1, "-": 1, "*": 2, "/": 2}


def sentence(reading: Reading, result: Quantity) -> str:
    """The result and its formula, such as `Growth of Net sales from 2017 to 2018: +3.5 % (…).`"""
    figures, rounded = _figures(reading, result)
    if has_growth(reading):
        grown, also = _growth(reading)
        figures, rounded = f"{figures}, {grown}", rounded or also
    plain = "".join(part for part in _formula(reading) if isinstance(part, str))
    return f"{_subject(reading)}: {figures} ({plain}{', rounded' if rounded else ''})."


def formula(reading: Reading, result: Quantity) -> tuple[str | Unit, ...]:
    """Formula and result in pieces: text as it stands, and after each operand the unit it stands in."""
    return (*_formula(reading), f" = {_figures(reading, result)[0]}{_of_base(reading)}")


def _of_base(reading: Reading) -> str:
    """How the percentage beside a change came about."""
    if not has_growth(reading):
        return ""
    before, after = (_written(operand) for operand in (reading.operands[0], reading.operands[-1]))
    return f"; ({after} − {before}) ÷ {before} = {_growth(reading)[0]}"


def has_growth(reading: Reading) -> bool:
    """Whether a change is told as a percentage too: from more than nothing, and of no percentage itself."""
    first = reading.operands[0].cell
    return reading.kind == "change" and first.value > 0 and first.unit != "percent"


def _growth(reading: Reading) -> tuple[str, bool]:
    grown = value_of(replace(reading, kind="growth")).value * 100
    text, rounded = shown(grown)
    return f"{_plus(grown)}{text} %", rounded


def _formula(reading: Reading) -> tuple[str | Unit, ...]:
    operands = {operand.name: operand for operand in reading.operands}
    return _rendered(reading.expression, operands, 0)


def shown(value: Decimal, decimals: int = DECIMALS) -> tuple[str, bool]:
    """A number for a reader, with a true minus, and whether it was rounded."""
    exact = value
    if value and abs(value) < Decimal("0.1"):
        decimals = max(decimals, 1 - value.adjusted())
    value = value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    text = f"{abs(value):,.{decimals}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return ("−" if value < 0 else "") + text, value != exact


def _figures(reading: Reading, result: Quantity) -> tuple[str, bool]:
    first = reading.operands[0]
    if reading.kind == "growth":
        return _growth(reading)
    if reading.kind == "ratio":
        number, one = shown(result.value)
        share, other = shown(result.value * 100)
        return f"{number} ({share} %)", one or other
    text, rounded = _amount(result.value / first.cell.factor, first, reading.kind == "change")
    return f"{text} per day" if reading.kind == "daily" else text, rounded


def _amount(value: Decimal, like: Operand, signed: bool) -> tuple[str, bool]:
    """In the unit and scale in which the source states its values."""
    cell = like.cell
    decimals = max(DECIMALS, -_exponent(cell.value))
    text, rounded = shown(abs(value), decimals)
    before, after = (cell.sign, "") if len(cell.sign) < 3 or "$" in cell.sign else ("", cell.sign)
    unit = "percentage points" if signed and cell.unit == "percent" else cell.written
    sign = "−" if value < 0 else _plus(value) if signed else ""
    return " ".join(filter(None, (f"{sign}{before}{text}", unit, after))), rounded


def _exponent(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


def _plus(value: Decimal) -> str:
    return "+" if value > 0 else ""


def _subject(reading: Reading) -> str:
    first, last = reading.operands[0], reading.operands[-1]
    when = _when(first)
    at = f" in {when}" if when else ""
    subjects: dict[str, Callable[[], str]] = {
        "growth": lambda: f"Growth of {first.label} from {when} to {_when(last)}",
        "change": lambda: f"Change in {first.label} from {when} to {_when(last)}",
        "difference": lambda: f"Difference between {first.label} and {last.label}{at}",
        "ratio": lambda: f"Ratio of {first.label} to {last.label}{at}",
        "average": lambda: f"Mean of {_over(reading.operands)}",
        "total": lambda: f"Sum of {_over(reading.operands)}",
        "daily": lambda: f"Prescribed amount of {first.label}" if first.label else "Prescribed amount",
        "balance": lambda: f"{first.label} with credits and debits{at}",
    }
    return subjects[reading.kind]()


def _over(operands: Sequence[Operand]) -> str:
    """One row over its periods, or several rows of one."""
    when = list(dict.fromkeys(_when(operand) for operand in operands))
    if len(when) > 1:
        return f"{operands[0].label} over {_listed(when)}"
    return _listed([operand.label for operand in operands]) + (f" in {when[0]}" if when[0] else "")


def _listed(words: Sequence[str]) -> str:
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else words[0]


def _when(operand: Operand) -> str:
    return str(operand.periods[0]) if operand.periods else ""


def _rendered(one: Expression, operands: dict[str, Operand], rank: int) -> tuple[str | Unit, ...]:
    if one.name is not None:
        return _written(operands[one.name]), operands[one.name].unit
    if one.operator is None:
        return (str(one.constant),)
    if one.operator == "avg":
        inside = [_rendered(part, operands, 1) for part in one.parts]
        return "(", *_joined(inside, " + "), f") ÷ {len(inside)}"
    own = _RANK[one.operator]
    left = _rendered(one.parts[0], operands, own)
    right = _rendered(one.parts[1], operands, own + 1)
    pieces = (*left, _SIGNS[one.operator], *right)
    return ("(", *pieces, ")") if own < rank else pieces


def _joined(parts: Sequence[tuple[str | Unit, ...]], sign: str) -> tuple[str | Unit, ...]:
    joined: tuple[str | Unit, ...] = parts[0]
    for part in parts[1:]:
        joined = (*joined, sign, *part)
    return joined


def _has_own_unit(operand: Operand) -> bool:
    """Whether its unit belongs to the number, unlike the scale and the currency of a whole table."""
    unit = operand.cell.unit
    return bool(operand.cell.written) and unit != BARE and not is_currency(unit)


def _written(operand: Operand) -> str:
    """The number as the source writes it, brackets as the minus they mean."""
    cell = operand.cell
    decimals = max(0, -_exponent(cell.value))
    text = f"{abs(cell.value):,.{decimals}f}"
    after = {"percent": " %"}.get(cell.unit or "", f" {cell.written}" if _has_own_unit(operand) else "")
    return f"(−{text}{after})" if cell.value < 0 else f"{text}{after}"
