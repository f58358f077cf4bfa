"""The narrative of a C-CDA section: paragraphs, list items and table rows, as an author signed them.

Source: HL7 CDA R2, section 4.3.5 (section narrative block).
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ragslm.errors import QuarantineError
from ragslm.types import BlockKind
from ragslm_connectors._formats._builder import one_line
from ragslm_connectors._formats._rows import headings_of, row_text
from ragslm_connectors._formats._xml import children, local

_BLOCKS = frozenset({"paragraph", "list", "item", "table", "caption", "footnote", "text"})
_DEEPEST = 60
_WIDEST = 100  # columns that a cell may span


@dataclass(frozen=True, slots=True)
class Cell:
    """Words, and the IDs of the elements that say them."""

    text: str
    ids: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph, a list item or a table row.

    Attributes:
        cells: by column; what is no row has one.
        headings: of the columns; empty without any.
        around: IDs of what holds it, innermost first.
    """

    kind: BlockKind
    cells: tuple[Cell, ...]
    headings: Sequence[str] = ()
    around: tuple[str, ...] = ()

    def text(self, columns: Collection[int] | None = None) -> str:
        """Its words; with `columns`, those of these cells."""
        wanted = range(len(self.cells)) if columns is None else columns
        cells = [cell.text if column in wanted else "" for column, cell in enumerate(self.cells)]
        return ("- " if self.kind == "list_item" else "") + row_text(cells, self.headings)


def lines_of(text: Any) -> list[Line]:
    """The narrative of a section in reading order.

    Raises:
        QuarantineError: its elements are nested too deeply; names the line.
    """
    reader = _Reader()
    reader.walk(text, 0)
    return reader.lines


class _Reader:
    """Collects the lines of one narrative.

    Attributes:
        lines: those that have ended.
    """

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self._open: list[list[Cell]] = [[]]  # lines that have not ended, in pieces
        self._kind: BlockKind = "paragraph"
        self._holders: list[str | None] = []  # IDs of open blocks, the innermost last
        self._inline: list[str] = []  # IDs of open elements inside the line

    def walk(self, element: Any, depth: int) -> None:
        """An element with everything in it."""
        if depth > _DEEPEST:
            raise QuarantineError(f"Line {element.sourceline}: the narrative is nested too deeply.")
        tag = local(element) if isinstance(element.tag, str) else ""
        if tag == "br":
            self._open.append([])
        elif tag in _BLOCKS:
            self._block(element, tag, depth)
        else:
            self._inline.append(element.get("ID") or "")
            self._inside(element, depth)
            self._inline.pop()

    def _block(self, element: Any, tag: str, depth: int) -> None:
        if tag == "caption" and local(element.getparent()) in ("paragraph", "item"):
            self._inside(element, depth)  # what the line is about
            self._say(": ")
            return
        self._flush()
        self._holders.append(element.get("ID"))
        if tag == "table":
            self._table(element)
        else:
            if tag != "paragraph":  # the first paragraph of an item is the item
                self._kind = "list_item" if tag == "item" else "paragraph"
            self._inside(element, depth)
            self._flush()
            self._kind = "paragraph"
        self._holders.pop()

    def _inside(self, element: Any, depth: int) -> None:
        # A line break that an author wants is a `br`; those of the file are blanks.
        self._say(element.text)
        for child in element:
            self.walk(child, depth + 1)
            self._say(child.tail)

    def _say(self, text: str | None) -> None:
        self._open[-1].append(Cell(_blanks(text), frozenset(self._inline)))

    def _flush(self) -> None:
        """End the open lines. The ID of the block they stand in is their own."""
        own, around = self._around()[:1], self._around()[1:]
        for pieces in self._open:
            if said := one_line("".join(piece.text for piece in pieces)):
                ids = frozenset(own).union(*(piece.ids for piece in pieces)) - {""}
                self.lines.append(Line(self._kind, (Cell(said, ids),), around=around))
                self._kind = "paragraph"
        self._open = [[]]

    def _around(self) -> tuple[str, ...]:
        return tuple(one or "" for one in reversed(self._holders))

    def _table(self, table: Any) -> None:
        for caption in children(table, "caption"):
            if text := _inline(caption):
                self.lines.append(Line("paragraph", (Cell(text, _ids(caption)),), around=self._around()))
        top = [row for part in children(table, "thead") for row in _grid(children(part, "tr"))]
        body = [row for part in table if _is(part, "tbody") for row in _grid(children(part, "tr"))]
        body += [row for part in table if _is(part, "tfoot") for row in _grid(children(part, "tr"))]
        body += _grid(children(table, "tr"))
        headings = _texts_of(top[-1]) if top else headings_of([_texts_of(row) for row in body])
        if not top and headings:
            body = body[1:]
        named = [heading.rstrip(": ") for heading in headings or ()]
        rows = top[:-1] if body else top
        rows += [replace(row, headings=named) for row in body]
        self.lines += [replace(row, around=(*row.around, *self._around())) for row in rows]


def texts_by_id(text: Any) -> dict[str, str]:
    """Words of every element of a narrative that has an ID; a row's cells by blanks."""
    return {one.get("ID"): _inline(one) for one in text.iter() if isinstance(one.tag, str) and one.get("ID")}


def _is(element: Any, name: str) -> bool:
    return isinstance(element.tag, str) and local(element) == name


def _grid(rows: list[Any]) -> list[Line]:
    """The rows that say something; a cell that spans rows stands in each of them."""
    grid: list[Line] = []
    hanging: dict[int, tuple[int, Cell]] = {}  # by column: rows still to fill, and with what
    for row in rows:
        cells: list[Cell] = []
        below: dict[int, tuple[int, Cell]] = {}
        own = [cell for cell in row if _is(cell, "td") or _is(cell, "th")]
        while own or len(cells) in hanging:
            column = len(cells)
            if column in hanging:
                high, said, wide = *hanging[column], 1
            else:
                cell = own.pop(0)
                high, wide = _span(cell, "rowspan"), _span(cell, "colspan")
                said = Cell(_inline(cell), _ids(cell))
            if high > 1:
                below |= {column + i: (high - 1, Cell("") if i else said) for i in range(wide)}
            cells += [said, *[Cell("")] * (wide - 1)]
        hanging = below
        if any(cell.text for cell in cells):
            grid.append(Line("row", tuple(cells), around=(row.get("ID") or "",)))
    return grid


def _texts_of(row: Line) -> list[str]:
    return [cell.text for cell in row.cells]


def _ids(element: Any) -> frozenset[str]:
    """IDs of an element and of everything in it."""
    return frozenset(one.get("ID") for one in element.iter() if isinstance(one.tag, str) and one.get("ID"))


def _span(cell: Any, name: str) -> int:
    text = cell.get(name) or "1"
    return max(1, min(int(text), _WIDEST)) if text.isdigit() else 1


def _blanks(text: str | None) -> str:
    return (text or "").replace("\n", " ").replace("\r", " ")


def _inline(element: Any) -> str:
    return one_line("".join(_texts(element, 0)))


def _texts(element: Any, depth: int) -> Iterator[str]:
    """Words of an element and its children; ends of blocks and cells are blanks."""
    if depth > _DEEPEST:
        raise QuarantineError(f"Line {element.sourceline}: the narrative is nested too deeply.")
    yield element.text or ""
    for child in element:
        if isinstance(child.tag, str):
            blank = " " if local(child) in (*_BLOCKS, "td", "th", "tr", "br") else ""
            yield blank
            yield from _texts(child, depth + 1)
            yield blank
        yield child.tail or ""
