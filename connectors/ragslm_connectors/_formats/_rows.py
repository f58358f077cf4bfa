"""Table rows as text that can be read, and found, without the table around it."""

import re
from collections.abc import Sequence

from ragslm_connectors._formats._builder import one_line

_VALUE = re.compile(
    r"[(\[+\-–—−]?\s*(?:[$€£¥]|US\$|USD|EUR)?\s*[(\-–—−]?\s*\d[\d.,/ ]*\s*"
    r"(?:%|pts?|bps|x|[$€£¥]|[KMB])?\s*\)?\s*%?\*?|[$€£¥%\s]*[-–—−]+\s*%?|n/?[am]|nm",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:FY\s?)?(?:19|20)\d\d[AE]?", re.IGNORECASE)


def is_value(cell: str) -> bool:
    """Whether a cell is a number, an amount, a percentage or a sign that there is none."""
    return _VALUE.fullmatch(cell.strip()) is not None


def is_year(cell: str) -> bool:
    """Whether a cell is a calendar or fiscal year."""
    return _YEAR.fullmatch(cell.strip()) is not None


def headings_of(rows: Sequence[Sequence[str]]) -> list[str] | None:
    """The first row as column headings, if it has a text or year in every column that has values."""
    if len(rows) < 2 or len(rows[0]) < 2:
        return None
    first = [one_line(cell) for cell in rows[0]]
    if not all(first[1:]) or any(is_value(cell) and not is_year(cell) for cell in first):
        return None
    return first if len(set(first[1:])) == len(first) - 1 else None


def row_text(cells: Sequence[str], headings: Sequence[str] | None = None) -> str:
    """Cells joined by ` | `, each with its column's heading: `Item | 2018: 1,577 | 2017: 1,373`.

    Empty cells are left out; cells beyond the headings stand alone.
    """
    parts: list[str] = []
    for position, cell in enumerate(cells):
        value = one_line(cell)
        if not value:
            continue
        heading = one_line(headings[position]) if headings and position < len(headings) else ""
        parts.append(f"{heading}: {value}" if heading and heading != value else value)
    return " | ".join(parts)
