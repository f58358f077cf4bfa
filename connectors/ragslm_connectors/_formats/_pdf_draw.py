"""Draws a PDF page with spans lit up and spans boxed out; or no more of it than its words."""

import io
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from ragslm_connectors._formats._pdf_objects import is_seen, leave_letters

_MARK = (255, 233, 115)
_WIDTHS = (100, 4000)
_MOST_PIXELS = 40_000_000
_PAD = 2  # pixels: covers what anti-aliasing and slanted glyphs spill over their box


class Placed(NamedTuple):
    """`length` characters of the page from index `first` stand at `start` in the page's text."""

    start: int
    length: int
    first: int


class Box(NamedTuple):
    """Pixels from the top left."""

    left: int
    top: int
    right: int
    bottom: int


def draw(
    page: Any,
    placed: Sequence[Placed],
    *,
    marks: Sequence[tuple[int, int]],
    hidden: Sequence[tuple[int, int]],
    width: int,
    only_words: bool,
) -> bytes:
    """PNG of the page. Spans refer to the page's own text.

    Marks are drawn first and translucent, boxes last and opaque, so that a mark shows nothing hidden. With
    `only_words` the paper is blank but for the letters of `placed`: no picture, line or form, which can hold
    words that are in no text, and no letter whose font does not say which it is.
    """
    image = _letters(page, placed, width) if only_words else canvas(page, width)
    light_up(image, _boxes(page, placed, marks, image.size))
    _black_out(image, _boxes(page, placed, hidden, image.size))
    return png(image)


def blank(image: Any) -> Any:
    """White paper as large as a PIL picture."""
    from PIL import Image

    return Image.new("RGB", image.size, (255, 255, 255))


def copy(area: tuple[int, int, int, int], source: Any, target: Any) -> None:
    """Show this part of one PIL picture in another."""
    target.paste(source.crop(area), area[:2])


def canvas(page: Any, width: int) -> Any:
    """The page as a PIL picture of this width, as far as that is sensible."""
    scale = min(max(width, _WIDTHS[0]), _WIDTHS[1]) / page.get_width()
    scale = min(scale, (_MOST_PIXELS / (page.get_width() * page.get_height())) ** 0.5)
    return page.render(scale=scale, draw_annots=False).to_pil().convert("RGB")


def png(image: Any) -> bytes:
    """A PIL picture as a file."""
    out = io.BytesIO()
    image.save(out, format="PNG")
    return out.getvalue()


def light_up(image: Any, boxes: Iterable[Box]) -> None:
    """As a highlighter does: paper takes the colour, ink stays black."""
    from PIL import Image, ImageChops

    for area in (_padded(image, box, 1) for box in boxes):
        below = image.crop(area)
        image.paste(ImageChops.multiply(below, Image.new("RGB", below.size, _MARK)), area[:2])


def _letters(page: Any, placed: Sequence[Placed], width: int) -> Any:
    """White paper with the letters of `placed` that can be read, each within its own box."""
    leave_letters(page)
    letters = canvas(page, width)
    shown = blank(letters)
    end = max((run.start + run.length for run in placed), default=0)
    for box in _boxes(page, placed, [(0, end)], letters.size, only_seen=True):
        copy(_padded(letters, box, _PAD), letters, shown)
    return shown


def _black_out(image: Any, boxes: Iterable[Box]) -> None:
    """Every pixel becomes black: nothing of what was there can be computed back."""
    for box in boxes:
        image.paste((0, 0, 0), _padded(image, box, _PAD))


def _padded(image: Any, box: Box, pad: int) -> tuple[int, int, int, int]:
    """The box, `pad` pixels larger on every side, within the picture; empty where it lies outside."""
    left, top = max(0, box.left - pad), max(0, box.top - pad)
    right, bottom = min(image.width, box.right + pad), min(image.height, box.bottom + pad)
    return left, top, max(left, right), max(top, bottom)


def _boxes(
    page: Any,
    placed: Sequence[Placed],
    spans: Sequence[tuple[int, int]],
    size: tuple[int, int],
    *,
    only_seen: bool = False,
) -> list[Box]:
    """One box for each run of neighbouring characters of the spans, so that no letter's width shows."""
    textpage = page.get_textpage()
    try:
        found = [
            box_of(page, textpage, index, size)
            for start, end in spans
            for index in _indexes(placed, start, end)
            if not only_seen or is_seen(textpage, index)
        ]
    finally:
        textpage.close()
    return _merged(found)


def _indexes(placed: Sequence[Placed], start: int, end: int) -> Iterable[int]:
    """Characters of the page that stand in `[start, end)` of its text."""
    for run in placed:
        low, high = max(start, run.start), min(end, run.start + run.length)
        yield from range(run.first + low - run.start, run.first + high - run.start)


def box_of(page: Any, textpage: Any, index: int, size: tuple[int, int]) -> Box:
    """The box of one character on a page of this size: its font's full height, and all of its own glyph."""
    import ctypes

    from pypdfium2 import raw

    loose = raw.FS_RECTF()
    raw.FPDFText_GetLooseCharBox(textpage.raw, index, loose)
    tight = [ctypes.c_double() for _ in range(4)]
    raw.FPDFText_GetCharBox(textpage.raw, index, *tight)
    left, right, bottom, top = (value.value for value in tight)
    corners = [
        _device(page, x, y, size)
        for x in (min(left, loose.left), max(right, loose.right))
        for y in (min(bottom, loose.bottom, loose.top), max(top, loose.bottom, loose.top))
    ]
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    return Box(min(xs), min(ys), max(xs), max(ys))


def _device(page: Any, x: float, y: float, size: tuple[int, int]) -> tuple[int, int]:
    import ctypes

    from pypdfium2 import raw

    across, down = ctypes.c_int(), ctypes.c_int()
    raw.FPDF_PageToDevice(page.raw, 0, 0, size[0], size[1], 0, x, y, across, down)
    return across.value, down.value


def _merged(boxes: Sequence[Box]) -> list[Box]:
    """Boxes that follow each other on one line, put together with the blank between them."""
    merged: list[Box] = []
    for box in boxes:
        if merged and _beside(merged[-1], box):
            last = merged.pop()
            box = Box(
                min(last.left, box.left),
                min(last.top, box.top),
                max(last.right, box.right),
                max(last.bottom, box.bottom),
            )
        merged.append(box)
    return merged


def _beside(last: Box, box: Box) -> bool:
    height = max(1, min(last.bottom - last.top, box.bottom - box.top))
    level = min(last.bottom, box.bottom) - max(last.top, box.top) > 0.5 * height
    return level and -height < box.left - last.right < 0.8 * height
