"""What stands above a table row for the whole table: its unit ("in millions"), its headings, its group."""

import re

from ragslm.grounding.reading.numbers import declared_scales
from ragslm.grounding.reading.rows import BAR

_LINES = 40
"""Lines looked at above a row; annual reports' tables are seldom longer on a page."""
_LONGEST = 160
_VALUES = re.compile(r"\d")


def frame(text: str, start: int) -> str:
    """The nearest line above the row at `start` that declares a scale, and the label of the row's group.

    Empty if nothing above the row, on the lines looked at, declares one.
    """
    group = ""
    for line in reversed(text[:start].rstrip("\n").split("\n")[-_LINES:]):
        if declared_scales(line):
            return f"{line.strip()}\n{group}".strip()
        if len(line) > _LONGEST:
            break
        if not group and BAR not in line and not _VALUES.search(line):
            group = line.strip()
    return ""
