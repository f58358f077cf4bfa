"""Every number of the evidence that may enter a calculation, with what it is a number of."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from ragslm._periods import Period, periods
from ragslm._sentences import content_words
from ragslm.grounding.calculation.cells import Cell, read_cell
from ragslm.grounding.calculation.headings import SEPARATOR, Above, above
from ragslm.grounding.calculation.quantities import BARE, Quantity, quantity
from ragslm.grounding.reading.measures import is_currency
from ragslm.protocols import Unit

PART_OF_YEAR = re.compile(
    r"\b(?:three|six|nine|[369])[- ]months?\b|\b(?:13|26|39|thirteen|twenty-six|thirty-nine)[- ]weeks?\b"
    r"|\bquarter(?:s|ly)?\b|\bQ[1-4]\b|\bhalf[- ]year\b|\bH[12]\b",
    re.IGNORECASE,
)
"""Words for a period shorter than the year that its date names."""

Table = tuple[str | int | None, ...]
"""Passage and place of a table; of one that is cut into several passages what all its rows have in common."""

_WHOLE_YEAR = re.compile(
    r"\b(?:twelve|12)[- ]months?\b|\b(?:52|53|fifty-two|fifty-three)[- ]weeks?\b|\byears?[- ]ended\b"
    r"|\bfull[- ]year\b",
    re.IGNORECASE,
)
SCALE_WORDS = {3: "thousand", 6: "million", 9: "billion"}
"""By power of ten."""
_PERIOD_HEADING = re.compile(
    r"\s*(?:(?:fiscal|financial|calendar)\s+)?(?:year|period|quarter|date|fy)\b.*", re.IGNORECASE
)
_UNSCALED = re.compile(
    r"\bper\b|%|\bratio\b|\brate\b|\bshares?\b|\bnumber of\b|\b(?:day|year|month)s\b(?!\s+ended\b)"
    r"|\bemployees\b",
    re.IGNORECASE,
)
_FOOTNOTE = re.compile(r"\(\d\)|[*†‡]")
_DECORATION = re.compile(
    r"\(\d\)|[*†‡]|(?:US)?[$€£¥]\s?(?:m|bn|k|['’‘]?000s?)?(?!\w)"
    r"|\b(?:\d+ )?(?:weeks|months) ended\b|\b(?:at|as of)\s*$",
    re.IGNORECASE,
)
_FULL_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True, slots=True)
class Operand:
    """A number of a source.

    Attributes:
        name: `v1`, `v2`, …, unique within one question.
        unit: the sentence or row it stands in.
        start: first character in `unit.text`; `end` one past the last.
        cell: value, unit and scale.
        label: the row's own words, for a reader.
        words: stems of its row and column.
        around: stems of its group, table, section and title.
        periods: the periods it is a value of, none if it says none.
        table: rows of one table share it.
        part_of_year: its column or its table is headed by a quarter or some months.
        row: what names its row; `column` what heads its column, both as they are written.
    """

    name: str
    unit: Unit
    start: int
    end: int
    cell: Cell
    label: str = field(repr=False)
    words: frozenset[str] = field(repr=False)
    around: frozenset[str] = field(repr=False)
    periods: tuple[Period, ...]
    table: Table
    part_of_year: bool = False
    row: str = field(default="", repr=False)
    column: str = field(default="", repr=False)

    @property
    def text(self) -> str:
        """As written in the source."""
        return self.unit.text[self.start : self.end]

    @property
    def quantity(self) -> Quantity:
        """In base units."""
        return quantity(self.cell.value * self.cell.factor, self.cell.unit)


def operands(units: Sequence[Unit]) -> list[Operand]:
    """Operands of all table rows, named in order. Rows whose headings cannot be told have none.

    Raises:
        CalculationError: never; amounts beyond any measure fail when they are used.
    """
    rows = [operand for unit in units if unit.kind == "row" for operand in _of_row(unit)]
    found = _in_one_scale(_in_one_currency(rows))
    return [replace(operand, name=f"v{number}") for number, operand in enumerate(found, start=1)]


def _in_one_currency(found: Sequence[Operand]) -> list[Operand]:
    """Tables write the currency on some rows only: a bare amount is in the one its table names."""
    named: dict[Table, set[tuple[str | None, str]]] = {}
    for one in found:
        if is_currency(one.cell.unit):
            named.setdefault(one.table, set()).add((one.cell.unit, one.cell.sign))
    return [_in_currency(one, named.get(one.table, set())) for one in found]


def _in_currency(one: Operand, named: set[tuple[str | None, str]]) -> Operand:
    if one.cell.unit != BARE or len(named) != 1 or _UNSCALED.search(one.label):
        return one
    unit, sign = next(iter(named))
    return replace(one, cell=replace(one.cell, unit=unit, sign=sign))


def _in_one_scale(found: Sequence[Operand]) -> list[Operand]:
    """A table declares its scale over its first rows only, and may be cut below them."""
    declared: dict[Table, set[tuple[Decimal, str]]] = {}
    for one in found:
        if one.cell.factor != 1 and not one.cell.scaled:
            declared.setdefault(one.table, set()).add((one.cell.factor, one.cell.written))
    return [_in_scale(one, declared.get(one.table, set())) for one in found]


def _in_scale(one: Operand, declared: set[tuple[Decimal, str]]) -> Operand:
    money = one.cell.unit == BARE or is_currency(one.cell.unit)
    if not money or one.cell.factor != 1 or one.cell.scaled or len(declared) != 1:
        return one
    if _UNSCALED.search(one.label):
        return one
    factor, written = next(iter(declared))
    return replace(one, cell=replace(one.cell, factor=factor, written=written))


def _table(unit: Unit, columns: Sequence[str], over: Above) -> Table:
    """Rows of one page and section under the same headings are of one table, in whatever passages."""
    passage = unit.passage
    if passage.page is None or not all(columns):
        return passage.id, over.start
    return passage.document_id, passage.page, passage.section, *columns


@dataclass(frozen=True, slots=True)
class _Part:
    """One cell: its heading, and either a number or words."""

    heading: str
    text: str
    start: int
    end: int
    cell: Cell | None


def _of_row(unit: Unit) -> Iterator[Operand]:
    parts = _dated(list(_parts(unit.text)))
    names = [part for part in parts if part.cell is None]
    values = [part for part in parts if part.cell is not None and not _is_period(part)]
    cells = [part.cell for part in parts if part.cell is not None and not _is_period(part)]
    if not values:
        return
    over = above(unit.passage.text, unit.start, len(values))
    columns = [part.heading for part in values]
    if not any(columns):
        columns = list(over.columns)
    if (not names and not any(columns)) or len(columns) != len(values):
        return
    label = " ".join(part.text for part in names).strip()
    said = [written.period for part in parts if _names_period(part) for written in periods(part.text)]
    around = " ".join(
        [unit.passage.title, unit.passage.section or "", over.group, over.lines, *(p.heading for p in names)]
    )
    for part, cell, column in zip(values, cells, columns, strict=True):
        headed = [written.period for written in periods(column)]
        yield Operand(
            name="",
            unit=unit,
            start=part.start,
            end=part.end,
            cell=_scaled(_of_kind(cell, values), f"{label} {column}", over),
            label=_label(label, column),
            words=_stems(f"{label} {column}"),
            around=_stems(around),
            periods=tuple(dict.fromkeys(headed or said)),
            table=_table(unit, columns, over),
            part_of_year=_is_part_of_year(column, over.lines),
            row=_plain(" ".join(part.text for part in names if part is parts[0] or not part.heading)),
            column=column,
        )


def _is_part_of_year(column: str, lines: str) -> bool:
    """What a column says of itself counts before what stands over the whole table."""
    own = PART_OF_YEAR.search(column) is not None
    return own or (_WHOLE_YEAR.search(column) is None and PART_OF_YEAR.search(lines) is not None)


def _parts(row: str) -> Iterator[_Part]:
    position = 0
    for written in row.split(SEPARATOR):
        heading, colon, value = written.rpartition(": ")
        if colon and read_cell(value) is None and read_cell(written) is None:
            heading, value = written.split(": ", 1)
        start = position + len(written) - len(value)
        yield _Part(heading, value.strip(), start, start + len(value.rstrip()), read_cell(value))
        position += len(written) + len(SEPARATOR)


def _dated(parts: list[_Part]) -> list[_Part]:
    """A year before cells that all have their headings names the row: `2024 | Operating Leases: $94`."""
    first, *rest = parts
    named = not first.heading and _FULL_YEAR.fullmatch(first.text) and rest and all(p.heading for p in rest)
    return [replace(first, heading="year"), *rest] if named else parts


def _is_period(part: _Part) -> bool:
    return _FULL_YEAR.fullmatch(part.text) is not None and _PERIOD_HEADING.fullmatch(part.heading) is not None


def _names_period(part: _Part) -> bool:
    return part.cell is None or _is_period(part)


def _of_kind(cell: Cell, values: Sequence[_Part]) -> Cell:
    """The cell; in a row of dollars a bare number is dollars: tables write the sign once."""
    signs = {(v.cell.unit, v.cell.sign) for v in values if v.cell and is_currency(v.cell.unit)}
    if cell.unit == BARE and len(signs) == 1:
        unit, sign = signs.pop()
        return replace(cell, unit=unit, sign=sign)
    return cell


def _scaled(cell: Cell, label: str, over: Above) -> Cell:
    """The cell under the scale its table declares; per-share amounts, rates and counts are in full."""
    if cell.unit == BARE and re.search(r"%|\bper ?cent", label):
        return replace(cell, unit="percent", written="%")
    money = cell.unit == BARE or is_currency(cell.unit)
    if not money or cell.scaled or over.scale is None or _UNSCALED.search(label):
        return cell
    return replace(cell, factor=Decimal(1).scaleb(over.scale), written=SCALE_WORDS[over.scale])


def _label(row: str, column: str) -> str:
    """Row and, where it says more than a period, column."""
    row, rest = _plain(row), _plain(without_periods(column))
    return " ".join(f"{row} {'' if rest.casefold() in row.casefold() else rest}".split()).rstrip(":")


def _plain(label: str) -> str:
    """Without footnote marks and signs of currency and scale, which the value carries."""
    return _DECORATION.sub(" ", label).strip(" ,-–")


def without_periods(text: str) -> str:
    """The text without periods and the words that only introduce them."""
    for written in reversed(periods(text)):
        text = f"{text[: written.start]} {text[written.end :]}"
    text = re.sub(
        r"\b(?:for |as (?:at|of) |in |at )?(?:the )?(?:fiscal|financial|full|calendar)?\s*"
        r"(?:years?|periods?|quarters?)\b(?:\s*(?:ended|ending|end)\b)?|\b(?:FYs?|fiscal)\b",
        " ", text, flags=re.IGNORECASE,
    )  # fmt: skip
    return " ".join(text.replace("(", " ").replace(")", " ").split()).strip(" ,.-–")


def _stems(text: str) -> frozenset[str]:
    plain = without_periods(_FOOTNOTE.sub(" ", text).replace("%", " percent "))
    return frozenset(content_words(plain))
