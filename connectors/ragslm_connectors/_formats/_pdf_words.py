"""Words of one PDF page with their boxes, in the order in which the page draws them."""

import ctypes
import math
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

_SOFT_HYPHENS = "\x02\xad\ufffe"
_RUN = re.compile(f"[^\x00-\x20\x7f-\xa0{_SOFT_HYPHENS}\ud800-\udfff]+")
_BREAK = re.compile("[\n\r]")
_SAMPLE = 100  # words looked at to find the direction of a page's text
_FORCE_BOLD = 1 << 18  # font descriptor flag. Source: ISO 32000-1, table 123
_BOLD_NAMES = ("bold", "black", "heavy", "semibold", "demi")

Box = tuple[float, float, float, float]
"""Left, bottom, right, top."""


@dataclass(slots=True)
class Word:
    """Characters `[first, first + len(text))` of the page. Boxes in points, origin at the bottom left.

    Attributes:
        breaks: the page starts a new line before this word.
        joins: the word ends in a soft hyphen and goes on in the next.
    """

    text: str = field(repr=False)
    first: int
    left: float
    bottom: float
    right: float
    top: float
    breaks: bool = False
    joins: bool = False

    @property
    def height(self) -> float:
        """Line height of its font: about 1.15 times the font size."""
        return self.top - self.bottom


def read_words(textpage: Any) -> list[Word]:
    """All words of a page, turned so that most of them run from left to right."""
    from pypdfium2 import raw

    runs = list(_runs(_characters(textpage, raw)))
    turn = _direction(textpage, [first for _, first, _, _ in runs], raw)
    words: list[Word] = []
    box = _boxes(textpage, turn, raw)
    for text, first, breaks, joins in runs:
        left, bottom, right, top = box(first)
        if len(text) > 1:
            end = box(first + len(text) - 1)
            left, bottom = min(left, end[0]), min(bottom, end[1])
            right, top = max(right, end[2]), max(top, end[3])
        words.append(Word(text, first, left, bottom, right, top, breaks, joins))
    return words


def is_bold(textpage: Any, index: int) -> bool:
    """Whether the character's font is a bold one, by its name or flags."""
    from pypdfium2 import raw

    flags, name = ctypes.c_int(), ctypes.create_string_buffer(128)
    raw.FPDFText_GetFontInfo(textpage.raw, index, name, 128, flags)
    text = name.value.decode("latin-1").lower()
    return bool(flags.value & _FORCE_BOLD) or any(part in text for part in _BOLD_NAMES)


def _characters(textpage: Any, raw: Any) -> str:
    """Every character of the page at its index."""
    count = textpage.count_chars()
    units = (ctypes.c_ushort * (2 * count + 1))()
    written = raw.FPDFText_GetText(textpage.raw, 0, count, units)
    text = bytes(memoryview(units)[: max(0, written - 1)]).decode("utf-16-le", "surrogatepass")
    if len(text) == count:
        return text
    # The page's text leaves some characters out; one by one they take four times as long.
    return "".join(chr(raw.FPDFText_GetUnicode(textpage.raw, index)) for index in range(count))


def _runs(text: str) -> Iterator[tuple[str, int, bool, bool]]:
    """Runs of characters between blanks: text, index of the first, new line before, soft hyphen after."""
    end = 0
    for run in _RUN.finditer(text):
        start, before = run.start(), end
        end = run.end()
        breaks = not before or _BREAK.search(text, before, start) is not None
        yield run[0], start, breaks, text[end : end + 1] in _SOFT_HYPHENS and end < len(text)


def _boxes(textpage: Any, turn: int, raw: Any) -> Callable[[int], Box]:
    """What gives a character's box by its index, with its font's full height, after turning the page back."""
    rect = raw.FS_RECTF()
    get, handle, written = raw.FPDFText_GetLooseCharBox, textpage.raw, ctypes.byref(rect)

    def box(index: int) -> Box:
        get(handle, index, written)
        bottom, top = rect.bottom, rect.top
        found = (
            (rect.left, bottom, rect.right, top) if bottom <= top else (rect.left, top, rect.right, bottom)
        )
        return _upright(found, turn) if turn else found

    return box


def _direction(textpage: Any, indexes: list[int], raw: Any) -> int:
    """Degrees, clockwise in quarter turns, that most of the words are turned by."""
    sample = indexes[:: max(1, len(indexes) // _SAMPLE)]
    found = (raw.FPDFText_GetCharAngle(textpage.raw, index) for index in sample)
    # A page whose matrices multiply beyond all numbers has characters without a direction.
    angles = Counter(round(math.degrees(angle) / 90) * 90 % 360 for angle in found if math.isfinite(angle))
    return angles.most_common(1)[0][0] if angles else 0


def _upright(box: Box, turn: int) -> Box:
    """The box after turning the page back by `turn` degrees about the origin."""
    left, bottom, right, top = box
    if turn == 90:
        return -top, left, -bottom, right
    if turn == 180:
        return -right, -top, -left, -bottom
    if turn == 270:
        return bottom, -right, top, -left
    return box
