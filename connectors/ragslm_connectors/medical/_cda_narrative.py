"""The narrative of a C-CDA section: paragraphs, list items and table rows, as an author signed them.

Source: HL7 CDA R2, section 4.3.5 (section narrative block).
"""

from collections.abc import Iterator
from typing import Any

from ragslm.errors import QuarantineError
from ragslm.types import BlockKind
from ragslm_connectors._formats._builder import TextBuilder, one_line
from ragslm_connectors._formats._rows import headings_of, row_text
from ragslm_connectors._formats._xml import children, local

_BLOCKS = frozenset({"paragraph", "list", "item", "table", "caption", "footnote", "text"})
_DEEPEST = 60
_WIDEST = 100  # columns that a cell may span


class NarrativeWriter:
    """Writes narrative into a builder, in reading order."""

    def __init__(self, builder: TextBuilder) -> None:
        self.builder = builder
        self._words: list[str] = []
        self._kind: BlockKind = "paragraph"

    def write(self, text: Any) -> None:
        """The whole narrative of a section.

        Raises:
            QuarantineError: its elements are nested too deeply; names the line.
        """
        self._walk(text, 0)
        self._flush()

    def _flush(self) -> None:
        for line in "".join(self._words).split("\n"):
            if said := one_line(line):
                self.builder.block(self._kind, ("- " if self._kind == "list_item" else "") + said)
                self._kind = "paragraph"
        self._words.clear()

    def _walk(self, element: Any, depth: int) -> None:
        if depth > _DEEPEST:
            raise QuarantineError(f"Line {element.sourceline}: the narrative is nested too deeply.")
        tag = local(element) if isinstance(element.tag, str) else ""
        if tag == "table":
            self._flush()
            self._table(element)
        elif tag == "br":
            self._words.append("\n")
        else:
            self._inside(element, tag, depth)

    def _inside(self, element: Any, tag: str, depth: int) -> None:
        if tag in _BLOCKS:
            self._flush()
            if tag != "paragraph":  # the first paragraph of an item is the item
                self._kind = "list_item" if tag == "item" else "paragraph"
        # A line break that an author wants is a `br`; those of the file are blanks.
        self._words.append(_blanks(element.text))
        for child in element:
            self._walk(child, depth + 1)
            self._words.append(_blanks(child.tail))
        if tag in _BLOCKS:
            self._flush()
            self._kind = "paragraph"

    def _table(self, table: Any) -> None:
        for caption in children(table, "caption"):
            if text := _inline(caption):
                self.builder.block("paragraph", text)
        top = [row for part in children(table, "thead") for row in _grid(children(part, "tr"))]
        body = [row for part in table if _is(part, "tbody") for row in _grid(children(part, "tr"))]
        body += [row for part in table if _is(part, "tfoot") for row in _grid(children(part, "tr"))]
        body += _grid(children(table, "tr"))
        headings = top[-1] if top else headings_of(body)
        if not top and headings:
            body = body[1:]
        for row in top[:-1]:
            self.builder.block("row", row_text(row))
        if top and not body:
            self.builder.block("row", row_text(top[-1]))
        named = [heading.rstrip(": ") for heading in headings or ()]
        for row in body:
            self.builder.block("row", row_text(row, named))


def texts_by_id(text: Any) -> dict[str, str]:
    """Words of every element of a narrative that has an ID; a row's cells by blanks."""
    return {one.get("ID"): _inline(one) for one in text.iter() if isinstance(one.tag, str) and one.get("ID")}


def _is(element: Any, name: str) -> bool:
    return isinstance(element.tag, str) and local(element) == name


def _grid(rows: list[Any]) -> list[list[str]]:
    """Rows of cells, one for each column; a cell that spans rows stands in each of them."""
    grid: list[list[str]] = []
    hanging: dict[int, tuple[int, str]] = {}  # by column: rows still to fill, and with what
    for row in rows:
        cells: list[str] = []
        below: dict[int, tuple[int, str]] = {}
        own = [cell for cell in row if _is(cell, "td") or _is(cell, "th")]
        while own or len(cells) in hanging:
            column = len(cells)
            if column in hanging:
                high, text, wide = *hanging[column], 1
            else:
                cell = own.pop(0)
                high, text, wide = _span(cell, "rowspan"), _inline(cell), _span(cell, "colspan")
            if high > 1:
                below |= {column + i: (high - 1, "" if i else text) for i in range(wide)}
            cells += [text, *[""] * (wide - 1)]
        hanging = below
        if any(cells):
            grid.append(cells)
    return grid


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
