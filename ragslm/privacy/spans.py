"""Findings before they are replaced: which of several overlapping ones wins, and what is left alone."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

_LAP = 200
"""Characters that two windows share: the longest address has fewer."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something personal in a text; `by_field` findings come from the format and always win."""

    entity: str
    start: int
    end: int
    score: float
    by_field: bool = False

    @property
    def rank(self) -> tuple[bool, float, int]:
        """Higher wins: field, then score, then length."""
        return (self.by_field, self.score, self.end - self.start)


def settle(findings: Iterable[Finding]) -> list[Finding]:
    """The findings that win, sorted, without overlaps.

    What a loser covers beyond the winner is not let go: the free part stays as a finding of its own, so
    that an overlap never uncovers a character somebody found personal.
    """
    chosen: list[Finding] = []
    starts: list[int] = []
    for finding in sorted(_joined(findings), key=lambda f: (f.rank, -f.start), reverse=True):
        for part in _free(finding, chosen, starts):
            at = bisect_right(starts, part.start)
            starts.insert(at, part.start)
            chosen.insert(at, part)
    return chosen


def _joined(findings: Iterable[Finding]) -> list[Finding]:
    """Overlapping findings of one type as one, with the higher score."""
    joined: dict[tuple[str, bool], list[Finding]] = {}
    for f in sorted(findings, key=lambda f: (f.start, f.end)):
        row = joined.setdefault((f.entity, f.by_field), [])
        if row and row[-1].end > f.start and not f.by_field:
            last = row.pop()
            f = Finding(f.entity, last.start, max(last.end, f.end), max(last.score, f.score))
        row.append(f)
    return [f for row in joined.values() for f in row]


def _free(finding: Finding, chosen: Sequence[Finding], starts: Sequence[int]) -> list[Finding]:
    """The parts of `finding` no chosen one covers; `chosen` is sorted and free of overlaps."""
    at = max(0, bisect_right(starts, finding.start) - 1)
    position, parts = finding.start, []
    while at < len(chosen) and chosen[at].start < finding.end:
        if chosen[at].end > position:
            parts.append((position, chosen[at].start))
            position = chosen[at].end
        at += 1
    parts.append((position, finding.end))
    return [
        Finding(finding.entity, start, end, finding.score, finding.by_field)
        for start, end in parts
        if start < end
    ]


def trimmed(text: str, findings: Iterable[Finding]) -> Iterator[Finding]:
    """The findings without white space and separators at their ends; those with nothing else are gone."""
    for f in findings:
        value = text[f.start : f.end]
        if not re.search(r"\w", value):
            continue
        start = f.start + len(value) - len(value.lstrip(" \t\r\n\0,;"))
        yield Finding(f.entity, start, f.start + len(value.rstrip(" \t\r\n\0,;")), f.score, f.by_field)


def unprotected(findings: Iterable[Finding], protected: Sequence[tuple[int, int]]) -> Iterator[Finding]:
    """What of the findings lies outside every protected span. `protected` is sorted, without overlaps."""
    taken = [Finding("", start, end, 0.0) for start, end in protected]
    starts = [start for start, _ in protected]
    for finding in findings:
        yield from _free(finding, taken, starts)


@dataclass(frozen=True, slots=True)
class Window:
    """A part of a text that is read by itself.

    Attributes:
        start: 0-based offset of its first character.
        end: offset behind its last one.
        last: whether the text ends with it.
    """

    start: int
    end: int
    last: bool

    def of(self, text: str) -> str:
        """What the window shows of the text."""
        return text[self.start : self.end]

    def placed(self, found: Iterable[Finding]) -> Iterator[Finding]:
        """Findings in the window as findings in the text.

        What touches an edge may be half of something; the window beside this one shows the whole of it,
        unless it is longer than what both show.
        """
        length = self.end - self.start
        for f in found:
            cut = (f.start == 0 and self.start > 0) or (f.end == length and not self.last)
            if not cut or f.end - f.start >= _LAP:
                yield Finding(f.entity, f.start + self.start, f.end + self.start, f.score)


def windows(text: str, size: int = 10_000) -> Iterator[Window]:
    """Windows that cover `text`, each of at most `size` characters, cut at blank lines, lines or spaces.

    Each shows the end of the one before it too: a card number has spaces, and so has a name.

    Args:
        text: what is read.
        size: characters, above 800: two windows share up to 400.
    """
    start = 0
    while len(text) - start > size:
        half, end = start + size // 2, start + size
        cut = next(
            (at + len(m) for m in ("\n\n", "\n", ". ", " ") if (at := text.rfind(m, half, end)) > 0), end
        )
        yield Window(start, cut, last=False)
        start = text.rfind(" ", cut - 2 * _LAP, cut - _LAP) + 1 or cut - _LAP
    yield Window(start, len(text), last=True)
