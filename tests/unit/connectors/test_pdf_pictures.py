"""PDF pages with pictures beside their text: what an uncleared reader sees of them, and which are told."""

import io

import pytest
from PIL import Image, ImageChops

from ragslm.types import SourceDocument
from ragslm_connectors._formats.pdf import PdfParser

WHITE, BLACK = (255, 255, 255), (0, 0, 0)
LETTER = b"BT /F 11 Tf 40 560 Td (The patient Jane Miller takes warfarin at the same time each day.) Tj ET"
RAW = b"/Width 4 /Height 4 /ColorSpace /DeviceGray /BitsPerComponent 8"
DOTS = bytes(60 * (number % 4) for number in range(16))
INLINE = b"q 300 0 0 120 280 600 cm BI /W 4 /H 4 /CS /G /BPC 8 /F /AHx ID " + DOTS.hex().encode() + b"> EI Q"
OUTLINES = b"0 0 0 rg 300 640 40 9 re f 300 655 m 340 690 l 380 640 l h f 2 w 60 500 m 400 500 l S"
FORM = b"q 300 0 0 120 280 600 cm /N Do Q"  # a form within a form, with the picture in the inner one
PICTURE = b"q 300 0 0 120 280 600 cm /I Do Q"
SHADING = b"q 280 600 300 120 re W n /S sh Q"
UNDER_THE_WORDS = b"q 500 0 0 60 30 540 cm /I Do Q"
DRAWINGS = [INLINE, OUTLINES, FORM, PICTURE, SHADING, UNDER_THE_WORDS]


def stream(head: bytes, data: bytes) -> bytes:
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (head, len(data), data)


def pdf(content: bytes) -> bytes:
    """One page of 600 by 800 points with a picture, two nested forms, a shading and two fonts."""
    box = b"/Type /XObject /Subtype /Form /BBox [0 0 1 1]"
    glyphs = (
        b"/FontMatrix [.001 0 0 .001 0 0] /FontBBox [0 0 750 750] /FirstChar 97 /LastChar 97 /Widths [1000]"
    )
    coded = b"/CharProcs << /g1 10 0 R >> /Encoding << /Differences [97 /g1] >>"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R"
        b" /Resources << /XObject << /I 5 0 R /N 6 0 R >>"
        b" /Font << /F 8 0 R /G 9 0 R >> /Shading << /S 11 0 R >> >> >>",
        stream(b"", content),
        stream(b"/Type /XObject /Subtype /Image " + RAW, DOTS),
        stream(box + b" /Resources << /XObject << /M 7 0 R >> >>", b"/M Do"),
        stream(box + b" /Resources << /XObject << /I 5 0 R >> >>", b"/I Do"),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Type /Font /Subtype /Type3 %s %s >>" % (glyphs, coded),
        stream(b"", b"1000 0 0 0 750 750 d1 0 0 750 750 re f"),
        b"<< /ShadingType 2 /ColorSpace /DeviceGray /Coords [280 600 580 720] /Function << /FunctionType 2"
        b" /Domain [0 1] /C0 [0] /C1 [1] /N 1 >> /Extend [true true] >>",
    ]
    out, places = b"%PDF-1.5\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    table += b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(out))
    return out + table + end


def seen(content: bytes, **how: object) -> Image.Image:
    png = PdfParser().render(pdf(content), 1, page_start=0, **how)  # type: ignore[arg-type]
    return Image.open(io.BytesIO(png)).convert("RGB")


def unread(content: bytes) -> tuple[int, ...]:
    return PdfParser().parse(SourceDocument(uri="file:///x.pdf", content=pdf(content))).unread


@pytest.mark.parametrize("drawing", DRAWINGS)
def test_who_is_not_cleared_sees_no_pixel_of_a_drawing(drawing: bytes) -> None:
    """Pages that differ in what is no text look the same to them, and not to others."""
    assert seen(drawing + b" " + LETTER, only_words=True) == seen(LETTER, only_words=True)
    assert seen(drawing + b" " + LETTER) != seen(LETTER)


def test_they_see_the_words_as_they_are_drawn() -> None:
    assert seen(LETTER, only_words=True) == seen(LETTER)


def test_they_see_hidden_words_boxed_out() -> None:
    shown, all_shown = seen(LETTER, only_words=True, hidden=[(12, 23)]), seen(LETTER, only_words=True)
    box = ImageChops.difference(shown, all_shown).getbbox()
    assert box is not None
    assert shown.crop(box).getcolors() == [((box[2] - box[0]) * (box[3] - box[1]), BLACK)]


def test_they_can_read_white_letters_of_a_dark_bar() -> None:
    assert seen(b"1 1 1 rg " + LETTER, only_words=True) == seen(LETTER, only_words=True)


def test_letters_that_no_font_names_are_not_shown_to_them() -> None:
    """A font of drawn signs: what they say is in no text."""
    signs = b" BT /G 30 Tf 40 300 Td (aaa) Tj ET"
    assert seen(LETTER + signs) != seen(LETTER)
    assert seen(LETTER + signs, only_words=True) == seen(LETTER, only_words=True)


def test_a_page_without_text_is_white_to_them() -> None:
    image = seen(OUTLINES, only_words=True)
    assert image.getcolors() == [(image.width * image.height, WHITE)]


@pytest.mark.parametrize(
    ("drawing", "pages"),
    [
        (PICTURE, (1,)),  # 7.5 % of the page
        (INLINE, (1,)),
        (FORM, (1,)),
        (b"q 100 0 0 60 480 720 cm /I Do Q", ()),  # 1.25 %: a logo
        (b" ".join(b"q 300 0 0 10 280 %d cm /I Do Q" % y for y in range(600, 720, 10)), (1,)),  # in strips
        (b"q 3000 0 0 3000 590 0 cm /I Do Q", ()),  # all but 1.7 % lies beside the page
        (OUTLINES, ()),
    ],
)
def test_a_page_with_a_picture_larger_than_a_logo_is_told(drawing: bytes, pages: tuple[int, ...]) -> None:
    assert unread(drawing + b" " + LETTER) == pages
