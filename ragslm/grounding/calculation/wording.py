"""A calculation in words: what was asked, the result with its unit, and the formula with its operands."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal

from ragslm._periods import Period
from ragslm.grounding.calculation.expression import Expression, evaluate
from ragslm.grounding.calculation.extremes import Placed, Wanted, ranked, wanted
from ragslm.grounding.calculation.operands import Operand, operands
from ragslm.grounding.calculation.quantities import BARE, CalculationError, Quantity
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


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence, the units it rests on, and its formula in pieces as `formula` gives it."""

    text: str = field(repr=False)
    units: tuple[Unit, ...] = field(repr=False)
    pieces: tuple[str | Unit, ...] = field(repr=False)


def worked(
    called: str,
    when: Sequence[Period],
    expression: Expression,
    found: Mapping[str, Operand],
    *,
    percent: bool,
) -> tuple[Decimal, Told]:
    """The value of a measure, and how it is told.

    Args:
        called: the measure.
        when: years that it is of.
        expression: over the names of `found`.
        found: its values.
        percent: whether a pure number is told in per cent.

    Raises:
        CalculationError: units do not go together, it divides by zero, or it is larger than any amount.
    """
    result = evaluate(expression, {key: one.quantity for key, one in found.items()})
    pieces = _rendered(expression, dict(found), 0)
    like = next((one for one in found.values() if one.quantity.dimension == result.dimension), None)
    if not result.dimension:
        share, inexact = shown(result.value * 100)
        text, rounded = (f"{share} %", inexact) if percent else shown(result.value)
        if not percent and abs(result.value) < 1:
            text, rounded = f"{text} ({share} %)", rounded or inexact
    elif like is not None and like.cell.factor != 1:
        text, rounded = _amount(result.value / like.cell.factor, like, signed=False)
    else:
        raise CalculationError("It has a unit that nobody asks for, or no scale.")
    plain = "".join(part for part in pieces if isinstance(part, str))
    name = called[:1].upper() + called[1:]
    sentence = f"{name} in {_listed(list(map(str, when)))}: {text} ({plain}{', rounded' if rounded else ''})."
    units = tuple(one.unit for one in found.values())
    return result.value, Told(sentence, units, (*pieces, f" = {text}"))


def compared(question: str, units: Sequence[Unit]) -> Told | None:
    """Which of several is the most, if the question asks for that and a table compares them."""
    asked = wanted(question)
    found = ranked(asked, operands(units)) if asked else None
    if asked is None or found is None:
        return None
    first, *others = found.things
    grew = asked.by != ("value",)
    word = (
        ("grew most" if asked.more else "fell most") if grew else "is highest" if asked.more else "is lowest"
    )
    when = f"{'from' if grew else 'in'} {' to '.join(map(str, asked.when))}"
    then = "; ".join(f"{one.called}: {_placed_figure(asked, one)}" for one in others)
    share, of_total = ("", ()) if grew or found.total is None else _share(first, found.total)
    figure = f"{_placed_figure(asked, first)}{share}"
    text = f"{first.called} {word} of {len(found.things)} {when}: {figure} ({then})."
    sign = " > " if asked.more else " < "
    pieces: list[str | Unit] = []
    for one in found.things:
        pieces += [f"{sign if pieces else ''}{_placed_figure(asked, one)}", *_units_of(one)]
    cited = [operand.unit for one in found.things for operand in one.operands]
    cited += [piece for piece in of_total if isinstance(piece, Unit)]
    return Told(text, tuple(cited), (*pieces, *of_total))


def _share(first: Placed, total: Placed) -> tuple[str, tuple[str | Unit, ...]]:
    """What share of the total the first is, where that means something: in words, and in pieces."""
    if not 0 < first.value <= total.value:
        return "", ()
    one, whole = first.operands[0], total.operands[0]
    share, _ = shown(first.value / total.value * 100)
    figure, _ = _amount(total.value, whole, signed=False)
    pieces = (f"; {_written(one)}", one.unit, f" ÷ {_written(whole)}", whole.unit, f" = {share} %")
    return f", {share} % of {figure}", pieces


def _units_of(one: Placed) -> list[Unit]:
    return list({operand.unit.label: operand.unit for operand in one.operands}.values())


def _placed_figure(asked: Wanted, one: Placed) -> str:
    if asked.by[0] == "share":
        text, _ = shown(one.value * 100)
        return f"{_plus(one.value)}{text} %"
    return _amount(one.value, one.operands[0], signed=asked.by != ("value",))[0]


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
        mean = ("(", *_joined(inside, " + "), f") ÷ {len(inside)}")
        return ("(", *mean, ")") if rank > _RANK["/"] else mean
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
