"""Offset arithmetic between a parsed original and its scrubbed text."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T")


class Replacement(NamedTuple):
    """`original[start:end]` became `text`. Offsets refer to the original."""

    start: int
    end: int
    text: str


def overlaps(a_start: int, a_end: int, b_start: int, b_end: int) -> bool:
    """Whether two half-open spans share a character."""
    return a_start < b_end and b_start < a_end


class Overlapping(Generic[T]):
    """Those of many spans that share a character with one, found without a look at all of them.

    Args:
        items: in any order; they may overlap.
        span: start and end of one.
    """

    def __init__(self, items: Iterable[T], span: Callable[[T], tuple[int, int]]) -> None:
        placed = sorted(((*span(item), item) for item in items), key=lambda one: one[:2])
        self._placed = placed
        self._starts = [start for start, _, _ in placed]
        self._reach = list(accumulate((end for _, end, _ in placed), max))

    def found(self, start: int, end: int) -> list[T]:
        """Items whose span overlaps `[start, end)`, by their start."""
        first, last = bisect_right(self._reach, start), bisect_left(self._starts, end)
        return [item for s, e, item in self._placed[first:last] if overlaps(s, e, start, end)]


def apply(text: str, replacements: Iterable[Replacement]) -> str:
    """Replace sorted, non-overlapping spans of `text`."""
    parts: list[str] = []
    position = 0
    for start, end, new in replacements:
        parts += (text[position:start], new)
        position = end
    parts.append(text[position:])
    return "".join(parts)


def within(replacements: Sequence[Replacement], start: int, end: int) -> tuple[Replacement, ...]:
    """The replacements that touch `[start, end)`."""
    return tuple(r for r in replacements if overlaps(r.start, r.end, start, end))


def shift(replacements: Iterable[Replacement], by: int) -> tuple[Replacement, ...]:
    """The same replacements with offsets moved by `by` characters."""
    return tuple(Replacement(r.start + by, r.end + by, r.text) for r in replacements)


@dataclass(frozen=True, slots=True)
class OffsetMap:
    """Maps offsets between an original text and the text after `replacements`.

    A position inside a replaced span maps to that span's start (or end, for the end of a span), so
    a mapped span always covers whole replacements.
    """

    replacements: tuple[Replacement, ...]
    _starts: tuple[int, ...] = field(init=False, repr=False)
    _new_starts: tuple[int, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        grown = 0
        new_starts: list[int] = []
        for start, end, text in self.replacements:
            new_starts.append(start + grown)
            grown += len(text) - (end - start)
        object.__setattr__(self, "_starts", tuple(r.start for r in self.replacements))
        object.__setattr__(self, "_new_starts", tuple(new_starts))

    def to_scrubbed(self, start: int, end: int) -> tuple[int, int]:
        """Original span to scrubbed span, widened to whole replacements."""
        return (
            self._forward(start, end_side=False),
            self._forward(end, end_side=True),
        )

    def to_original(self, start: int, end: int) -> tuple[int, int]:
        """Scrubbed span to original span, widened to whole replacements."""
        return (
            self._backward(start, end_side=False),
            self._backward(end, end_side=True),
        )

    def _forward(self, position: int, *, end_side: bool) -> int:
        i = bisect_right(self._starts, position - end_side) - 1
        if i < 0:
            return position
        r, new_start = self.replacements[i], self._new_starts[i]
        if position < r.end or (end_side and position == r.end):
            return new_start + len(r.text) if end_side else new_start
        return new_start + len(r.text) + position - r.end

    def _backward(self, position: int, *, end_side: bool) -> int:
        i = bisect_right(self._new_starts, position - end_side) - 1
        if i < 0:
            return position
        r, new_start = self.replacements[i], self._new_starts[i]
        new_end = new_start + len(r.text)
        if position < new_end or (end_side and position == new_end):
            return r.end if end_side else r.start
        return r.end + position - new_end
