"""Word documents (OOXML): headings, paragraphs, lists and table rows; macros and links are never followed."""

import io
import re
from typing import Any

from ragslm.types import ParsedDocument, SourceDocument
from ragslm_connectors._formats._builder import TextBuilder, one_line
from ragslm_connectors._formats._limits import MAX_CHARS, content_of
from ragslm_connectors._formats._package import Reading, core_properties, is_package, opened
from ragslm_connectors._formats._rows import headings_of, row_text

_KIND = "Word document"
_SUFFIXES = frozenset({".docx", ".docm"})
_LEVEL = re.compile(r"heading (\d)", re.IGNORECASE)


class DocxParser:
    """`.docx` files.

    Attributes:
        max_chars: longest text accepted, in characters.
    """

    name = "docx"
    media_type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    max_chars = MAX_CHARS

    def claims(self, head: bytes, suffix: str) -> bool:
        """A package with `word/`, or any package, old Word file or nothing under the suffix `.docx`."""
        return is_package(head, suffix, "word/", _SUFFIXES)

    def parse(self, document: SourceDocument) -> ParsedDocument:
        """Body text in order, with title and date of the core properties.

        Raises:
            QuarantineError: empty, encrypted, broken, too large or no Word document.
        """
        import docx

        content = content_of(document, self.max_chars)
        title, day = core_properties(opened(content, self.max_chars, _KIND, ".docx"))
        builder = TextBuilder(self.max_chars)
        with Reading(_KIND) as reading:
            word = docx.Document(io.BytesIO(content))
            styles = _Styles()
            for number, item in enumerate(word.iter_inner_content(), start=1):
                reading.part = f"paragraph or table {number}"
                if hasattr(item, "rows"):
                    _add_table(builder, item)
                else:
                    _add_paragraph(builder, item, styles.name(item))
        return builder.build(title=title, effective_date=day)


class _Styles:
    """Names of paragraph styles by their id; looking one up searches them all."""

    def __init__(self) -> None:
        self._names: dict[str | None, str] = {}

    def name(self, paragraph: Any) -> str:
        """The name; empty if there is none."""
        key = paragraph._p.style
        if key not in self._names:
            self._names[key] = (paragraph.style.name if paragraph.style is not None else "") or ""
        return self._names[key]


def _add_paragraph(builder: TextBuilder, paragraph: Any, style: str) -> None:
    text = one_line(paragraph.text)
    if not text:
        return
    if level := _LEVEL.fullmatch(style):
        builder.heading(int(level.group(1)), text)
    elif style.lower() == "title":
        builder.heading(0, text)
    elif style.lower().startswith("list"):
        builder.block("list_item", "- " + text)
    else:
        builder.block("paragraph", text)


def _add_table(builder: TextBuilder, table: Any) -> None:
    rows = [_cells(row) for row in table.rows]
    headings = headings_of(rows)
    for cells in rows[1:] if headings else rows:
        if text := row_text(cells, headings):
            builder.block("row", text)


def _cells(row: Any) -> list[str]:
    """The row's texts; a cell merged over several columns is told once and leaves the others empty."""
    seen: set[int] = set()
    cells: list[str] = []
    for cell in row.cells:
        new = id(cell._tc) not in seen
        seen.add(id(cell._tc))
        cells.append(cell.text if new else "")
    return cells
