"""Pages that are pictures of text: read in the confined worker, lit up, shown no further than their words."""

import ctypes
import io
import shutil
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image, ImageChops, ImageDraw, ImageFont

import ragslm_connectors
from ragslm.ingest.messages import ParseFailure
from ragslm.ingest.parsing import ParserPool
from ragslm.settings import IngestSettings
from ragslm.types import ParsedDocument, SourceDocument
from ragslm_connectors._formats.pdf import PdfParser

needs_tesseract = pytest.mark.skipif(
    shutil.which("tesseract") is None, reason="Tesseract is not installed: apt-get install tesseract-ocr"
)
SAMPLE = Path(ragslm_connectors.__file__).parent / "samples/banking/reg-dd-truth-in-savings.pdf"
SIZE = (1654, 2339)  # A4 at 200 dpi
SENTENCE = "The patient Jane Miller takes warfarin at the same time each day."


def scan(*lines: tuple[int, int, str]) -> Image.Image:
    image = Image.new("L", SIZE, 255)
    font = ImageFont.load_default(size=34)
    for x, y, text in lines:
        ImageDraw.Draw(image).text((x, y), text, font=font, fill=0)
    return image


def pdf(*pages: Image.Image) -> bytes:
    out = io.BytesIO()
    pages[0].save(out, "PDF", resolution=200, save_all=True, append_images=pages[1:])
    return out.getvalue()


@pytest.fixture(scope="module")
def content() -> bytes:
    table = [(150, 230, "In millions"), (1100, 230, "2022"), (1350, 230, "2021")]
    table += [(150, 300, "Cash and cash equivalents"), (1100, 300, "12,945"), (1350, 300, "9,408")]
    first = scan((150, 150, "Consolidated Balance Sheets"), *table, (150, 700, SENTENCE))
    ImageDraw.Draw(first).line([(200, 1800), (500, 1700), (800, 1850), (900, 1650)], fill=0, width=9)
    return pdf(first, scan((150, 150, "Inventories are stated at cost.")))


@pytest.fixture(scope="module")
def parsed(content: bytes) -> ParsedDocument:
    pool = ParserPool(["generic"], IngestSettings())
    try:
        return pool.parse(SourceDocument(uri="file:///scan.pdf", content=content)).document
    finally:
        pool.close()


FAX = "Received by fax 2024-03-02 09:14 from the cardiology clinic, page 1 of 1 pages, transmission complete"


def with_text(content: bytes, text: str, *, y: float, size: float = 9, seen: bool = True) -> bytes:
    """The document with a line of text on its first page, drawn over the picture."""
    raw = pypdfium2.raw
    with pypdfium2.PdfDocument(content) as pdf:
        page = pdf[0]
        line = raw.FPDFPageObj_NewTextObj(pdf.raw, b"Helvetica", size)
        raw.FPDFText_SetText(
            line,
            ctypes.cast(ctypes.create_string_buffer(text.encode("utf-16-le") + b"\0\0"), raw.FPDF_WIDESTRING),
        )
        if not seen:
            raw.FPDFTextObj_SetTextRenderMode(line, raw.FPDF_TEXTRENDERMODE_INVISIBLE)
        raw.FPDFPageObj_Transform(line, 1, 0, 0, 1, 54, y)
        raw.FPDFPage_InsertObject(page.raw, line)
        page.gen_content()
        out = io.BytesIO()
        pdf.save(out)
    return out.getvalue()


@pytest.fixture(scope="module")
def faxed(content: bytes) -> bytes:
    return with_text(content, FAX, y=820)


def read(content: bytes) -> ParsedDocument:
    return PdfParser().parse(SourceDocument(uri="file:///scan.pdf", content=content))


def picture(content: bytes, parsed: ParsedDocument, **how: object) -> Image.Image:
    end = parsed.pages[0].end
    boxes = [box for box in parsed.boxes if box.start < end]
    png = PdfParser().render(content, 1, boxes=boxes, **how)  # type: ignore[arg-type]
    return Image.open(io.BytesIO(png)).convert("RGB")


@needs_tesseract
def test_the_worker_reads_rows_sentences_and_pages(parsed: ParsedDocument) -> None:
    assert "Cash and cash equivalents | 2022: 12,945 | 2021: 9,408" in parsed.text
    assert SENTENCE in parsed.text
    assert [page.number for page in parsed.pages] == [1, 2]
    assert parsed.text[parsed.pages[1].start :].strip() == "Inventories are stated at cost."
    assert parsed.unread == ()


@needs_tesseract
def test_every_word_has_its_box(parsed: ParsedDocument) -> None:
    words = [parsed.text[box.start : box.end] for box in parsed.boxes]
    assert " ".join(words).startswith("Consolidated Balance Sheets In millions 2022 2021")
    drawn = sum(len(word) for word in words)
    added = sum(len(part) for part in ("2022:", "2021:", "|")) + 3  # headings and bars put into the rows
    assert drawn + added >= len("".join(parsed.text.split()))


@needs_tesseract
def test_a_mark_lights_up_its_words_only(content: bytes, parsed: ParsedDocument) -> None:
    start = parsed.text.index("Jane")
    plain = picture(content, parsed)
    changed = ImageChops.difference(plain, picture(content, parsed, marks=[(start, start + 11)])).getbbox()
    assert changed is not None
    left, top, right, bottom = (edge / plain.width for edge in changed)
    assert 0.15 < left < right < 0.35
    assert bottom - top < 0.04


@needs_tesseract
def test_who_is_not_cleared_sees_words_that_were_read_and_not_hidden(
    content: bytes, parsed: ParsedDocument
) -> None:
    start = parsed.text.index("Jane")
    seen = picture(content, parsed, hidden=[(start, start + 11)], only_words=True)
    width, height = seen.size
    signature = seen.crop((0, int(0.6 * height), width, height))  # ink that nobody read, and nobody scrubbed
    assert signature.getcolors() == [(signature.width * signature.height, (255, 255, 255))]
    box = next(box for box in parsed.boxes if box.start == start)
    name = seen.crop(
        (int(box.left * width), int(box.top * height), int(box.right * width), int(box.bottom * height))
    )
    assert name.getcolors() == [(name.width * name.height, (0, 0, 0))]


@needs_tesseract
def test_a_fax_header_switches_no_reading_off_and_nothing_is_said_twice(faxed: bytes) -> None:
    parsed = read(faxed)
    assert parsed.text.startswith(FAX)
    assert parsed.text.count("cardiology") == parsed.text.count(SENTENCE) == 1
    assert parsed.unread == ()


@needs_tesseract
def test_below_a_fax_header_only_words_are_shown(faxed: bytes) -> None:
    parsed = read(faxed)
    start = parsed.text.index("Jane")
    image = picture(faxed, parsed, hidden=[(start, start + 11)], only_words=True)
    width, height = image.size
    signature = image.crop((0, int(0.6 * height), width, height))
    assert signature.getcolors() == [(signature.width * signature.height, (255, 255, 255))]
    head = image.crop((0, 0, width, int(0.04 * height)))
    assert ImageChops.invert(head).getbbox() is not None  # the header is shown
    box = next(box for box in parsed.boxes if box.start == start)
    inside = (int(box.left * width), int(box.top * height), int(box.right * width), int(box.bottom * height))
    assert {colour for _, colour in image.crop(inside).getcolors(9) or ()} == {(0, 0, 0)}


@needs_tesseract
def test_a_drawn_word_shows_nothing_of_the_picture_below_it(content: bytes) -> None:
    """A harmless word over a name in the picture: the name stays unseen."""
    height = 842 - (700 + 30) * 72 / 200
    covered = with_text(content, "Harmless words that stand over the name", y=height, size=12)
    parsed = read(covered)
    assert "Harmless words" in parsed.text
    bare = with_text(pdf(scan()), "Harmless words that stand over the name", y=height, size=12)
    line = [box for box in parsed.boxes if "Harmless" in parsed.text[box.start : box.end]]
    shown, plain = (
        Image.open(io.BytesIO(PdfParser().render(one, 1, boxes=line, only_words=True))).convert("RGB")
        for one in (covered, bare)
    )
    assert shown == plain


@needs_tesseract
def test_an_unseen_layer_of_text_is_not_believed(content: bytes) -> None:
    """What another program read may stand elsewhere than it says: Tesseract's words count."""
    parsed = read(with_text(content, "The patient is well and goes home. " * 3, y=600, seen=False))
    assert "goes home" not in parsed.text
    assert SENTENCE in parsed.text


def test_without_tesseract_the_reason_names_the_line_that_mends_it(
    content: bytes, tmp_path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    pool = ParserPool(["generic"], IngestSettings())
    with pytest.raises(ParseFailure, match="apt-get install tesseract-ocr") as raised:
        pool.parse(SourceDocument(uri="file:///scan.pdf", content=content))
    pool.close()
    assert raised.value.again  # tried again in the next run


def test_a_scan_among_pages_of_text_is_told_and_the_rest_goes_in(
    content: bytes, tmp_path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pypdfium2.PdfDocument(SAMPLE.read_bytes()) as mixed, pypdfium2.PdfDocument(content) as scanned:
        mixed.import_pages(scanned, [0], index=1)
        out = io.BytesIO()
        mixed.save(out)
    monkeypatch.setenv("PATH", str(tmp_path))
    pool = ParserPool(["generic"], IngestSettings())
    parsed = pool.parse(SourceDocument(uri="file:///mixed.pdf", content=out.getvalue())).document
    pool.close()
    assert parsed.unread == (2,)
    assert "Tiering Method A" in parsed.text


def test_without_tesseract_a_faxed_scan_is_told(
    faxed: bytes, tmp_path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    pool = ParserPool(["generic"], IngestSettings())
    parsed = pool.parse(SourceDocument(uri="file:///fax.pdf", content=faxed)).document
    pool.close()
    assert parsed.unread == (1, 2)
    assert parsed.text.strip() == FAX


def test_behind_a_scan_words_are_shown_only_where_the_page_is_known_to_start(content: bytes) -> None:
    """Read again, the scan may be longer or shorter; what is hidden behind it would lie beside its words."""
    with pypdfium2.PdfDocument(content) as scanned, pypdfium2.PdfDocument(SAMPLE.read_bytes()) as text:
        scanned.import_pages(text, [0], index=1)
        out = io.BytesIO()
        scanned.save(out)
    parsed = read(out.getvalue())
    shown, white = (
        Image.open(io.BytesIO(PdfParser().render(out.getvalue(), 2, only_words=True, page_start=start)))
        for start in (parsed.pages[1].start, None)
    )
    assert len(white.getcolors(100_000) or ()) == 1
    assert len(shown.getcolors(100_000) or ()) > 1
