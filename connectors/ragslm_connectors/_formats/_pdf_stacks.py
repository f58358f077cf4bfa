"""Column headings that are written in several short lines over a table, each over its values."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ragslm_connectors._formats._pdf_lines import Cell, Line
from ragslm_connectors._formats._rows import is_value

LONGEST_LINE = 90
"""Characters of a line that may belong to a table's headings or be a row's label."""
_LONGEST_HEADING = 72
_LINES = 24  # drawn above a table, at most, to look for headings
_HEIGHT = 7.0  # and how far above it, in line heights
_WIDEST = 1.25  # of the distance between two columns: what is wider stands over several
_BESIDE = 0.45  # of that distance, between the middles of a column and its heading
_GAP = 2.2  # line heights between two of them, at most

Level = tuple[float, list[Cell]]
"""Lower edge in points, and the cells that stand there."""


@dataclass(slots=True)
class Column:
    """A value column: its heading and where it stands, in points."""

    heading: str
    left: float
    right: float

    @property
    def middle(self) -> float:
        """Half way between its edges."""
        return (self.left + self.right) / 2


def stacked(lines: Sequence[Line], first: int) -> list[Column]:
    """Columns of the table whose first row is `first`, empty if their headings are not sure.

    A part that stands over one column is its own; parts over several columns are shared out among all.
    """
    values = [cell for cell in lines[first].cells if is_value(cell.text)]
    if len(values) < 2 or len(values) < len(lines[first].cells) - 1:
        return []
    columns = [Column("", cell.left, cell.right) for cell in values]
    own: list[list[Cell]] = [[] for _ in columns]
    levels = _levels(lines, first, columns)
    for level in (cells for _, cells in levels):
        places = [_place(cell, columns) for cell in level]
        over_groups = _spans(level, columns) and _is_apart(level, levels)
        if None not in places and len(level) > 1 and not over_groups:
            for cell, place in zip(level, places, strict=True):
                own[place or 0].append(cell)
        elif len(level) > 1:  # a part alone stands over all columns alike
            for column, parts in zip(columns, own, strict=True):
                parts.append(min(level, key=lambda c: abs((c.left + c.right) / 2 - column.middle)))
        elif places[0] is not None:
            own[places[0]].append(level[0])
    for column, parts in zip(columns, own, strict=True):
        column.heading = " ".join(cell.text for cell in reversed(parts))
    return columns if are_sure(columns) else []


def are_sure(columns: Sequence[Column]) -> bool:
    """Every column has a heading of its own, of a heading's length."""
    headings = [column.heading for column in columns]
    return len(set(headings)) == len(headings) and all(0 < len(h) <= _LONGEST_HEADING for h in headings)


def _place(cell: Cell, columns: Sequence[Column]) -> int | None:
    """The one column that the cell stands over; None if it reaches over more or stands between two."""
    pitch = min(b.middle - a.middle for a, b in pairwise(columns))
    middle = (cell.left + cell.right) / 2
    best = min(range(len(columns)), key=lambda i: abs(columns[i].middle - middle))
    wide = cell.right - cell.left > _WIDEST * pitch
    return None if wide or abs(columns[best].middle - middle) > _BESIDE * pitch else best


def _spans(level: Sequence[Cell], columns: Sequence[Column]) -> bool:
    """Whether the parts of a level stand over the middles of equal groups of columns, such as years."""
    size, rest = divmod(len(columns), len(level))
    if rest or size < 2:
        return False
    for number, cell in enumerate(sorted(level, key=lambda cell: cell.left)):
        group = columns[number * size : (number + 1) * size]
        middle = (group[0].middle + group[-1].middle) / 2
        if abs((cell.left + cell.right) / 2 - middle) > 0.5 * (group[1].middle - group[0].middle):
            return False
    return True


def _is_apart(level: Sequence[Cell], levels: Sequence[Level]) -> bool:
    """Whether a level shares its height with no other: the lines of headings beside each other do."""
    word = level[0].words[0]
    return all(
        abs(bottom - word.bottom) > 0.75 * word.height for bottom, cells in levels if cells is not level
    )


def _levels(lines: Sequence[Line], first: int, columns: Sequence[Column]) -> list[Level]:
    """Short cells over the columns in the few lines over the row, by lower edge, nearest first. A line of
    labels between them, such as `ASSETS`, is no gap.
    """
    row = lines[first]
    left = columns[0].left - min(b.middle - a.middle for a, b in pairwise(columns))
    levels: list[Level] = []
    for line in reversed(lines[max(0, first - _LINES) : first]):
        above = line.bottom - row.top
        if line.is_row or len(line.text) > LONGEST_LINE or not -row.height < above < _HEIGHT * row.height:
            break
        over = [cell for cell in line.cells if cell.left >= left]
        if not over:
            levels.append((line.bottom, []))
        for cell in over:
            level = next((cells for y, cells in levels if abs(y - line.bottom) < 0.25 * line.height), None)
            if level is None:
                levels.append((line.bottom, [cell]))
            else:
                level.append(cell)
    levels.sort(key=lambda pair: pair[0])
    kept: list[Level] = []
    last = row.top
    for bottom, cells in levels:
        if bottom - last > _GAP * row.height:
            break
        if cells:
            kept.append((bottom, cells))
        last = bottom
    return kept
