import io
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image, ImageChops

import ragslm_connectors
from ragslm.errors import NotFoundError
from ragslm.protocols import PageRenderer
from ragslm.types import PageSpan, ParsedDocument, SourceDocument
from ragslm_connectors._formats._pdf_lines import lines_of
from ragslm_connectors._formats._pdf_tables import assign, columns_above, text_tables
from ragslm_connectors._formats._pdf_words import Word
from ragslm_connectors._formats.pdf import PdfParser

PDF = Path(ragslm_connectors.__file__).parent / "samples/banking/reg-dd-truth-in-savings.pdf"
BLACK = (0, 0, 0)


@pytest.fixture(scope="module")
def content() -> bytes:
    return PDF.read_bytes()


@pytest.fixture(scope="module")
def parsed(content: bytes) -> ParsedDocument:
    return PdfParser().parse(SourceDocument(uri="file:///x.pdf", content=content))


def picture(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png)).convert("RGB")


def page_of(parsed: ParsedDocument, position: int) -> PageSpan:
    return next(page for page in parsed.pages if page.start <= position < page.end)


def words(*rows: tuple[str, ...]) -> list[Word]:
    """Words at `x:text`, ten points high, a row every twelve points."""
    found, index = [], 0
    for number, row in enumerate(rows):
        for part in row:
            x, _, text = part.partition(":")
            left, top = float(x), 700.0 - 12 * number
            found.append(Word(text, index, left, top - 10, left + 5 * len(text), top))
            index += len(text)
    return found


def test_pages_headings_and_table_rows(parsed: ParsedDocument) -> None:
    assert len(parsed.pages) >= 3
    assert any(s.path.endswith("12 CFR 1030.4 Account disclosures.") for s in parsed.sections)
    rows = [parsed.text[b.start : b.end] for b in parsed.blocks if b.kind == "row"]
    expected = "Interest rate (percent): 5.75 | Deposit balance required to earn rate: Above $15,000."
    assert expected in rows


def test_values_get_the_heading_they_stand_under() -> None:
    lines = lines_of(
        words(
            ("10:(Millions)", "200:2018", "260:2017"),
            ("10:Cash", "180:$", "205:1,577", "255:1,373"),
            ("10:Debt", "190:(1,577)", "272:—"),
        )
    )
    columns = columns_above(lines, 0)
    assert [column.heading for column in columns] == ["2018", "2017"]
    assert [cell.text for cell in lines[1].cells] == ["Cash", "$1,577", "1,373"]
    for line in lines[1:]:
        assert assign(line.cells, columns) == [None, "2018", "2017"]


def test_headings_over_several_columns_are_put_before() -> None:
    lines = lines_of(
        words(
            ("210:Three", "330:Six"),
            ("200:2018", "240:2017", "320:2018", "360:2017"),
            ("10:Cash", "200:1111", "240:2222", "320:3333", "360:4444"),
        )
    )
    assert [c.heading for c in columns_above(lines, 1)] == [
        "Three 2018",
        "Three 2017",
        "Six 2018",
        "Six 2017",
    ]


def test_doubtful_headings_are_left_out() -> None:
    lines = lines_of(words(("10:Cash", "200:1111", "240:2222"), ("10:Debt", "200:3333", "240:4444")))
    assert columns_above(lines, 0) == []
    assert assign(lines[0].cells, []) is None


def test_two_columns_of_running_text_are_no_table() -> None:
    text = ("10:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "190:bbbbbbbbbbbbbbbbbbbbb")
    assert text_tables(lines_of(words(text, text, text))) == {}


def test_it_renders(content: bytes) -> None:
    parser = PdfParser()
    assert isinstance(parser, PageRenderer)
    image = picture(parser.render(content, 1, width=600))
    assert image.width == 600
    with pytest.raises(NotFoundError):
        parser.render(content, 99)


def test_marks_light_up_their_words_only(content: bytes, parsed: ParsedDocument) -> None:
    start = parsed.text.index("Interest rate (percent): 5.25")
    page = page_of(parsed, start)
    end = parsed.text.index("\n", start)
    plain = picture(PdfParser().render(content, page.number))
    marked = picture(PdfParser().render(content, page.number, marks=[(start, end)]))
    box = ImageChops.difference(plain, marked).getbbox()
    assert box is not None
    assert box[3] - box[1] < 40  # one row of the table


def test_hidden_words_leave_no_pixel(content: bytes, parsed: ParsedDocument) -> None:
    """Two pages that differ in hidden words alone must look the same: so every changed pixel is black."""
    start = parsed.text.index("Tiering Method A")
    page = page_of(parsed, start)
    parser = PdfParser()
    plain = picture(parser.render(content, page.number))
    hidden = picture(parser.render(content, page.number, hidden=[(start, start + 40)]))
    changed = ImageChops.difference(plain, hidden).convert("L").point(lambda value: 255 if value else 0)
    where = Image.composite(hidden, Image.new("RGB", hidden.size, BLACK), changed)
    assert changed.histogram()[255] > 1000
    assert where.getbbox() is None  # nothing but black where anything changed


def test_hiding_a_whole_page_leaves_no_ink(content: bytes, parsed: ParsedDocument) -> None:
    page = parsed.pages[1]
    image = picture(PdfParser().render(content, 2, hidden=[(page.start, page.end)], width=500))
    colours = {colour for _, colour in image.getcolors(100_000) or ()}
    assert colours == {BLACK, (255, 255, 255)}


@pytest.mark.parametrize("turn", [90, 270])
def test_a_turned_page_reads_the_same_and_is_boxed_out(
    content: bytes, parsed: ParsedDocument, turn: int
) -> None:
    with pypdfium2.PdfDocument(content) as pdf:
        for page in pdf:
            page.set_rotation(turn)
        out = io.BytesIO()
        pdf.save(out)
    turned = PdfParser().parse(SourceDocument(uri="file:///x.pdf", content=out.getvalue()))
    assert turned.text == parsed.text
    page = turned.pages[1]
    image = picture(PdfParser().render(out.getvalue(), 2, hidden=[(page.start, page.end)], width=500))
    assert {colour for _, colour in image.getcolors(100_000) or ()} == {BLACK, (255, 255, 255)}


def test_a_known_page_start_gives_the_same_picture(content: bytes, parsed: ParsedDocument) -> None:
    page = parsed.pages[2]
    marks = [(page.start + 10, page.start + 60)]
    known = PdfParser().render(content, 3, marks=marks, width=300, page_start=page.start)
    assert known == PdfParser().render(content, 3, marks=marks, width=300)


def test_characters_whose_direction_is_no_number_are_read() -> None:
    """Found by fuzzing: a part of the page's stream 51 times."""
    memo = (Path(__file__).parents[2] / "data/formats/fake-memo.pdf").read_bytes()
    content = memo[:140] + memo[140:280] * 51 + memo[280:]
    assert PdfParser().parse(SourceDocument(uri="file:///x.pdf", content=content)).text
