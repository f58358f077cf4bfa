"""What an encoder reads of a table: the words of its rows. Their figures mean nothing to it, and the headings
that are repeated before each of them crowd out what tells one row from another. Search by words reads both.
"""

import re

_CELL = " | "
_CODE = "(?:USD|EUR|GBP|CHF|JPY|CAD|AUD|SEK|NOK|DKK|PLN|INR)"
_SIGNS = "[-–—−+(]{0,3}"
_FIGURE = re.compile(  # $ (1,577 )%, 12.00 EUR, 28 % (a); or a dash
    rf"{_SIGNS}(?:{_CODE} )?[$€£¥]?\s?\s?{_SIGNS}\d[\d.,]*[\s)%x]*{_CODE}?(?:\(\w\))?"
    r"|[-–—−*$€£¥%()]+|N/?[AM]"
)
_YEAR = re.compile(r"(?:19|20)\d\d(?: ?\(\w\))?")


def without_figures(text: str) -> str:
    """The text; of its table rows, cells that hold a figure only by their heading, and that once.

    `Net sales | 2018: $32,765 | 2017: $31,657` becomes `Net sales | 2018 | 2017`, and the row after it its
    label alone. A year that stands by itself is a heading.
    """
    if _CELL not in text:
        return text
    said: set[str] = set()
    return "\n".join(line for row in text.split("\n") if (line := _worded(row, said)) or not row)


def _worded(row: str, said: set[str]) -> str:
    if _CELL not in row:
        return row
    kept: list[str] = []
    for cell in row.split(_CELL):
        heading, _, value = cell.strip().rpartition(": ")
        if not _FIGURE.fullmatch(value) or (not heading and _YEAR.fullmatch(value)):
            kept.append(cell)
        elif heading and heading not in said:
            said.add(heading)
            kept.append(heading)
    return _CELL.join(kept)
