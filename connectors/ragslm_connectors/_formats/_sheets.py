"""The rows of a spreadsheet as text that can be read, and found, without the sheet around it.

A sheet knows no tables, only cells. Read as one is: a row of words above values is its heading; a heading
of several rows, the upper ones merged or standing over several columns, is joined; a row with one cell
above a heading is a title, any other a remark.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from ragslm_connectors._formats._builder import TextBuilder, one_line
from ragslm_connectors._formats._rows import is_value, is_year, row_text

_DEEPEST = 3  # rows of one heading
_LONGEST_TITLE = 160


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as shown. `number`: it holds a number, date or truth value, not words."""

    text: str
    number: bool = False


Row = Mapping[int, Cell]
"""Filled cells by 0-based column."""
Merged = Mapping[tuple[int, int], tuple[int, int]]
"""Last (row, column) of each merged area by its first."""


def write_sheet(builder: TextBuilder, name: str, rows: Mapping[int, Row], merged: Merged) -> None:
    """One sheet as a section: a block for each title, remark and row. `rows`: by 0-based row, filled ones."""
    builder.chapter(None)
    builder.chapter(name)
    _Sheet(builder, rows, merged).write()


class _Sheet:
    """Walks the filled rows of a sheet once."""

    def __init__(self, builder: TextBuilder, rows: Mapping[int, Row], merged: Merged) -> None:
        self.builder = builder
        self.merged = merged
        self.numbers = sorted(rows)
        self.rows = [rows[number] for number in self.numbers]
        self._fill_down()
        self.headings: dict[int, str] = {}
        self.used: set[int] = set()
        self.titles = 0
        self.next_wide = self._next_wide()

    def write(self) -> None:
        position = 0
        while position < len(self.rows):
            depth = self._heading_at(position)
            if depth:
                self._begin_table(position, depth)
                position += depth
                continue
            row = self.rows[position]
            if len(row) == 1 and not next(iter(row.values())).number:
                self._remark(position, next(iter(row.values())).text)
            else:
                self._row(row)
            position += 1
        self._end_table()

    def _remark(self, position: int, text: str) -> None:
        """A title above a heading, or words beside the tables."""
        if self._is_title(position, text):
            self._end_table()
            self.titles += 1
            self.builder.heading(min(self.titles, 6), text)
        else:
            self.builder.block("paragraph", one_line(text))

    def _is_title(self, position: int, text: str) -> bool:
        if len(text) > _LONGEST_TITLE or text.startswith(("(", "*")):
            return False
        below = self.next_wide[position]
        return self._heading_at(below) > 0 if below < len(self.rows) else False

    def _next_wide(self) -> list[int]:
        """For each row, the next one below that has several cells; the number of rows where there is none."""
        found = [len(self.rows)] * len(self.rows)
        for position in range(len(self.rows) - 2, -1, -1):
            found[position] = position + 1 if len(self.rows[position + 1]) > 1 else found[position + 1]
        return found

    def _row(self, row: Row) -> None:
        self.titles = 0
        columns = sorted(row)
        self.used.update(columns)
        headings = [self.headings.get(column, "") for column in columns]
        if text := row_text([row[column].text for column in columns], headings):
            self.builder.block("row", text)

    def _begin_table(self, position: int, depth: int) -> None:
        self._end_table()
        self.titles = 0
        columns = {column for row in self.rows[position : position + depth + 1] for column in row}
        levels = [self._spread(position + level, level + 1 < depth, columns) for level in range(depth)]
        for column in sorted(columns):
            parts = list(dict.fromkeys(level[column] for level in levels if column in level))
            if parts:
                self.headings[column] = " ".join(parts)

    def _end_table(self) -> None:
        """What no row told stands by itself: the headings of columns without values."""
        if left := [text for column, text in self.headings.items() if column not in self.used]:
            self.builder.block("row", "Columns without values: " + " | ".join(left))
        self.headings = {}
        self.used = set()

    def _spread(self, position: int, upper: bool, columns: set[int]) -> dict[int, str]:
        """One row of a heading; a cell holds for the columns it is merged over, or stands above.

        An upper cell that is not merged stands over the columns up to the next one: to its right, or to its
        left where the row ends flush with the table.
        """
        row, number = self.rows[position], self.numbers[position]
        first, last = min(columns), max(columns)
        others = sorted(column for column in row if column != first)
        leftward = bool(others) and others[-1] == last and others[0] > min(columns - {first})
        spread: dict[int, str] = {}
        for column, cell in row.items():
            _, end = self.merged.get((number, column), (number, column))
            begin = column
            if upper and column != first and end == column:
                if leftward:
                    begin = max((c + 1 for c in others if c < column), default=first + 1)
                else:
                    end = min((c - 1 for c in others if c > column), default=last)
            spread |= {at: one_line(cell.text) for at in columns if begin <= at <= end}
        return spread

    def _heading_at(self, position: int) -> int:
        """How many rows from here on are the heading of a table; 0 if none is."""
        if not self._is_start(position) or not self._is_words(position):
            return 0
        depth = 1
        while depth < _DEEPEST and self._goes_on(position + depth):
            depth += 1
        below = position + depth
        if below >= len(self.rows) or len(self.rows[below]) < 2:
            return 0
        if any(_is_number(cell) for cell in self.rows[below].values()):
            return depth
        return 1 if self._heads_words(position) else 0

    def _is_start(self, position: int) -> bool:
        """First row, or behind a gap, a title or a remark."""
        if position == 0:
            return True
        return self.numbers[position] > self.numbers[position - 1] + 1 or len(self.rows[position - 1]) == 1

    def _is_words(self, position: int) -> bool:
        row = self.rows[position]
        return len(row) > 1 and not any(_is_number(cell) for cell in row.values())

    def _goes_on(self, position: int) -> bool:
        """Whether the heading goes on here: the row stands right below and tells more columns apart."""
        if position >= len(self.rows) or self.numbers[position] != self.numbers[position - 1] + 1:
            return False
        return self._is_words(position) and len(self.rows[position]) > len(self.rows[position - 1])

    def _heads_words(self, position: int) -> bool:
        """Whether a row of words heads rows of words: it names every column below, each once."""
        row, below = self.rows[position], self.rows[position + 1]
        texts = {cell.text for cell in row.values()}
        again = bool(self.headings) and set(row) <= set(self.headings)
        return len(texts) == len(row) and set(below) <= set(row) and not again

    def _fill_down(self) -> None:
        """A cell merged over several rows holds for each of them that has cells of its own."""
        places = {number: position for position, number in enumerate(self.numbers)}
        for (number, column), (last, _) in self.merged.items():
            if last == number or number not in places or column not in self.rows[places[number]]:
                continue
            cell = self.rows[places[number]][column]
            for position in range(places[number] + 1, len(self.rows)):
                if self.numbers[position] > last:
                    break
                self.rows[position] = {column: cell, **self.rows[position]}


def _is_number(cell: Cell) -> bool:
    """Whether a cell holds a value; a year may head a column."""
    return (cell.number or is_value(cell.text)) and not is_year(cell.text)


def filled(rows: Mapping[int, Mapping[int, Cell]]) -> dict[int, Row]:
    """Rows and cells that show something."""
    kept = {n: {c: cell for c, cell in row.items() if cell.text.strip()} for n, row in rows.items()}
    return {number: row for number, row in kept.items() if row}
