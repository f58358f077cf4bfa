"""Word documents (OOXML): headings, paragraphs, lists and table rows; macros and links are never followed."""

import io
import re
import zipfile
from datetime import date
from typing import Any

from ragslm.errors import QuarantineError
from ragslm.types import ParsedDocument, SourceDocument
from ragslm_connectors._formats._builder import TextBuilder, one_line
from ragslm_connectors._formats._limits import MAX_CHARS, content_of
from ragslm_connectors._formats._rows import headings_of, row_text

_OLE = b"\xd0\xcf\x11\xe0"
_LEVEL = re.compile(r"heading (\d)", re.IGNORECASE)
_UNPACKED_PER_CHAR = 12  # XML around each character of text; a zip bomb has thousands


class DocxParser:
    """`.docx` files.

    Attributes:
        max_chars: longest text accepted, in characters.
    """

    name = "docx"
    media_type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    max_chars = MAX_CHARS

    def claims(self, head: bytes, suffix: str) -> bool:
        """A zip that holds `word/`, or any zip, old Word file or nothing at all under the suffix `.docx`."""
        if head.startswith(b"PK\x03\x04"):
            return suffix == ".docx" or b"word/" in head
        return suffix == ".docx" and (head.startswith(_OLE) or not head or b"\x00" in head)

    def parse(self, document: SourceDocument) -> ParsedDocument:
        """Body text in order, with title and date of the core properties.

        Raises:
            QuarantineError: empty, encrypted, broken, too large or no Word document.
        """
        word = _opened(content_of(document, self.max_chars), _UNPACKED_PER_CHAR * self.max_chars)
        builder = TextBuilder(self.max_chars)
        for item in word.iter_inner_content():
            if hasattr(item, "rows"):
                _add_table(builder, item)
            else:
                _add_paragraph(builder, item)
        properties = word.core_properties
        return builder.build(title=properties.title, effective_date=_date(properties))


def _opened(content: bytes, most: int) -> Any:
    import docx

    if content.startswith(_OLE):
        raise QuarantineError(
            "The file is password-protected, or a Word file of before 2007; save it as .docx."
        )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(part.file_size for part in archive.infolist()) > most:
                raise QuarantineError(f"The file unpacks to more than {most:,} bytes.")
        return docx.Document(io.BytesIO(content))
    except QuarantineError:
        raise
    except Exception as error:  # python-docx lets through what zipfile, zlib, lxml and KeyError raise
        raise QuarantineError(f"The file is not a readable Word document ({type(error).__name__}).") from None


def _add_paragraph(builder: TextBuilder, paragraph: Any) -> None:
    text = one_line(paragraph.text)
    style = (paragraph.style.name if paragraph.style is not None else "") or ""
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


def _date(properties: Any) -> date | None:
    stamp = properties.modified or properties.created
    return stamp.date() if stamp else None
