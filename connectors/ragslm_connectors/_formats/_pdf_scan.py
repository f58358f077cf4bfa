"""Pages that are pictures: which they are, what was read on them, and what of them may be shown."""

from collections.abc import Iterator, Sequence
from typing import Any

from ragslm.types import WordBox
from ragslm_connectors._formats._ocr import in_lines, read_picture
from ragslm_connectors._formats._pdf_draw import (
    Box,
    Placed,
    blank,
    box_of,
    canvas,
    copy,
    light_up,
    png,
)
from ragslm_connectors._formats._pdf_objects import is_seen, leave_letters
from ragslm_connectors._formats._pdf_words import Word, read_words

_COVERED = 0.5  # share of the page under its pictures
_LOGO = 0.02  # share of the page; a patient's label of 50 by 25 mm is 2 % of A4
_FINE = 10  # parts of a point that a drawn word is measured in
_PAD = 3  # pixels around a word: what its box leaves out of its letters


def holds_pictures(share: float) -> bool:
    """Whether pictures that cover this share of a page can say something: fewer than 2 % are a logo."""
    return share >= _LOGO


def is_picture(share: float, *, has_text: bool) -> bool:
    """Whether a page is to be read by its looks.

    Pictures cover half of it, whatever is drawn beside or over them: a fax header, a stamp, a layer of unseen
    text. Without text any picture that can say something is enough.
    """
    return share > _COVERED or (not has_text and holds_pictures(share))


def read_page(page: Any) -> list[Word]:
    """Words drawn on a page that is a picture, and those read in the picture, in lines from top to bottom.

    Of a word that is both, the drawn one. Empty if the picture says nothing else: then the page is laid out
    as any other.

    Raises:
        QuarantineError: Tesseract failed or took too long.
    """
    drawn = _drawn_words(page)
    read = [word for word in read_picture(page) if not _lies_in(word, drawn)]
    return in_lines([*drawn, *read]) if read else []


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
    """PNG of a page that was read. Spans and boxes refer to the document's text.

    With `only_words` the paper is blank but for words that are not hidden: what Tesseract did not read nobody
    scrubbed, so no one sees it who is not cleared. A drawn word is shown without what lies below it.
    """
    image = canvas(page, width)
    if only_words:
        image = _words(page, [box for box in boxes if not _touched(box, hidden)], image)
    light_up(image, _areas(boxes, marks, image.size))
    for area in _areas(boxes, hidden, image.size):
        image.paste((0, 0, 0), area)
    return png(image)


def _words(page: Any, boxes: Sequence[WordBox], image: Any) -> Any:
    """White paper with the words of these boxes; `image` is the whole page."""
    across, up = page.get_size()
    drawn = _drawn_words(page)
    leave_letters(page)
    letters = canvas(page, image.width)
    shown = blank(image)
    for box in boxes:
        word = Word("", 0, box.left * across, (1 - box.bottom) * up, box.right * across, (1 - box.top) * up)
        copy(_pixels(box, 0.0, 1.0, image.size), letters if _lies_in(word, drawn) else image, shown)
    return shown


def _drawn_words(page: Any) -> list[Word]:
    """Words of which every letter is drawn to be seen. Boxes in points of the page as it is shown."""
    width, height = page.get_size()
    size = (round(width * _FINE), round(height * _FINE))
    found: list[Word] = []
    textpage = page.get_textpage()
    try:
        for word in read_words(textpage):
            letters = range(word.first, word.first + len(word.text))
            if all(is_seen(textpage, index) for index in letters):
                boxes = [box_of(page, textpage, index, size) for index in letters]
                left, bottom = min(box.left for box in boxes), max(box.bottom for box in boxes)
                right, top = max(box.right for box in boxes), min(box.top for box in boxes)
                edges = (left / _FINE, height - bottom / _FINE, right / _FINE, height - top / _FINE)
                found.append(Word(word.text, 0, *edges))
    finally:
        textpage.close()
    return found


def _lies_in(word: Word, others: Sequence[Word]) -> bool:
    """Whether most of a word's box is covered by the boxes of others."""
    covered = 0.0
    for other in others:
        across = min(word.right, other.right) - max(word.left, other.left)
        up = min(word.top, other.top) - max(word.bottom, other.bottom)
        if across > 0 and up > 0:
            covered += across * up
    return 2 * covered > (word.right - word.left) * word.height


def _touched(box: WordBox, spans: Sequence[tuple[int, int]]) -> bool:
    return any(start < box.end and box.start < end for start, end in spans)


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
