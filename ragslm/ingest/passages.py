"""Cuts a parsed document into passages, each with the line that says where it comes from."""

import datetime as dt
import hashlib
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ragslm._spans import Replacement, apply, shift
from ragslm.ingest.atoms import Atom, atoms
from ragslm.ingest.headers import LONGEST_CONTEXT, contexts, header
from ragslm.ingest.packing import pack
from ragslm.types import ParsedDocument, Passage

CHUNKER = "passages-4"
"""Version of the cut, the header and what of them is embedded. Another one asks for a rebuild of what is
stored."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A passage, its header and the replacements inside it, as offsets in the parsed original."""

    passage: Passage
    header: str = field(repr=False)
    replacements: tuple[Replacement, ...] = field(repr=False)

    @property
    def indexed(self) -> str:
        """What is embedded."""
        return f"{self.header}\n{self.passage.text}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where passages come from: what each of them carries of its document.

    Attributes:
        document_id: id of the document.
        title: scrubbed.
        sections: scrubbed form of every section path of the document.
    """

    document_id: str
    uri: str = field(repr=False)
    title: str = field(repr=False)
    date: dt.date | None = None
    sections: Mapping[str, str] = field(default_factory=dict, repr=False)


def cut(
    parsed: ParsedDocument, replacements: Sequence[Replacement], origin: Origin, *, target: int
) -> list[Cut]:
    """Passages of about `target` characters, in order.

    They hold every visible character of the text but artifacts, do not overlap, and lie on one page each,
    unless one replacement or row does not. `text` is exactly the passage's span of the original with
    `replacements` (sorted, without overlap) applied, of which none crosses a passage's border.
    """
    found = atoms(parsed, replacements, target)
    above = contexts(parsed.text, found)
    cutter = _Cutter(parsed, replacements, origin, above)
    return [cutter.cut(group) for group in pack(parsed.text, found, target)]


def document_id(domain: str, uri: str) -> str:
    """Id of a document, the same for every version of it: 24 hex digits."""
    return hashlib.sha256(f"{domain}\0{uri}".encode("utf-8", "surrogatepass")).hexdigest()[:24]


def passage_id(document: str, start: int, end: int, text: str) -> int:
    """Stable id of a passage, 63 bits: the same place with the same text is the same passage."""
    digest = hashlib.sha256(f"{document}\0{start}\0{end}\0{text}".encode()).digest()
    return int.from_bytes(digest[:8]) >> 1


class _Cutter:
    """Makes passages of groups of atoms of one document."""

    def __init__(
        self,
        parsed: ParsedDocument,
        replacements: Sequence[Replacement],
        origin: Origin,
        above: Mapping[int, tuple[tuple[int, int], ...]],
    ) -> None:
        self._parsed = parsed
        self._replacements = replacements
        self._origin = origin
        self._above = above
        self._starts = [r.start for r in replacements]
        self._ends = [r.end for r in replacements]

    def cut(self, group: Sequence[Atom]) -> Cut:
        start, end = group[0].start, group[-1].end
        inside = self._inside(start, end)
        text = apply(self._parsed.text[start:end], shift(inside, -start))
        page, path = self._page(group[0]), self._section(group)
        section = self._origin.sections[path] if path else None
        passage = Passage(
            id=passage_id(self._origin.document_id, start, end, text),
            document_id=self._origin.document_id,
            uri=self._origin.uri,
            title=self._origin.title,
            page=page,
            section=section,
            text=text,
            start=start,
            end=end,
            date=self._origin.date,
        )
        context = [self._scrubbed(*span) for span in self._above.get(start, ())]
        return Cut(passage, header(self._origin.title, section, page, self._origin.date, context), inside)

    def _inside(self, start: int, end: int) -> tuple[Replacement, ...]:
        """Replacements that touch the span."""
        first = bisect_right(self._ends, start)
        return tuple(self._replacements[first : bisect_left(self._starts, end)])

    def _scrubbed(self, start: int, end: int) -> str:
        """A line of context."""
        text = apply(self._parsed.text[start:end], shift(self._inside(start, end), -start))
        return text[:LONGEST_CONTEXT]

    def _page(self, first: Atom) -> int | None:
        return self._parsed.pages[first.page].number if first.page >= 0 else None

    def _section(self, group: Sequence[Atom]) -> str | None:
        """The section that most of the passage lies in."""
        share: Counter[int] = Counter()
        for atom in group:
            share[atom.section] += atom.end - atom.start
        best = share.most_common(1)[0][0]
        return self._parsed.sections[best].path or None if best >= 0 else None
