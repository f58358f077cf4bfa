"""Pages that are pictures: which they are, where their words stand, and what of them may be shown."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from ragslm.types import WordBox
from ragslm_connectors._formats._pdf_draw import Box, Placed, canvas, light_up, png
from ragslm_connectors._formats._pdf_layout import Piece
from ragslm_connectors._formats._pdf_words import Word

_FEW = 60  # characters: a stamp or a page number over a picture is not its text
_COVERED = 0.5  # share of the page under one picture
_PAD = 3  # pixels around a word: what its box leaves out of its letters


def is_picture(page: Any, pieces: Iterable[Piece]) -> bool:
    """Whether a pypdfium2 page that says `pieces` is little but one picture, which may be one of text."""
    from pypdfium2 import raw

    drawn = (text for piece in pieces for text, first in piece.runs if first is not None)
    if sum(map(len, drawn)) > _FEW:
        return False
    whole = page.get_width() * page.get_height()
    for item in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=4):
        left, bottom, right, top = item.get_bounds()
        if abs((right - left) * (top - bottom)) > _COVERED * whole:
            return True
    return False


def word_boxes(
    placed: Sequence[Placed], words: Sequence[Word], size: tuple[float, float]
) -> Iterator[WordBox]:
    """Where the placed words of a page of this size, in points, stand. `Placed.first` is a word's number."""
    width, height = size
    for run in placed:
        word = words[run.first]
        yield WordBox(
            run.start,
            run.start + run.length,
            _share(word.left, width),
            _share(height - word.top, height),
            _share(word.right, width),
            _share(height - word.bottom, height),
        )


def draw_scan(
    page: Any,
    boxes: Sequence[WordBox],
    *,
    marks: Sequence[tuple[int, int]],
    hidden: Sequence[tuple[int, int]],
    width: int,
    only_words: bool,
) -> bytes:
    """PNG of a scanned page. Spans and boxes refer to the document's text.

    With `only_words` the paper is blank but for words that were read and are not hidden: what Tesseract did
    not read nobody scrubbed, so no one sees it who is not cleared.
    """
    from PIL import Image

    image = canvas(page, width)
    if only_words:
        shown = Image.new("RGB", image.size, (255, 255, 255))
        for box in boxes:
            if not any(start < box.end and box.start < end for start, end in hidden):
                area = _pixels(box, 0.0, 1.0, image.size)
                shown.paste(image.crop(area), area[:2])
        image = shown
    light_up(image, _areas(boxes, marks, image.size))
    for area in _areas(boxes, hidden, image.size):
        image.paste((0, 0, 0), area)
    return png(image)


def _areas(
    boxes: Sequence[WordBox], spans: Sequence[tuple[int, int]], size: tuple[int, int]
) -> Iterator[Box]:
    """The part of every word that lies in a span."""
    for box in boxes:
        for start, end in spans:
            low, high = max(start, box.start), min(end, box.end)
            if low < high:
                length = box.end - box.start
                yield _pixels(box, (low - box.start) / length, (high - box.start) / length, size)


def _pixels(box: WordBox, begin: float, end: float, size: tuple[int, int]) -> Box:
    """Pixels of a word from share `begin` to share `end` of its width."""
    width, height = size
    across = box.right - box.left
    left, right = box.left + begin * across, box.left + end * across
    return Box(
        max(0, int(left * width) - _PAD),
        max(0, int(box.top * height) - _PAD),
        min(width, int(right * width) + 1 + _PAD),
        min(height, int(box.bottom * height) + 1 + _PAD),
    )


def _share(value: float, whole: float) -> float:
    return round(min(1.0, max(0.0, value / whole)), 5)
