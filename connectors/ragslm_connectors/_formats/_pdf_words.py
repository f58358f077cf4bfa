"""Words of one PDF page with their boxes, in the order in which the page draws them."""

import ctypes
import math
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

_SOFT_HYPHENS = frozenset({0x02, 0xAD, 0xFFFE})
_BREAKS = frozenset({0x0A, 0x0D})
_SAMPLE = 100  # words looked at to find the direction of a page's text
_FORCE_BOLD = 1 << 18  # font descriptor flag. Source: ISO 32000-1, table 123
_BOLD_NAMES = ("bold", "black", "heavy", "semibold", "demi")


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

    runs = _runs(textpage, raw)
    turn = _direction(textpage, [first for _, first, _, _ in runs], raw)
    words: list[Word] = []
    for text, first, breaks, joins in runs:
        begin = _upright(_box(textpage, first, raw), turn)
        end = _upright(_box(textpage, first + len(text) - 1, raw), turn)
        words.append(
            Word(
                text,
                first,
                min(begin[0], end[0]),
                min(begin[1], end[1]),
                max(begin[2], end[2]),
                max(begin[3], end[3]),
                breaks,
                joins,
            )
        )
    return words


def is_bold(textpage: Any, index: int) -> bool:
    """Whether the character's font is a bold one, by its name or flags."""
    from pypdfium2 import raw

    flags, name = ctypes.c_int(), ctypes.create_string_buffer(128)
    raw.FPDFText_GetFontInfo(textpage.raw, index, name, 128, flags)
    text = name.value.decode("latin-1").lower()
    return bool(flags.value & _FORCE_BOLD) or any(part in text for part in _BOLD_NAMES)


def _runs(textpage: Any, raw: Any) -> list[tuple[str, int, bool, bool]]:
    """Runs of characters between blanks: text, index of the first, new line before, soft hyphen after."""
    get, handle = raw.FPDFText_GetUnicode, textpage.raw
    runs: list[tuple[str, int, bool, bool]] = []
    letters: list[str] = []
    breaks = True
    for index in range(textpage.count_chars() + 1):
        code = get(handle, index) if index < textpage.count_chars() else 0
        if code > 32 and not 127 <= code <= 160 and code not in _SOFT_HYPHENS and not 0xD800 <= code < 0xE000:
            letters.append(chr(code))
            continue
        if letters:
            runs.append(("".join(letters), index - len(letters), breaks, code in _SOFT_HYPHENS))
            letters, breaks = [], False
        breaks = breaks or code in _BREAKS
    return runs


def _box(textpage: Any, index: int, raw: Any) -> tuple[float, float, float, float]:
    """Left, bottom, right, top of a character, with its font's full height."""
    rect = raw.FS_RECTF()
    raw.FPDFText_GetLooseCharBox(textpage.raw, index, rect)
    return rect.left, min(rect.bottom, rect.top), rect.right, max(rect.bottom, rect.top)


def _direction(textpage: Any, indexes: list[int], raw: Any) -> int:
    """Degrees, clockwise in quarter turns, that most of the words are turned by."""
    sample = indexes[:: max(1, len(indexes) // _SAMPLE)]
    angles = Counter(
        round(math.degrees(raw.FPDFText_GetCharAngle(textpage.raw, i)) / 90) * 90 % 360 for i in sample
    )
    return angles.most_common(1)[0][0] if angles else 0


def _upright(box: tuple[float, float, float, float], turn: int) -> tuple[float, float, float, float]:
    """The box after turning the page back by `turn` degrees about the origin."""
    left, bottom, right, top = box
    if turn == 90:
        return -top, left, -bottom, right
    if turn == 180:
        return -right, -top, -left, -bottom
    if turn == 270:
        return bottom, -right, top, -left
    return box
