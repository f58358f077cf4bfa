"""PDF: text, pages, headings and table rows by pypdfium2; pages drawn with spans lit up or boxed out.

Pages that are pictures are read by Tesseract, where it is installed. Who is not cleared sees words alone, of
any page: what else it shows is in no text, so nobody scrubbed it.

PDFium is not thread-safe, so one lock guards every call. Annotations and form fields are neither
read nor drawn: their words are in no text, so nothing could box them out.
"""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from ragslm.errors import MissingExtraError, NotFoundError, QuarantineError
from ragslm.types import ParsedDocument, SourceDocument, WordBox
from ragslm_connectors._formats._builder import TextBuilder
from ragslm_connectors._formats._limits import MAX_CHARS, check_length, content_of
from ragslm_connectors._formats._ocr import REMEDY, command
from ragslm_connectors._formats._pdf_about import about_of, date_on_cover, says_little
from ragslm_connectors._formats._pdf_draw import Placed, draw
from ragslm_connectors._formats._pdf_layout import Piece, lay_out, lay_out_words
from ragslm_connectors._formats._pdf_objects import share_of_pictures
from ragslm_connectors._formats._pdf_outline import Outline
from ragslm_connectors._formats._pdf_scan import draw_scan, holds_pictures, is_picture, read_page, word_boxes
from ragslm_connectors._formats._pdf_words import Word

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
        self._starts: OrderedDict[bytes, tuple[tuple[int, ...], int]] = OrderedDict()

    @property
    def programs(self) -> Sequence[Sequence[str]]:
        """Tesseract's command line, where it is installed."""
        line = command()
        return [line] if line else []

    def claims(self, head: bytes, suffix: str) -> bool:
        """`%PDF-` within the first 1,024 bytes, or the suffix `.pdf` over anything but a zip.

        Source: ISO 32000-1, 7.5.2 and its implementation note 13.
        """
        return b"%PDF-" in head[:1024] or (suffix == ".pdf" and not head.startswith(b"PK\x03\x04"))

    def parse(self, document: SourceDocument) -> ParsedDocument:
        """Text of every page, with headings as sections and table rows as `label | heading: value`.

        Raises:
            QuarantineError: empty, no PDF, damaged, password-protected, too large or without text.
            MissingExtraError: all its pages are pictures and Tesseract is not installed.
        """
        content = content_of(document, _MAX_BYTES // 4)
        builder = TextBuilder(self.max_chars)
        boxes: list[WordBox] = []
        with _opened(content) as pdf:
            pages, length = [], 0
            for index in range(len(pdf)):
                pages.append(_read(pdf, index))
                length += sum(len(piece.text) for piece in pages[-1].pieces)
                check_length(length, self.max_chars)
            about = about_of(pdf)
        unread = tuple(number for number, page in enumerate(pages, 1) if page.unread)
        if not any(page.pieces for page in pages):
            raise _without_text(len(pages), unread)
        outline = Outline([page.pieces for page in pages])
        artifacts: set[int] = set()
        for number, page in enumerate(pages, 1):
            builder.page(number)
            starts = _write(builder, page.pieces, outline)
            artifacts |= {
                start for piece, start in zip(page.pieces, starts, strict=True) if outline.is_artifact(piece)
            }
            if page.words:
                boxes += word_boxes(_placed(page.pieces, starts), page.words, page.size)
        parsed = builder.build(
            title=about if says_little(document.title) else None,
            effective_date=date_on_cover(pages[0].text),
        )
        sure = next((number for number, page in enumerate(pages, 1) if page.is_picture), len(pages))
        self._remember(content, tuple(page.start for page in parsed.pages), sure)
        blocks = (b._replace(kind="artifact") if b.start in artifacts else b for b in parsed.blocks)
        return replace(parsed, blocks=tuple(blocks), boxes=tuple(boxes), unread=unread)

    def render(
        self,
        content: bytes,
        page: int,
        *,
        marks: Sequence[tuple[int, int]] = (),
        hidden: Sequence[tuple[int, int]] = (),
        width: int = 1000,
        boxes: Sequence[WordBox] = (),
        only_words: bool = False,
        page_start: int | None = None,
    ) -> bytes:
        """PNG of 1-based `page`, `width` pixels wide (100 to 4,000).

        `marks` and `hidden` are spans of the whole document's parsed text, `boxes` the words of this page, if
        it was read by its looks. With `only_words` nothing but words of the text is shown, on white.
        `page_start`: the page's `PageSpan.start`, where the caller knows it; otherwise the document is parsed
        once to find it, and with `only_words` a page behind a picture is white: what was read there may be
        longer or shorter this time, and `hidden` would lie beside its words.

        Raises:
            QuarantineError: the content is no readable PDF.
            NotFoundError: there is no such page.
        """
        with _opened(content) as pdf:
            if not 1 <= page <= len(pdf):
                raise NotFoundError(f"There is no page {page}; the document has {len(pdf)}.")
            sheet = pdf[page - 1]
            if boxes:
                return draw_scan(sheet, boxes, marks=marks, hidden=hidden, width=width, only_words=only_words)
            pieces = lay_out(sheet)
            if not pieces:
                return draw(sheet, (), marks=(), hidden=(), width=width, only_words=only_words)
            start, sure = self._start(content, page) if page_start is None else (page_start, True)
            if only_words and not sure:
                return draw(sheet, (), marks=(), hidden=(), width=width, only_words=True)
            builder = TextBuilder(self.max_chars)
            placed = _placed(pieces, _write(builder, pieces))
            lead = 2 if start else 0  # the empty line before every page but the first with text

            def local(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
                moved = ((s - start - lead, e - start - lead) for s, e in spans)
                return [(max(0, s), min(e, len(builder))) for s, e in moved if e > 0 and s < len(builder)]

            where = {"marks": local(marks), "hidden": local(hidden)}
            return draw(sheet, placed, **where, width=width, only_words=only_words)

    def _start(self, content: bytes, page: int) -> tuple[int, bool]:
        """Where the page begins, and whether that is so in every reading: no page before it is a picture."""
        digest = hashlib.sha256(content).digest()
        if digest not in self._starts:
            self.parse(SourceDocument(uri="", content=content))
        starts, sure = self._starts[digest]
        return starts[page - 1], page <= sure

    def _remember(self, content: bytes, starts: tuple[int, ...], sure: int) -> None:
        """`sure`: the first page that is a picture, or the last page."""
        with _LOCK:
            self._starts[hashlib.sha256(content).digest()] = starts, sure
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


@dataclass(frozen=True, slots=True)
class _Page:
    """What one page says.

    Attributes:
        words: all of them, if it was read by its looks.
        is_picture: what it says hangs on the program that reads it.
        unread: it holds pictures that nobody read.
    """

    pieces: list[Piece]
    size: tuple[float, float]
    words: Sequence[Word] = ()
    is_picture: bool = False
    unread: bool = False

    @property
    def text(self) -> str:
        """All of its pieces."""
        return "\n".join(piece.text for piece in self.pieces)


def _read(pdf: Any, index: int) -> _Page:
    import pypdfium2

    try:
        page = pdf[index]
        try:
            size = page.get_size()
            pieces = lay_out(page)
            share = share_of_pictures(page)
            if not is_picture(share, has_text=bool(pieces)):
                return _Page(pieces, size, unread=holds_pictures(share))
            if command() is None:
                return _Page(pieces, size, is_picture=True, unread=True)
            words = read_page(page)
            return _Page(lay_out_words(words) if words else pieces, size, words, is_picture=True)
        finally:
            page.close()
    except pypdfium2.PdfiumError:
        raise QuarantineError(f"Page {index + 1} of the PDF is damaged.") from None


def _without_text(pages: int, unread: Sequence[int]) -> Exception:
    """Why nothing could be read, and what mends it."""
    if unread:
        return MissingExtraError(
            f"{len(unread)} of {pages} pages are pictures and no other holds text. "
            f"Tesseract, which reads them, is not installed. Run: {REMEDY}"
        )
    return QuarantineError(f"None of the {pages} pages holds text that could be read.")


def _write(builder: TextBuilder, pieces: Sequence[Piece], outline: Outline | None = None) -> list[int]:
    """Append a page's pieces; where each begins in the text.

    Without an outline no heading opens a section; the text is the same.
    """
    starts: list[int] = []
    if outline and pieces:
        builder.chapter(outline.chapter(pieces))
    for number, piece in enumerate(pieces):
        level = outline.level(piece) if outline else None
        if level is not None:
            builder.begin_heading(level, piece.text)
        else:
            kind = "paragraph" if piece.kind == "heading" else piece.kind
            builder.block(kind, gap=None if number else "\n\n")
        starts.append(len(builder))
        builder.write(piece.text)
    builder.close()
    return starts


def _placed(pieces: Sequence[Piece], starts: Sequence[int]) -> list[Placed]:
    """Where each drawn run of characters stands in the text."""
    placed: list[Placed] = []
    for piece, start in zip(pieces, starts, strict=True):
        for text, first in piece.runs:
            if first is not None:
                placed.append(Placed(start, len(text), first))
            start += len(text)
    return placed
