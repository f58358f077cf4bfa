"""What a PDF tells of itself: its title, where the file's name tells nothing, and the date it holds for."""

import re
from datetime import date, datetime
from typing import Any

_WORD = re.compile(r"[^\W\d_]{3,}")
_PREFIX = re.compile(r"^(?:Microsoft (?:Word|PowerPoint|Excel)\s*-\s*)", re.IGNORECASE)
_NO_TITLE = re.compile(
    r"untitled.*|.*\.(?:docx?|pptx?|xlsx?|pdf|indd|qxd|html?|rtf|tmp)|(?:new )?(?:document|scan|image)\s*\d*",
    re.IGNORECASE,
)
_NAMELESS = frozenset(
    {"scan", "scanned", "img", "image", "doc", "document", "file", "page", "copy", "untitled"}
)
_COVER = 6000  # characters of the first page that are looked at
_MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_DAY = rf"(?P<day>{_MONTH} \d{{1,2}}, (?:19|20)\d\d)"
_DATES = (
    re.compile(rf"\bfor the (?:fiscal |quarterly )?(?:year|quarter|period) ended:?\s+{_DAY}", re.IGNORECASE),
    re.compile(rf"\bdate of report\b[^.]{{0,60}}?{_DAY}", re.IGNORECASE),
    re.compile(rf"\beffective(?: date| as of)?:?\s+{_DAY}", re.IGNORECASE),
)


def about_of(pdf: Any) -> str | None:
    """The title among a PDF's properties, if a person could have written it."""
    title = _PREFIX.sub("", pdf.get_metadata_value("Title") or "").strip()
    letters = sum(character.isalpha() for character in title)
    sensible = len(_WORD.findall(title)) >= 2 and letters > 0.5 * len(title) and len(title) <= 200
    return title if sensible and not _NO_TITLE.fullmatch(title) else None


def says_little(name: str) -> bool:
    """Whether a file's name holds no word of its own, such as `scan0001` or an accession number.

    Else the name stays the title: of 14 annual reports' properties, 11 held a number, a filing date of
    another year or the agency's name.
    """
    return not {word.casefold() for word in _WORD.findall(name)} - _NAMELESS


def date_on_cover(text: str) -> date | None:
    """The day that a report's first page says it holds for.

    Not the day the file was made: a report of July 2022 was printed to its PDF in May 2023.
    """
    head = " ".join(text[:_COVER].split())
    for pattern in _DATES:
        if found := pattern.search(head):
            try:
                return datetime.strptime(found["day"].title(), "%B %d, %Y").date()
            except ValueError:
                continue
    return None
