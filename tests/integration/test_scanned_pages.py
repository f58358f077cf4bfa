"""Pages that are pictures of text: read in the confined worker, lit up, shown no further than their words."""

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
