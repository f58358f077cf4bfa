"""What a PDF page is drawn of: how much of it is pictures, and how all but its letters is left out."""

from collections.abc import Iterator
from itertools import repeat
from typing import Any

from ragslm_connectors._formats._pdf_words import Box

_DEEPEST = 8  # forms within forms; what lies deeper counts as a picture and is left out


def share_of_pictures(page: Any) -> float:
    """How much of a pypdfium2 page its pictures cover, 0 to 1. Overlaps count twice."""
    from pypdfium2 import PdfMatrix

    left, bottom, right, top = page.get_bbox()
    covered = 0.0
    for one in _pictures(page, PdfMatrix(), _DEEPEST):
        across = min(one[2], right) - max(one[0], left)
        up = min(one[3], top) - max(one[1], bottom)
        covered += max(0.0, across) * max(0.0, up)
    whole = (right - left) * (top - bottom)
    return min(1.0, covered / whole) if whole > 0 else 0.0


def leave_letters(page: Any) -> None:
    """Take from the open page, not from its file, all that is no text; what is left is drawn in black.

    Pictures, lines, shadings and what no one knows can show words that are in no text.
    """
    _leave_letters(page, _DEEPEST)


def is_seen(textpage: Any, index: int) -> bool:
    """Whether a character is drawn to be seen, and its font says which it is."""
    from pypdfium2 import raw

    if raw.FPDFText_HasUnicodeMapError(textpage.raw, index) == 1:
        return False
    item = raw.FPDFText_GetTextObject(textpage.raw, index)
    unseen = (raw.FPDF_TEXTRENDERMODE_INVISIBLE, raw.FPDF_TEXTRENDERMODE_CLIP)
    return bool(item) and raw.FPDFTextObj_GetTextRenderMode(item) not in unseen


def _leave_letters(holder: Any, depth: int) -> None:
    from pypdfium2 import raw

    for item, kind in _inside(holder):
        if kind == raw.FPDF_PAGEOBJ_TEXT:
            raw.FPDFPageObj_SetFillColor(item, 0, 0, 0, 255)
        elif kind == raw.FPDF_PAGEOBJ_FORM and depth:
            _leave_letters(item, depth - 1)
        else:
            raw.FPDFPageObj_SetIsActive(item, False)


def _pictures(holder: Any, matrix: Any, depth: int) -> Iterator[Box]:
    """The bounds of every picture, in points of the page. `matrix` leads there from the holder."""
    from pypdfium2 import PdfMatrix, raw

    for item, kind in _inside(holder):
        if kind == raw.FPDF_PAGEOBJ_FORM and depth:
            own = raw.FS_MATRIX()
            raw.FPDFPageObj_GetMatrix(item, own)
            yield from _pictures(item, PdfMatrix.from_raw(own).multiply(matrix), depth - 1)
        elif kind in (raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_FORM):
            yield matrix.on_rect(*_bounds(item))


def _inside(holder: Any) -> Iterator[tuple[Any, int]]:
    """Every object of a page or form, and its kind."""
    from pypdfium2 import PdfPage, raw

    if isinstance(holder, PdfPage):
        holder, count, get = holder.raw, raw.FPDFPage_CountObjects, raw.FPDFPage_GetObject
    else:
        count, get = raw.FPDFFormObj_CountObjects, raw.FPDFFormObj_GetObject
    number = max(0, count(holder))
    items = list(map(get, repeat(holder, number), range(number)))  # a page of a filing has 4,000
    return zip(items, map(raw.FPDFPageObj_GetType, items), strict=True)


def _bounds(item: Any) -> Box:
    from ctypes import c_float

    from pypdfium2 import raw

    edges = [c_float() for _ in range(4)]
    raw.FPDFPageObj_GetBounds(item, *edges)
    left, bottom, right, top = (edge.value for edge in edges)
    return left, bottom, right, top
