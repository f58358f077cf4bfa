"""Where the paragraphs of a document begin, by the way they are cited: `1005.6(b)(2)(i)`."""

import re

from ragslm.types import PATH_SEPARATOR, ParsedDocument, Section

_LAST_MARKER = re.compile(r"\([^()]+\)$|[.-][0-9a-zA-Z]+$")


def beginnings(parsed: ParsedDocument, label: str) -> list[int]:
    """Offsets at which the paragraph `label` begins; empty if the document has none.

    A paragraph is the section that is named by the label, alone or followed by a heading: `4.2 Limits`. If
    there is none, it is an item of the section around it: a line that begins with the label's last marker,
    `(i)` or `i.`.
    """
    if found := [section.start for section in parsed.sections if _is_named(section, label)]:
        return found
    marker = _LAST_MARKER.search(label)
    if marker is None:
        return []
    around = beginnings(parsed, label[: marker.start()])
    items = (_item(parsed, start, marker.group()) for start in around)
    return [item for item in items if item is not None]


def _item(parsed: ParsedDocument, start: int, marker: str) -> int | None:
    """The first line after `start` that begins with the marker, in the section there or where it goes on."""
    written = re.escape(marker) if marker.startswith("(") else re.escape(f"{marker[1:]}.")
    line = re.compile(rf"^{written}\s", re.MULTILINE)
    path = next(section.path for section in parsed.sections if section.start <= start < section.end)
    parts = (s for s in parsed.sections if s.path == path and s.end > start)
    found = (line.search(parsed.text, max(start, part.start), part.end) for part in parts)
    return next((match.start() for match in found if match), None)


def _is_named(section: Section, label: str) -> bool:
    name = section.path.rpartition(PATH_SEPARATOR)[2]
    return name == label or name.startswith(f"{label} ")
