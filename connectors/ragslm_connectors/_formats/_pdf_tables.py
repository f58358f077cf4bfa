"""Tables on a PDF page: which lines are rows, and which heading stands over which value."""

from collections.abc import Sequence

from ragslm_connectors._formats._pdf_lines import Cell, Line
from ragslm_connectors._formats._pdf_stacks import LONGEST_LINE, Column, are_sure, stacked
from ragslm_connectors._formats._rows import is_value, is_year

_LONGEST_HEADING = 60
_LINES_ABOVE = 3
_TABLE_GAP = 3.0  # line heights: the widest gap of a table of words is at least this
_ALIGNED = 0.7  # line heights by which a continued column's right edge may vary


def mark_rows(lines: Sequence[Line]) -> list[bool]:
    """Which lines belong to a table: rows, and the short lines between two rows."""
    rows = [line.is_row for line in lines]
    marked = list(rows)
    for index, line in enumerate(lines):
        if rows[index] or len(line.text) > LONGEST_LINE:
            continue
        before = any(rows[max(0, index - 2) : index])
        after = any(rows[index + 1 : index + 3])
        marked[index] = before and after and _near(lines, index)
    return marked


def text_tables(lines: Sequence[Line]) -> dict[int, list[str | None]]:
    """Rows of tables of words, with the heading of each cell: two lines or more whose cells are aligned.

    Columns of running text are aligned too, but the gap between them hardly varies; a table's does.
    """
    found: dict[int, list[str | None]] = {}
    start = 0
    while start < len(lines):
        end = start + 1
        while end < len(lines) and _aligned(lines[end - 1], lines[end]):
            end += 1
        if end - start > 2 and not any(line.is_row for line in lines[start:end]):
            found |= _text_rows(lines, start, end)
        start = end
    return found


def _text_rows(lines: Sequence[Line], start: int, end: int) -> dict[int, list[str | None]]:
    """Rows of one table; its first line holds headings if a column below it holds only values."""
    gaps = [line.cells[1].left - line.cells[0].right for line in lines[start:end]]
    if max(gaps) < _TABLE_GAP * lines[start].height or max(gaps) - min(gaps) < lines[start].height:
        return {}
    texts = [[cell.text for cell in line.cells] for line in lines[start:end]]
    columns = list(zip(*texts[1:], strict=True))
    headed = any(map(is_value, texts[0])) is False and any(all(map(is_value, column)) for column in columns)
    blank: list[str | None] = [None] * len(texts[0])
    headings: list[str | None] = list(texts[0]) if headed else blank
    return {start: blank} | {index: headings for index in range(start + 1, end)}


def _aligned(above: Line, line: Line) -> bool:
    """As many short cells, close below, with the same left edges."""
    if len(line.cells) < 2 or len(line.cells) != len(above.cells):
        return False
    near = abs(above.bottom - line.top) < 2 * line.height
    edges = all(abs(a.left - b.left) < 3 for a, b in zip(above.cells, line.cells, strict=True))
    return near and edges and all(len(cell.text) <= _LONGEST_HEADING for cell in (*above.cells, *line.cells))


def columns_above(lines: Sequence[Line], first: int) -> list[Column]:
    """Columns of the table whose first row is `first`, empty if their headings are not sure.

    A heading line is one of years, or the last multi-cell line of words above the first values.
    What stands above it in as many or fewer cells is put before it.
    """
    index = _heading_line(lines, first)
    if index is None:
        return stacked(lines, first)
    columns = [Column(cell.text, cell.left, cell.right) for cell in _heading_cells(lines[index])]
    for above in range(index - 1, max(-1, index - 1 - _LINES_ABOVE), -1):
        if not _is_heading_part(lines[above], lines[above + 1], len(columns)):
            break
        cells = lines[above].cells
        for column in columns:
            nearest = min(cells, key=lambda c: abs((c.left + c.right) / 2 - column.middle))
            column.heading = f"{nearest.text} {column.heading}"
    return columns if are_sure(columns) else []


def assign(cells: Sequence[Cell], columns: Sequence[Column]) -> list[str | None] | None:
    """The heading for each cell, None for a label; None altogether if two cells want one column."""
    if not columns:
        return None
    headings: list[str | None] = []
    used: set[int] = set()
    for position, cell in enumerate(cells):
        if position == 0 and not (is_value(cell.text) and cell.right > columns[0].left):
            headings.append(None)
            continue
        best = min(range(len(columns)), key=lambda i: _distance(cell, columns[i]))
        if best in used or not _fits(cell, columns, best):
            return None
        used.add(best)
        headings.append(columns[best].heading)
    return headings


def continues(cells: Sequence[Cell], edges: Sequence[float]) -> bool:
    """Whether a row stands in the columns of a table above, whose values end at `edges`, in points."""
    values = [cell for cell in cells if is_value(cell.text)]
    if len(values) < 2 or len(values) < len(cells) - 1 or len(values) > len(edges):
        return False
    return all(
        min(abs(cell.right - edge) for edge in edges) < _ALIGNED * cell.words[0].height for cell in values
    )


def _near(lines: Sequence[Line], index: int) -> bool:
    """Whether the line stands as close to its neighbours as lines of one table do."""
    height = max(1.0, lines[index].height)
    above = lines[index - 1].bottom - lines[index].top if index else 0.0
    below = lines[index].bottom - lines[index + 1].top if index + 1 < len(lines) else 0.0
    return -height < above < 2 * height and -height < below < 2 * height


def _heading_line(lines: Sequence[Line], first: int) -> int | None:
    if lines[first].is_heading:
        return first
    wanted = len(lines[first].cells) - 1
    for index in range(first - 1, max(-1, first - 1 - _LINES_ABOVE), -1):
        line = lines[index]
        if line.is_heading:
            return index
        cells = _heading_cells(line)
        words = not any(is_value(cell.text) and not is_year(cell.text) for cell in cells)
        if wanted > 1 and len(cells) == wanted and words and len(line.cells) > 1:
            return index
        if len(line.cells) > 1 or len(line.text) > LONGEST_LINE:
            return None
    return None


def _heading_cells(line: Line) -> list[Cell]:
    """The cells over values: without the first if that is a label such as `(Millions)`."""
    if line.is_heading and not is_year(line.cells[0].text):
        return line.cells[1:]
    first = line.cells[0].text
    if first.startswith("(") and first.endswith(")"):
        return line.cells[1:]
    return list(line.cells)


def _is_heading_part(line: Line, below: Line, columns: int) -> bool:
    """Words in at least two cells close above, no more than there are columns."""
    close = line.bottom - below.top < 1.5 * max(1.0, below.height)
    words = not any(is_value(cell.text) for cell in line.cells)
    return close and words and 2 <= len(line.cells) <= columns


def _distance(cell: Cell, column: Column) -> float:
    """By the right edges, as numbers are set, or by the middles, whichever is nearer."""
    middle = (cell.left + cell.right) / 2
    return min(abs(cell.right - column.right), abs(middle - column.middle))


def _fits(cell: Cell, columns: Sequence[Column], best: int) -> bool:
    """Nearer to its column than half the way to the next."""
    if len(columns) == 1:
        return True
    others = [abs(columns[i].middle - columns[best].middle) for i in range(len(columns)) if i != best]
    return _distance(cell, columns[best]) < 0.6 * min(others)
