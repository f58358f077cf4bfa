"""PDF: text, pages, headings and table rows by pypdfium2; pages drawn with spans lit up or boxed out.

PDFium is not thread-safe, so one lock guards every call. Annotations and form fields are neither
read nor drawn: their words are in no text, so nothing could box them out.
"""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from ragslm.errors import NotFoundError, QuarantineError
from ragslm.types import ParsedDocument, SourceDocument
from ragslm_connectors._formats._builder import TextBuilder
from ragslm_connectors._formats._limits import MAX_CHARS, check_length, content_of
from ragslm_connectors._formats._pdf_draw import Placed, draw
from ragslm_connectors._formats._pdf_layout import Piece, lay_out
from ragslm_connectors._formats._pdf_outline import Outline

_LOCK = threading.RLock()
_REMEMBERED = 64
_MAX_BYTES = 500_000_000  # pictures make a PDF large, not text


class PdfParser:
    """PDF files, and the pictures of their pages.

    Attributes:
        max_chars: longest text accepted, in characters.
    """

    name = "pdf"
    media_type = "application/pdf"
    max_chars = MAX_CHARS

    def __init__(self) -> None:
        self._starts: OrderedDict[bytes, tuple[int, ...]] = OrderedDict()

    def claims(self, head: bytes, suffix: str) -> bool:
        """`%PDF-` within the first 1,024 bytes, or the suffix `.pdf` over anything but a zip.

        Source: ISO 32000-1, 7.5.2 and its implementation note 13.
        """
        return b"%PDF-" in head[:1024] or (suffix == ".pdf" and not head.startswith(b"PK\x03\x04"))

    def parse(self, document: SourceDocument) -> ParsedDocument:
        """Text of every page, with headings as sections and table rows as `label | heading: value`.

        Raises:
            QuarantineError: empty, no PDF, damaged, password-protected, too large or without text.
        """
        content = content_of(document, _MAX_BYTES // 4)
        with _opened(content) as pdf:
            pages, length = [], 0
            for index in range(len(pdf)):
                pages.append(_pieces(pdf, index))
                length += sum(len(text) for piece in pages[-1] for text, _ in piece.runs)
                check_length(length, self.max_chars)
        if not any(pages):
            raise QuarantineError(f"None of the {len(pages)} pages holds text: a scan needs OCR first.")
        builder = TextBuilder(self.max_chars)
        outline = Outline(pages)
        for index, pieces in enumerate(pages):
            builder.page(index + 1)
            _write(builder, pieces, outline)
        parsed = builder.build()
        self._remember(content, tuple(page.start for page in parsed.pages))
        return parsed

    def render(
        self,
        content: bytes,
        page: int,
        *,
        marks: Sequence[tuple[int, int]] = (),
        hidden: Sequence[tuple[int, int]] = (),
        width: int = 1000,
        page_start: int | None = None,
    ) -> bytes:
        """PNG of 1-based `page`, `width` pixels wide (100 to 4,000).

        `marks` and `hidden` are spans of the whole document's parsed text. `page_start`: the page's
        `PageSpan.start`, where the caller knows it; otherwise the document is parsed once to find it.

        Raises:
            QuarantineError: the content is no readable PDF.
            NotFoundError: there is no such page.
        """
        with _opened(content) as pdf:
            if not 1 <= page <= len(pdf):
                raise NotFoundError(f"There is no page {page}; the document has {len(pdf)}.")
            start = self._start(content, page) if page_start is None else page_start
            sheet = pdf[page - 1]
            builder = TextBuilder(self.max_chars)
            placed = _write(builder, lay_out(sheet))
            lead = 2 if start else 0  # the empty line before every page but the first with text

            def local(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
                moved = ((s - start - lead, e - start - lead) for s, e in spans)
                return [(max(0, s), min(e, len(builder))) for s, e in moved if e > 0 and s < len(builder)]

            return draw(sheet, placed, marks=local(marks), hidden=local(hidden), width=width)

    def _start(self, content: bytes, page: int) -> int:
        digest = hashlib.sha256(content).digest()
        if digest not in self._starts:
            self.parse(SourceDocument(uri="", content=content))
        return self._starts[digest][page - 1]

    def _remember(self, content: bytes, starts: tuple[int, ...]) -> None:
        with _LOCK:
            self._starts[hashlib.sha256(content).digest()] = starts
            while len(self._starts) > _REMEMBERED:
                self._starts.popitem(last=False)


@contextmanager
def _opened(content: bytes) -> Iterator[Any]:
    """The document, while no other thread uses PDFium."""
    import pypdfium2

    if b"%PDF-" not in content[:1024]:
        raise QuarantineError("The file is not a PDF: it has no PDF header.")
    with _LOCK:
        try:
            pdf = pypdfium2.PdfDocument(content)
            pages = len(pdf)
        except pypdfium2.PdfiumError as error:
            if "password" in str(error).lower():
                raise QuarantineError("The PDF is password-protected; save it without a password.") from None
            raise QuarantineError("The PDF is damaged and cannot be opened.") from None
        try:
            if not pages:
                raise QuarantineError("The PDF is damaged: it has no pages.")
            yield pdf
        finally:
            pdf.close()


def _pieces(pdf: Any, index: int) -> list[Piece]:
    import pypdfium2

    try:
        page = pdf[index]
        try:
            return lay_out(page)
        finally:
            page.close()
    except pypdfium2.PdfiumError:
        raise QuarantineError(f"Page {index + 1} of the PDF is damaged.") from None


def _write(builder: TextBuilder, pieces: Sequence[Piece], outline: Outline | None = None) -> list[Placed]:
    """Append a page's pieces; where each drawn run of characters came to stand in the text.

    Without an outline no heading opens a section; the text is the same.
    """
    placed: list[Placed] = []
    if outline and pieces:
        builder.chapter(outline.chapter(pieces))
    for number, piece in enumerate(pieces):
        level = outline.level(piece) if outline else None
        if level is not None:
            builder.begin_heading(level, piece.text)
        else:
            kind = "paragraph" if piece.kind == "heading" else piece.kind
            builder.block(kind, gap=None if number else "\n\n")
        for text, first in piece.runs:
            if first is not None:
                placed.append(Placed(len(builder), len(text), first))
            builder.write(text)
    builder.close()
    return placed
