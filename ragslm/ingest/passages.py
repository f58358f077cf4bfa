"""Cuts a parsed document into passages on section, page, block and sentence bounds."""

import hashlib
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from ragslm._sentences import split
from ragslm._spans import Replacement, apply, shift, within
from ragslm.types import Block, ParsedDocument, Passage

CHUNKER = "passages-1"
"""Part of the index identity: another way to cut asks for a rebuild."""

LONGEST = 2.0
"""A passage may be this many times the target before a sentence or row is cut inside."""

_UNITS = re.compile(
    r"\(?\b(?:(?:U\.S\. )?dollars |amounts )?in (?:millions|thousands|billions)\b[^\n)]{0,80}\)?"
    r"|\((?:millions|thousands|billions)\b[^\n)]{0,60}\)",
    re.IGNORECASE,
)
_UNITS_REACH = 4000


@dataclass(frozen=True, slots=True)
class Cut:
    """A passage with its source header and the replacements inside it, as offsets in the original."""

    passage: Passage
    header: str
    replacements: tuple[Replacement, ...]


def document_id(domain: str, uri: str) -> str:
    """Stable id of a document: the same for every version of it."""
    return hashlib.sha256(f"{domain}\n{uri}".encode()).hexdigest()[:24]


def passage_id(document: str, start: int, end: int, text: str) -> int:
    """Stable 63-bit id of a passage."""
    digest = hashlib.sha256(f"{document}\n{start}\n{end}\n{text}".encode()).digest()
    return int.from_bytes(digest[:8], "big") >> 1


def cut(
    parsed: ParsedDocument,
    replacements: Sequence[Replacement],
    *,
    document: str,
    uri: str,
    title: str,
    effective_date: date | None,
    sections: Mapping[str, str],
    target: int,
) -> list[Cut]:
    """Passages of about `target` characters.

    `title` is scrubbed already; `sections` gives the scrubbed form of every section path.

    Each passage's text is exactly its span of the original with the replacements applied; no replacement
    crosses a passage's border; together they cover every visible character.
    """
    found: list[Cut] = []
    for start, end in _whole(_packed(parsed, target), replacements):
        inside = within(replacements, start, end)
        text = apply(parsed.text[start:end], shift(inside, -start))
        if not text.strip():
            continue
        page, path = _page(parsed, start), _section(parsed, start)
        passage = Passage(
            id=passage_id(document, start, end, text),
            document_id=document,
            uri=uri,
            title=title,
            page=page,
            section=sections[path] if path else None,
            text=text,
            start=start,
            end=end,
            date=effective_date,
        )
        found.append(Cut(passage, _header(parsed, passage), inside))
    return found


# ---------------------------------------------------------------- where to cut


def _packed(parsed: ParsedDocument, target: int) -> Iterator[tuple[int, int]]:
    """Atoms joined up to the target, never over a page or section border."""
    for region_start, region_end in _regions(parsed):
        start = end = region_start
        for atom_start, atom_end, opens in _atoms(parsed, region_start, region_end, target):
            size = end - start
            if end > start and (size + atom_end - atom_start > target or (opens and size > target // 2)):
                yield start, end
                start = atom_start
            elif end == start:
                start = atom_start
            end = atom_end
        if end > start:
            yield start, end


def _regions(parsed: ParsedDocument) -> Iterator[tuple[int, int]]:
    """Pieces that lie on one page and in one section."""
    cuts = {0, len(parsed.text)}
    cuts |= {page.start for page in parsed.pages} | {section.start for section in parsed.sections}
    ordered = sorted(cuts)
    yield from pairwise(ordered)


def _atoms(parsed: ParsedDocument, start: int, end: int, target: int) -> Iterator[tuple[int, int, bool]]:
    """Pieces that stay whole: rows, short blocks, sentences of long ones. The flag: a heading opens here."""
    position = start
    for block in _blocks_in(parsed, start, end):
        begin, stop = max(block.start, position), min(block.end, end)
        yield from _gap(parsed.text, position, begin, target)
        if block.kind == "row" or stop - begin <= target // 2:
            yield from (
                (a, b, block.kind == "heading") for a, b in _bounded(parsed.text, begin, stop, target)
            )
        else:
            yield from _gap(parsed.text, begin, stop, target)
        position = max(position, stop)
    yield from _gap(parsed.text, position, end, target)


def _blocks_in(parsed: ParsedDocument, start: int, end: int) -> list[Block]:
    first = bisect_left(parsed.blocks, start, key=_start)
    if first and parsed.blocks[first - 1].end > start:
        first -= 1
    return list(parsed.blocks[first : bisect_left(parsed.blocks, end, key=_start)])


def _start(block: Block) -> int:
    return block.start


def _gap(text: str, start: int, end: int, target: int) -> Iterator[tuple[int, int, bool]]:
    """Sentences of running text."""
    if text[start:end].strip():
        for a, b in split(text[start:end]):
            yield from ((c, d, False) for c, d in _bounded(text, start + a, start + b, target))


def _bounded(text: str, start: int, end: int, target: int) -> Iterator[tuple[int, int]]:
    """The span itself, or pieces of it at blanks if it is far too long."""
    limit = int(LONGEST * target)
    while end - start > limit:
        blank = max(
            text.rfind(" ", start + target, start + limit), text.rfind("\n", start + target, start + limit)
        )
        middle = blank if blank > start else start + limit
        yield start, middle
        start = middle
    if start < end:
        yield start, end


def _whole(
    spans: Iterator[tuple[int, int]], replacements: Sequence[Replacement]
) -> Iterator[tuple[int, int]]:
    """Borders moved outwards around a replacement they would cut."""
    floor = 0
    for span_start, span_end in spans:
        start = max(span_start, floor)
        first = _covering(replacements, start)
        last = _covering(replacements, span_end)
        start = start if first is None else max(first.start, floor)
        end = span_end if last is None else last.end
        if end > start:
            yield start, end
            floor = end


def _covering(replacements: Sequence[Replacement], position: int) -> Replacement | None:
    """The replacement that a border at `position` would cut."""
    i = bisect_left(replacements, position, key=lambda r: r.start) - 1
    return replacements[i] if i >= 0 and replacements[i].end > position else None


# ---------------------------------------------------------------- where it comes from


def _page(parsed: ParsedDocument, start: int) -> int | None:
    i = bisect_right([page.start for page in parsed.pages], start) - 1
    return parsed.pages[max(i, 0)].number if parsed.pages else None


def _section(parsed: ParsedDocument, start: int) -> str | None:
    i = bisect_right([section.start for section in parsed.sections], start) - 1
    return parsed.sections[i].path or None if i >= 0 else None


def _header(parsed: ParsedDocument, passage: Passage) -> str:
    """`title › section › page N · date`, with the unit line a table stands under."""
    parts = [passage.title, passage.section or "", f"page {passage.page}" if passage.page else ""]
    header = " › ".join(part for part in parts if part)
    if passage.date is not None:
        header += f" · {passage.date.isoformat()}"
    units = _units(parsed, passage.start)
    return f"{header} · {units}" if units and units not in passage.text else header


def _units(parsed: ParsedDocument, start: int) -> str | None:
    """The nearest "in millions" line above, on the same page."""
    page = next((p for p in reversed(parsed.pages) if p.start <= start), None)
    floor = max(page.start if page else 0, start - _UNITS_REACH)
    found = list(_UNITS.finditer(parsed.text, floor, start))
    return " ".join(found[-1].group().split()) if found else None
