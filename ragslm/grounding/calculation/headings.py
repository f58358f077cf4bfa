"""What stands over a table row in its passage: column headings, the label of its group, the scale."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ragslm._periods import periods
from ragslm.grounding.calculation.cells import read_cell

SEPARATOR = " | "
_SCALES = (
    (9, r"\b(?:in|US\$|[$€£])\s*billions?\b|\b(?:US\$|[$€£])\s?bn\b"),
    (
        6,
        r"\b(?:in|of)\s+millions?\b|[$€£]\s*(?:in\s+)?millions?\b|[$€£]\s?m\b|\bmillions\b"
        r"|\b(?:USD|EUR|GBP) millions?\b",
    ),
    (
        3,
        r"\b(?:in|of)\s+thousands?\b|[$€£]\s*(?:in\s+)?thousands?\b|[$€£]?\s?['’‘`]?000s?\b(?<![\d,.]000)|\bthousands\b",
    ),
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_STUB = re.compile(
    r"(?:for )?(?:the )?(?:(?:fiscal |calendar )?(?:years?|quarters?)\b"
    r"|(?:three|six|nine|twelve|\d+) (?:months|weeks)\b|(?:as )?(?:at|of)\b"
    r"|(?:january|february|march|april|may|june|july|august|september|october|november|december)\b|\()",
    re.IGNORECASE,
)
_COMPARES = re.compile(r"\bvs\b|\bversus\b|\bchange|\bincrease|\bvariance", re.IGNORECASE)
CAPTION = 160
"""Characters of the line before a table up to which it is its caption."""

_MAIN = 80
"""Characters of a line that heads a group of rows or columns."""


@dataclass(frozen=True, slots=True)
class Above:
    """Headings of a row.

    Attributes:
        columns: one heading for each value, from the top down; empty where they cannot be told.
        group: label of the group of rows that this row belongs to.
        lines: every line of the table above the first row of values, and the line before the table.
        scale: power of ten declared there or in the passage; None if there is none, or more than one.
        start: where the table begins in the passage: rows of one table share it.
    """

    columns: tuple[str, ...] = field(default=(), repr=False)
    group: str = field(default="", repr=False)
    lines: str = field(default="", repr=False)
    scale: int | None = None
    start: int = 0


def above(text: str, start: int, values: int) -> Above:
    """Headings of the row at `start` of a passage, which holds `values` numbers."""
    begin = text.rfind("\n\n", 0, start)
    begin = 0 if begin < 0 else begin + 2
    lines = text[begin:start].rstrip("\n").split("\n") if start > begin else []
    heads = [line for line in lines if is_heading(line)]
    first_row = next((i for i, line in enumerate(lines) if _has_values(line)), len(lines))
    top = [line for line in lines[:first_row] if is_heading(line) or SEPARATOR not in line]
    before = text[:begin].rstrip().rsplit("\n", 1)[-1] if begin else ""
    return Above(
        columns=_columns([*top, *(line for line in heads if line not in top)], values),
        group=_group(lines[first_row:]),
        lines="\n".join([before if len(before) <= CAPTION else "", *top]),
        scale=declared_scale("\n".join(top)) or declared_scale(text),
        start=begin,
    )


def is_heading(line: str) -> bool:
    """Whether a row holds headings: words and years, no amounts."""
    cells = line.split(SEPARATOR)
    return len(cells) > 1 and all(_is_label(cell) for cell in cells)


def declared_scale(text: str) -> int | None:
    """The one power of ten that a text declares for its bare numbers, such as 6 for "(in millions)"."""
    found = {power for power, pattern in _SCALES if re.search(pattern, text, re.IGNORECASE)}
    return found.pop() if len(found) == 1 else None


def _is_label(cell: str) -> bool:
    cell = cell.strip()
    return read_cell(cell) is None or _YEAR.fullmatch(cell) is not None


def _has_values(line: str) -> bool:
    """Whether a row holds a number that is no year, bare or after its heading."""
    cells = line.split(SEPARATOR)
    return len(cells) > 1 and any(not _is_label(cell.rpartition(": ")[2]) for cell in cells)


def _columns(heads: Sequence[str], values: int) -> tuple[str, ...]:
    """The headings of `values` columns, put together from lines with as many cells, or evenly fewer."""
    found = [""] * values
    exact = False
    for line in heads:
        cells = _without_stub([cell.strip() for cell in line.split(SEPARATOR)], values)
        if len(cells) == values + 1 and not periods(cells[0]):
            cells = cells[1:]
        if len(cells) == values:
            exact = True
        elif len(cells) < 2 or values % len(cells):
            continue
        width = values // len(cells)
        found = [f"{one} {cells[i // width]}".strip() for i, one in enumerate(found)]
    return tuple(found) if exact else ()


def _without_stub(cells: list[str], values: int) -> list[str]:
    """The cells that head columns, where as many stand there as there are values, and the first heads labels:
    `Years Ended December 31, | 2022 | 2021 | 2022 vs. 2021` is over two years, a difference and a percentage.
    """
    first, *rest = cells
    if len(cells) != values or periods(first) or not _STUB.match(first) or not any(map(periods, rest)):
        return cells
    return [*rest, rest[-1]] if _COMPARES.search(rest[-1]) else rest


def _group(lines: Sequence[str]) -> str:
    """The last line without cells; a total closes its group."""
    for line in reversed(lines):
        if SEPARATOR not in line:
            return line.strip() if len(line) <= _MAIN else ""
        if line.casefold().startswith("total"):
            return ""
    return ""
