"""Pieces of a document that a passage never cuts: rows, short paragraphs, sentences of long ones."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from ragslm._sentences import split
from ragslm._spans import Replacement, overlaps
from ragslm.types import BlockKind, ParsedDocument

LONGEST_SENTENCE = 2
"""A sentence longer than this many targets is no sentence: it is cut at blanks."""
LONGEST_ROW = 8
"""A row longer than this many targets holds a text in a cell: it is cut at blanks."""
STRETCH = 10_000
"""Characters given to the sentence cutter at once; its time grows faster than the text."""


@dataclass(frozen=True, slots=True)
class Atom:
    """A span of the parsed text that stays whole.

    Attributes:
        kind: of the block it is or belongs to.
        page: index of the page it starts on, -1 if there are no pages.
        section: index of the section it starts in, -1 if it is in none.
    """

    start: int
    end: int
    kind: BlockKind
    page: int
    section: int


def atoms(parsed: ParsedDocument, replacements: Sequence[Replacement], target: int) -> list[Atom]:
    """Atoms in order, without overlap, which together hold every visible character but artifacts.

    No replacement crosses the border of an atom, so none crosses the border of a passage.
    """
    places = _Places(parsed)
    pieces = (
        piece
        for start, end, kind in _regions(parsed)
        if kind != "artifact"
        for part in places.parts(start, end, kind)
        for piece in _pieces(parsed.text, *part, kind, target)
    )
    return _whole((places.atom(start, end, kind) for start, end, kind in pieces), replacements)


class _Places:
    """Looks up the page and the section of an offset."""

    def __init__(self, parsed: ParsedDocument) -> None:
        self._pages = sorted((page.start, i) for i, page in enumerate(parsed.pages))
        self._sections = sorted((s.start, s.end, i) for i, s in enumerate(parsed.sections))
        self._turns = [start for start, _ in self._pages]
        self._starts = [start for start, _, _ in self._sections]
        self._bounds = sorted({*self._turns, *self._starts})

    def parts(self, start: int, end: int, kind: BlockKind) -> Iterator[tuple[int, int]]:
        """A region, cut where a page or section begins inside it; a row or record stays whole."""
        if kind not in ("row", "record"):
            for bound in self._bounds[bisect_right(self._bounds, start) : bisect_left(self._bounds, end)]:
                yield start, bound
                start = bound
        yield start, end

    def atom(self, start: int, end: int, kind: BlockKind) -> Atom:
        """The atom with its page and its innermost section."""
        turn = max(0, bisect_right(self._turns, start) - 1)
        page = self._pages[turn][1] if self._pages else -1
        found = bisect_right(self._starts, start) - 1
        inside = found >= 0 and start < self._sections[found][1]
        return Atom(start, end, kind, page, self._sections[found][2] if inside else -1)


def _regions(parsed: ParsedDocument) -> Iterator[tuple[int, int, BlockKind]]:
    """Blocks, and as paragraphs whatever lies between them."""
    position = 0
    for block in sorted(parsed.blocks, key=lambda block: (block.start, block.end)):
        start = max(block.start, position)
        if start > position:
            yield position, start, "paragraph"
        if block.end > start:
            yield start, block.end, block.kind
            position = block.end
    if position < len(parsed.text):
        yield position, len(parsed.text), "paragraph"


def _pieces(
    text: str, start: int, end: int, kind: BlockKind, target: int
) -> Iterator[tuple[int, int, BlockKind]]:
    """A region as it is if it is short, otherwise by sentences, otherwise by words.

    A long record is its first sentence; the others follow it as paragraphs of its section.
    """
    start, end = _trimmed(text, start, end)
    if kind == "row":
        spans: Iterable[tuple[int, int]] = _bounded(text, start, end, LONGEST_ROW * target)
    elif end - start <= target:
        spans = [(start, end)]
    else:
        spans = (
            part
            for a, b in _bounded(text, start, end, STRETCH)
            for c, d in split(text[a:b])
            for part in _bounded(text, a + c, a + d, LONGEST_SENTENCE * target)
        )
    for number, (a, b) in enumerate((a, b) for a, b in spans if b > a):
        yield a, b, "paragraph" if number and kind == "record" else kind


def _bounded(text: str, start: int, end: int, limit: int) -> Iterator[tuple[int, int]]:
    """The span, in pieces of at most `limit` characters ending at a line break, a blank or anywhere."""
    while end - start > limit:
        floor, ceiling = start + limit // 2, start + limit
        breaks = (text.rfind(blank, floor, ceiling) for blank in ("\n", " "))
        cut = next((found for found in breaks if found >= 0), ceiling)
        yield _trimmed(text, start, cut)
        start = cut
    yield _trimmed(text, start, end)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())


def _whole(found: Iterable[Atom], replacements: Sequence[Replacement]) -> list[Atom]:
    """Atoms that share a replacement become one, and take in all of it."""
    joined: list[Atom] = []
    position = 0
    for atom in found:
        while position < len(replacements) and replacements[position].end <= atom.start:
            position += 1
        grown, at = atom, position
        while at < len(replacements) and overlaps(
            grown.start, grown.end, replacements[at].start, replacements[at].end
        ):
            one = replacements[at]
            grown = replace(grown, start=min(grown.start, one.start), end=max(grown.end, one.end))
            at += 1
        if joined and grown.start < joined[-1].end:
            joined[-1] = replace(joined[-1], end=max(joined[-1].end, grown.end))
        else:
            joined.append(grown)
    return joined
