"""The line in front of every indexed passage that says where it comes from.

A question names company and year, the passage with the answer names neither (FACTS.md): `title › section ›
page N · date`, and for rows cut off from the top of their table its caption and column headings.
"""

import re
from collections.abc import Sequence
from datetime import date

from ragslm.ingest.atoms import Atom
from ragslm.ingest.packing import SHORT_LINE, tables
from ragslm.types import PATH_SEPARATOR

LONGEST_PATH = 160
"""Characters of a section path kept, from its end: an encoder reads 256 word pieces in all."""
LONGEST_CONTEXT = 100
"""Characters of each line of a table's context."""

_FORM = re.compile(r"\b(10|8|20|6|11)[ -]?([KQF])\b", re.IGNORECASE)
_QUARTER = re.compile(r"\b((?:19|20)\d\d)[ -]?Q([1-4])\b", re.IGNORECASE)
_UNITS = re.compile(
    r"\b(?:millions|thousands|billions)\b|[$€£(]\s*(?:[A-Z]{3}\s*)?(?:million|thousand|billion)\b",
    re.IGNORECASE,
)
_TOTAL = re.compile(r"total\b", re.IGNORECASE)
_VALUES = re.compile(r"\| [^|:]{1,60}: ")
_UNITS_REACH = 16


def searchable(title: str) -> str:
    """A title in the words of questions: `10-K` for `10K`, `2023 Q4` for `2023Q4`, none of our separators."""
    title = _FORM.sub(lambda m: f"{m[1]}-{m[2].upper()}", title)
    title = _QUARTER.sub(lambda m: f"{m[1]} Q{m[2]}", title)
    return " ".join(title.replace("›", ">").split())


def header(
    title: str, section: str | None, page: int | None, day: date | None, context: Sequence[str] = ()
) -> str:
    """One line. All parts are scrubbed already."""
    parts = [searchable(title), _shortened(section or "", title), f"page {page}" if page is not None else ""]
    line = PATH_SEPARATOR.join(part for part in parts if part)
    extra = [day.isoformat() if day else "", *context]
    return " · ".join([line, *(" ".join(part.split()) for part in extra if part.strip())])


def contexts(text: str, found: Sequence[Atom]) -> dict[int, tuple[tuple[int, int], ...]]:
    """Spans to repeat above a passage that begins inside a table, by the start of its first row.

    Caption or unit line above the table, its row of column headings, and the label of the group of rows.
    """
    spans: dict[int, tuple[tuple[int, int], ...]] = {}
    for first, end in tables(found):
        top = [*_caption(text, found, first), *_headings(text, found[first])]
        label: Atom | None = None
        for atom in found[first + 1 : end]:
            values = " | " in text[atom.start : atom.end]
            group = [(label.start, label.end)] if label and values else []
            spans[atom.start] = tuple(dict.fromkeys([*top, *group]))
            if values and _TOTAL.match(text, atom.start):
                label = None  # a total closes its group
            elif not values and atom.end - atom.start <= LONGEST_CONTEXT:
                label = atom
    return spans


def _caption(text: str, found: Sequence[Atom], first: int) -> list[tuple[int, int]]:
    """The nearest short line above, unless its rows repeat it, and the nearest that names the unit."""
    above: list[tuple[int, int]] = []
    repeated = set(_words(text, found[min(first + 1, len(found) - 1)])) | set(_words(text, found[first]))
    for index in range(first - 1, max(-1, first - 1 - _UNITS_REACH), -1):
        atom = found[index]
        if atom.page != found[first].page:
            break
        names_unit = _UNITS.search(text, atom.start, atom.end) is not None
        short = atom.end - atom.start <= SHORT_LINE
        if not names_unit and repeated.issuperset(_words(text, atom)):
            continue
        caption = not above and atom.kind not in (
            "heading",
            "row",
            "record",
        )  # headings are the section's path already
        if short and (names_unit or caption):
            above.append((atom.start, atom.end))
        if names_unit or not short:
            break
    return above[::-1]


def _words(text: str, atom: Atom) -> list[str]:
    return text[atom.start : atom.end].replace(":", " ").casefold().split()


def _headings(text: str, first: Atom) -> list[tuple[int, int]]:
    """The first row, if it holds headings and not values under headings."""
    row = text[first.start : first.end]
    return [] if _VALUES.search(row) or len(row) > LONGEST_CONTEXT else [(first.start, first.end)]


def _shortened(path: str, title: str) -> str:
    """The end of a section path, whole parts, without repeating the title."""
    parts = [" ".join(part.split()) for part in path.split(PATH_SEPARATOR)]
    parts = [part for part in parts if part and part.casefold() != title.casefold()]
    kept: list[str] = []
    for part in reversed(parts):
        if kept and sum(map(len, kept)) + len(part) > LONGEST_PATH:
            break
        kept.append(part[:LONGEST_PATH])
    return PATH_SEPARATOR.join(reversed(kept))
