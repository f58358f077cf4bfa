"""Columns of running text that a page draws line by line across, put into reading order.

Most producers draw one column after the other. Where one does not, a gap stands at the same place in line
after line; columns of running text go on in small letters, cells of a table do not.
"""

from collections.abc import Sequence
from itertools import pairwise

from ragslm_connectors._formats._pdf_words import Word

_FEWEST = 5  # lines drawn across both columns
_GUTTER = 1.0  # line heights
_SMALL = 0.3  # share of lines on either side that go on in a small letter
_SHORTEST = 15  # characters of a column's line, on average
_EDGE = 3.0  # points by which the right column's left edge may vary

Words = list[Word]


def in_columns(lines: Sequence[Words]) -> list[Words]:
    """The lines; where they run across two columns, the left column's lines and then the right one's."""
    ordered: list[Words] = []
    start = 0
    while start < len(lines):
        edge = _edge(lines, start)
        end = start
        while edge is not None and end < len(lines) and _halves(lines[end], edge) is not None:
            end += 1
        if edge is not None and end > start and (split := _split(lines[start:end], edge)):
            ordered += split
            start = end
        else:
            ordered.append(lines[start])
            start += 1
    return ordered


def _edge(lines: Sequence[Words], start: int) -> float | None:
    """Left edge of the right column, if the line has one wide gap."""
    words = lines[start]
    gaps = [b.left for a, b in pairwise(words) if b.left - a.right > _GUTTER * b.height]
    return gaps[0] if len(gaps) == 1 else None


def _halves(words: Words, edge: float) -> tuple[Words, Words] | None:
    """Words left and right of the gutter; None for a line that runs through it."""
    right = [word for word in words if word.left > edge - _EDGE]
    left = [word for word in words if word.left <= edge - _EDGE]
    if right and abs(right[0].left - edge) > _EDGE:
        return None
    if left and edge - left[-1].right < _GUTTER * left[-1].height:
        return None
    return left, right


def _split(lines: Sequence[Words], edge: float) -> list[Words]:
    """Left lines, then right lines; empty if this is no running text in two columns."""
    halves = [half for half in (_halves(line, edge) for line in lines) if half is not None]
    across = [half for half in halves if all(half)]
    if len(across) < _FEWEST or not all(_runs_on([half[side] for half in across]) for side in (0, 1)):
        return []
    return [half[side] for side in (0, 1) for half in halves if half[side]]


def _runs_on(lines: Sequence[Words]) -> bool:
    """Whether these lines are one text rather than one cell each."""
    texts = [" ".join(word.text for word in line) for line in lines]
    small = sum(text[:1].islower() for text in texts[1:])
    return small >= _SMALL * (len(texts) - 1) and sum(map(len, texts)) >= _SHORTEST * len(texts)
