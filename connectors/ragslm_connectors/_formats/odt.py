"""OpenDocument texts: headings, paragraphs, lists, table rows, footnotes and comments.

Read from the package's own XML: the libraries for it are no longer kept up. Text that tracked changes
deleted is left out; scripts, links and embedded objects are never followed.

Source: OASIS OpenDocument 1.3, part 3.
"""

import zipfile
from collections.abc import Iterator
from datetime import date
from typing import Any

from ragslm.errors import QuarantineError
from ragslm.types import ParsedDocument, SourceDocument
from ragslm_connectors._formats._builder import TextBuilder, one_line
from ragslm_connectors._formats._limits import MAX_CHARS, content_of
from ragslm_connectors._formats._package import ZIP, Reading, day_of, opened
from ragslm_connectors._formats._rows import headings_of, row_text
from ragslm_connectors._formats._xml import local, parse_xml

_KIND = "OpenDocument text"
_SUFFIXES = frozenset({".odt", ".ott"})
_TYPE = b"mimetypeapplication/vnd.oasis.opendocument.text"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_LEFT_OUT = frozenset({"tracked-changes", "sequence-decls", "forms", "table-of-content", "bookmark"})
_ASIDE = frozenset({"note", "annotation"})  # told after their paragraph
_MOST_REPEATED = 1000  # copies of a row or column that are told


class OdtParser:
    """`.odt` files.

    Attributes:
        max_chars: longest text accepted, in characters.
    """

    name = "odt"
    media_type = "application/vnd.oasis.opendocument.text"
    max_chars = MAX_CHARS

    def claims(self, head: bytes, suffix: str) -> bool:
        """A package that says so in its first entry; or any zip, or nothing, under the suffix `.odt`."""
        if head[30:].startswith(_TYPE) and head.startswith(ZIP):
            return True
        return suffix in _SUFFIXES and (head.startswith(ZIP) or not head or b"\x00" in head)

    def parse(self, document: SourceDocument) -> ParsedDocument:
        """The body in order.

        Raises:
            QuarantineError: empty, encrypted, broken (names the part and line), too large or without text.
        """
        content = content_of(document, self.max_chars)
        package = opened(content, self.max_chars, _KIND, ".odt")
        builder = TextBuilder(self.max_chars)
        with Reading(_KIND) as reading:
            _refuse_encrypted(package)
            reading.part = "content.xml"
            body = next(parse_xml(_part(package, "content.xml")).iter("{*}text"), None)
            if body is None:
                raise QuarantineError("Part content.xml holds no text document.")
            _Body(builder).add(body)
            reading.part = "meta.xml"
            title, day = _about(package)
        return builder.build(title=title, effective_date=day)


def _part(package: zipfile.ZipFile, name: str) -> bytes:
    if name not in package.namelist():
        raise QuarantineError(f"The file is not a readable {_KIND}: part {name} is missing.")
    return package.read(name)


def _refuse_encrypted(package: zipfile.ZipFile) -> None:
    name = "META-INF/manifest.xml"
    if name in package.namelist() and b"encryption-data" in package.read(name):
        raise QuarantineError("The file is password-protected; save it without a password.")


def _about(package: zipfile.ZipFile) -> tuple[str | None, date | None]:
    """Title and date of last change, or of creation."""
    if "meta.xml" not in package.namelist():
        return None, None
    root = parse_xml(package.read("meta.xml"))
    told = {local(e): (e.text or "").strip() for e in root.iter() if isinstance(e.tag, str)}
    return told.get("title") or None, day_of(told.get("date")) or day_of(told.get("creation-date"))


class _Body:
    """Walks the body once."""

    def __init__(self, builder: TextBuilder) -> None:
        self.builder = builder
        self.aside: list[str] = []

    def add(self, element: Any, *, item: bool = False) -> None:
        """Every child of a container; `item`: its first paragraph begins a list item."""
        for child in element:
            if not isinstance(child.tag, str) or local(child) in _LEFT_OUT:
                continue
            kind = local(child)
            if kind == "h":
                level = child.get(_TEXT + "outline-level", "1")
                self.builder.heading(int(level) if level.isdigit() else 1, "".join(self._words(child)))
            elif kind == "p":
                self._paragraph(child, item)
                item = False
            elif kind in ("list-item", "list-header"):
                self.add(child, item=True)
            elif kind == "table":
                self._table(child)
            else:
                self.add(child, item=item)
            self._tell_aside()

    def _paragraph(self, paragraph: Any, item: bool) -> None:
        if text := one_line("".join(self._words(paragraph))):
            self.builder.block("list_item" if item else "paragraph", ("- " if item else "") + text)
        for box in paragraph.iter("{*}text-box"):
            self.add(box)

    def _tell_aside(self) -> None:
        for text in self.aside:
            self.builder.block("paragraph", text)
        self.aside = []

    def _words(self, element: Any) -> Iterator[str]:
        """Words of a paragraph; notes are set aside, text boxes left to their own paragraphs."""
        yield element.text or ""
        for child in element:
            kind = local(child) if isinstance(child.tag, str) else ""
            if kind == "s":
                yield " "
            elif kind in ("tab", "line-break"):
                yield "\n"
            elif kind in _ASIDE:
                self._set_aside(kind, child)
            elif kind and kind not in ("text-box", "tracked-changes"):
                yield from self._words(child)
            yield child.tail or ""

    def _set_aside(self, kind: str, element: Any) -> None:
        body = next(element.iter("{*}note-body"), None) if kind == "note" else element
        paragraphs = list(body.iter(_TEXT + "p")) if body is not None else []
        said = one_line(" ".join("".join(self._words(p)) for p in paragraphs))
        if said:
            self.aside.append(f"{'Note' if kind == 'note' else 'Comment'}: {said}")

    def _table(self, table: Any) -> None:
        rows: list[list[str]] = []
        for row in table.iter(_TABLE + "table-row"):
            cells = self._cells(row)
            if any(cells):
                rows += [cells] * _repeated(row, "rows")
        headings = headings_of(rows)
        for cells in rows[1:] if headings else rows:
            self.builder.block("row", row_text(cells, headings))

    def _cells(self, row: Any) -> list[str]:
        """A row's cells; one that covers several columns leaves the others empty."""
        cells: list[str] = []
        for cell in row:
            if isinstance(cell.tag, str) and local(cell) in ("table-cell", "covered-table-cell"):
                words = ("".join(self._words(p)) for p in cell.iter(_TEXT + "h", _TEXT + "p"))
                text = one_line(" ".join(words))
                cells += [text] * (
                    _repeated(cell, "columns") if text else min(_repeated(cell, "columns"), 100)
                )
        return cells


def _repeated(element: Any, what: str) -> int:
    times = element.get(f"{_TABLE}number-{what}-repeated", "1")
    return min(int(times), _MOST_REPEATED) if times.isdigit() else 1
