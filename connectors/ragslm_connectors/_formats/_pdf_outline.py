"""What the pages of a PDF tell together: heading levels, running heads, page numbers, the size of text.

A page is laid out from itself alone; here it is decided which of its headings are headings of the document.
That changes the kind of a piece, never its text, so that offsets stay what they are for a page drawn alone.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

from ragslm_connectors._formats._pdf_layout import LARGER, Piece

LEVELS = 6
"""Styles of headings told apart; what is smaller lies on the last level."""
_LEAF = LEVELS + 1
_LONG = 10  # pages from which the first is a cover, whose headings enclose nothing on later pages
_RARE = 2  # pages of such a document on which a style stands that is no level of its own
_FEWEST = 3  # pages that a running head stands on
_MOST = 0.6  # share of the pages from which it says no more than the title
_EDGE = 3  # pieces from the top or the bottom of a page among which it stands
_SHORT = 120  # characters of a running head or foot with the page's number at most
_NUMBER = re.compile(r"(?<!\d)\d{1,4}(?!\d)")
_BARE = re.compile(r"\W*(?:page\W*)?\d{1,4}\W*(?:(?:of|/)\W*\d{1,4}\W*)?", re.IGNORECASE)

Style = tuple[float, bool]


class Outline:
    """The headings of one document. `pages`: the pieces of every page, in order."""

    def __init__(self, pages: Sequence[Sequence[Piece]]) -> None:
        self._cover = {id(piece) for piece in pages[0]} if len(pages) >= _LONG else set()
        self._body = _body(pages)
        seen = Counter(key for pieces in pages for key in {_key(piece) for piece in _edges(pieces)})
        self._pages = len(pages)
        self._artifacts = _numbered(pages)
        self._running = {key: count for key, count in seen.items() if count >= _FEWEST}
        self._levels = self._ranked(pages)

    def level(self, piece: Piece) -> int | None:
        """1 to 7, for a heading of the document, outermost first; None for what is none."""
        if not self._is_heading(piece):
            return None
        encloses = id(piece) not in self._cover and not piece.text.endswith(":")
        return self._levels.get(_style(piece), _LEAF) if encloses else _LEAF

    def is_artifact(self, piece: Piece) -> bool:
        """Whether it only numbers its page: `10-K | 58`, `Page 3 of 12`.

        Source: ISO 32000-1, 14.8.2.2: what is the page's and not the text's is a pagination artifact.
        """
        return id(piece) in self._artifacts

    def chapter(self, pieces: Sequence[Piece]) -> str | None:
        """The running head of a page that names a part of the document, if it has one."""
        named = [
            piece.text
            for piece in pieces[:_EDGE]
            if piece.kind == "heading" and 0 < self._running.get(_key(piece), 0) < _MOST * self._pages
        ]
        return named[-1] if named else None

    def _is_heading(self, piece: Piece) -> bool:
        """Whether a page's heading stands out of the whole document's text and is no running head."""
        if piece.kind != "heading" or _key(piece) in self._running:
            return False
        return piece.bold or piece.size > LARGER * self._body

    def _ranked(self, pages: Sequence[Sequence[Piece]]) -> dict[Style, int]:
        """Level by style: larger before smaller, bold before plain."""
        where: defaultdict[Style, set[int]] = defaultdict(set)
        for number, pieces in enumerate(pages):
            for piece in pieces:
                if self._is_heading(piece) and id(piece) not in self._cover:
                    where[_style(piece)].add(number)
        rare = _RARE if len(pages) >= _LONG else 0
        ranked = sorted((style for style, numbers in where.items() if len(numbers) > rare), reverse=True)
        return {style: min(rank, LEVELS) for rank, style in enumerate(ranked, 1)}


def _body(pages: Sequence[Sequence[Piece]]) -> float:
    """Line height of most of the running text, in points."""
    sizes: Counter[float] = Counter()
    for piece in (piece for pieces in pages for piece in pieces if piece.kind in ("paragraph", "list_item")):
        sizes[round(piece.size, 1)] += len(piece.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def _numbered(pages: Sequence[Sequence[Piece]]) -> set[int]:
    """Ids of last pieces that are alike on several pages but for a number that counts with them, and of such
    first ones that say nothing else: `Exhibit 21` and `Question 3` head pages too, and count with them.
    """
    same: defaultdict[tuple[str, str, int], set[int]] = defaultdict(set)
    for place, pieces in enumerate(pages):
        for piece in _ends(pieces):
            text = piece.text.casefold()
            for number in _NUMBER.finditer(text) if len(text) <= _SHORT else ():
                around = text[: number.start()], text[number.end() :]
                same[*around, int(number.group()) - place].add(id(piece))
    return {piece for pieces in same.values() if len(pieces) >= _FEWEST for piece in pieces}


def _ends(pieces: Sequence[Piece]) -> Sequence[Piece]:
    """Pieces that may number their page; not the only words of one."""
    if len(pieces) < 2:
        return ()
    return [*pieces[:1], pieces[-1]] if _BARE.fullmatch(pieces[0].text) else pieces[-1:]


def _edges(pieces: Sequence[Piece]) -> Sequence[Piece]:
    """Pieces that may be a running head or foot."""
    return [piece for piece in (*pieces[:_EDGE], *pieces[-_EDGE:]) if piece.kind != "row"]


def _key(piece: Piece) -> str:
    """The piece's words."""
    return piece.text.casefold()


def _style(piece: Piece) -> Style:
    return round(piece.size), piece.bold
