"""Which atoms make a passage: about the target long, on one page, in one section, tables with heading.

A document of records is divided by its elements instead: each record begins a passage, and no passage holds
words of two sections, however short they are. A value is found by the name beside it, and cited by its place.
"""

from collections.abc import Iterator, Sequence

from ragslm.ingest.atoms import Atom

SHORT_LINE = 120
"""Characters up to which a line above a table is its caption."""
ROW_WEIGHT = 1.4
"""Numbers take more word pieces than words: at 900 characters 41 % of the table passages of an annual report
were longer than the 256 pieces the encoder reads, at 900 / 1.4 only 7 %."""
_WEIGHTS = {"row": ROW_WEIGHT, "record": ROW_WEIGHT}
OVERFULL = 1.3
"""A short rest joins its neighbour up to this many targets."""


def pack(text: str, atoms: Sequence[Atom], target: int) -> list[list[Atom]]:
    """Atoms in order, as passages."""
    groups: list[list[Atom]] = []
    current: list[Atom] = []
    breaks = _divides if any(atom.kind == "record" for atom in atoms) else _breaks
    for atom in atoms:
        if current and breaks(current, atom, target):
            kept, carried = _split(text, current, atom, target)
            groups.append(kept)
            current = carried
        current.append(atom)
    groups += [current] if current else []
    return groups if breaks is _divides else _without_rests(groups, target)


def size(*atoms: Atom) -> float:
    """Characters, those of rows and records weighted."""
    return sum((atom.end - atom.start) * _WEIGHTS.get(atom.kind, 1) for atom in atoms)


def is_tiny(group: Sequence[Atom], target: int) -> bool:
    """Too short to be found by itself: a heading, a page number."""
    return size(*group) < target / 4


def _breaks(current: list[Atom], atom: Atom, target: int) -> bool:
    """Whether a new passage begins with the atom."""
    if current[-1].page != atom.page:
        return True
    if all(one.kind == "heading" for one in current):
        return size(*current, atom) > OVERFULL * target
    if size(*current, atom) > target:
        return True
    if current[-1].section != atom.section:
        return _says_something(current, target)
    opens_table = atom.kind == "row" and current[-1].kind != "row"
    return opens_table and size(*current) > target / 2


def _divides(current: list[Atom], atom: Atom, target: int) -> bool:
    """Whether a new passage begins with the atom, in a document of records."""
    if all(one.kind == "heading" for one in current):
        return _breaks(current, atom, target)
    if atom.kind == "record" or current[-1].section != atom.section:
        return True
    return _breaks(current, atom, target)


def _split(text: str, current: list[Atom], atom: Atom, target: int) -> tuple[list[Atom], list[Atom]]:
    """The passage, and what of its end belongs to what follows: headings, captions, a group's label."""
    at = len(current)
    while at > 1 and _belongs_below(text, current[at - 1], atom) and size(*current[at - 1 :]) < target / 3:
        at -= 1
    return current[:at], current[at:]


def _belongs_below(text: str, above: Atom, atom: Atom) -> bool:
    if above.page != atom.page:
        return False
    if above.kind == "heading":
        return True
    if atom.kind != "row":
        return False
    if above.kind == "row":
        return " | " not in text[above.start : above.end]
    return above.end - above.start <= SHORT_LINE and above.section == atom.section


def _without_rests(groups: list[list[Atom]], target: int) -> list[list[Atom]]:
    """A tiny end of a page joins the passage before it on the same page."""
    kept: list[list[Atom]] = []
    for group in groups:
        if (
            kept
            and kept[-1][-1].page == group[0].page
            and is_tiny(group, target)
            and size(*kept[-1], *group) <= OVERFULL * target
            and not _opens(kept[-1], group, target)
        ):
            kept[-1].extend(group)
        else:
            kept.append(group)
    return kept


def _opens(before: Sequence[Atom], group: Sequence[Atom], target: int) -> bool:
    """Whether a short group is a section of its own, with words under its heading, rather than a rest."""
    return before[-1].section != group[0].section and _says_something(group, target)


def _says_something(group: Sequence[Atom], target: int) -> bool:
    """Words under a heading, and more than a page number: a record of one line is a passage of its own."""
    return any(one.kind != "heading" for one in group) and size(*group) > target / 12


def tables(atoms: Sequence[Atom]) -> Iterator[tuple[int, int]]:
    """Runs of rows on one page, as index ranges."""
    start = None
    for index, atom in enumerate(atoms):
        if start is not None and (atom.kind != "row" or atom.page != atoms[start].page):
            yield start, index
            start = None
        if start is None and atom.kind == "row":
            start = index
    if start is not None:
        yield start, len(atoms)
