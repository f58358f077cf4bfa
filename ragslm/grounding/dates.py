"""Dates and fiscal periods in any common form, as far as each one is precise."""

import re
from dataclasses import dataclass

_MONTHS = "january february march april may june july august september october november december".split()
_MONTH = (
    r"(?P<month>"
    + "|".join(f"{m}|{m[:3]}" if m != "september" else "september|sept|sep" for m in _MONTHS)
    + r")\.?"
)
_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_QUARTERS = {"first": 1, "second": 2, "third": 3, "fourth": 4}
_FORMS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b{_YEAR}-(?P<mm>[01]\d)-(?P<day>[0-3]\d)(?!\d)",
        rf"\b{_MONTH}\s+{_DAY}\s*,?\s+{_YEAR}\b",
        rf"\b{_DAY}\s+(?:of\s+)?{_MONTH}\s*,?\s+{_YEAR}\b",
        rf"\b{_MONTH}\s*,?\s+(?:of\s+)?{_YEAR}\b",
        rf"\b(?P<a>\d{{1,2}})[/.](?P<b>\d{{1,2}})[/.]{_YEAR}\b",
        rf"\bQ(?P<quarter>[1-4])(?:\s*(?:of\s+)?(?:fiscal\s+(?:year\s+)?)?{_YEAR})?\b",
        rf"\b(?P<word>first|second|third|fourth)\s+quarter(?:\s+(?:of\s+)?(?:fiscal\s+(?:year\s+)?)?{_YEAR})?\b",
        r"\b(?:FY|fiscal(?:\s+year)?)\s*['’]?(?P<fiscal>(?:20)?\d\d)\b",
        rf"\b{_MONTH}\s+{_DAY}(?![\d,.]*\d)\b",
        rf"\b{_DAY}\s+{_MONTH}\b",
    )
)


@dataclass(frozen=True, slots=True)
class Date:
    """A date as precise as it was written; None where it says nothing. `other`: day and month swapped."""

    start: int
    end: int
    year: int | None = None
    month: int | None = None
    day: int | None = None
    quarter: int | None = None
    other: tuple[int, int] | None = None

    def says(self, claimed: "Date") -> bool:
        """Whether everything `claimed` states is stated here too."""
        if self.other != claimed.other and (self.other or claimed.other):
            return False  # 01/05 is written by two conventions; only the same writing is the same date
        pairs = (
            (claimed.year, self.year),
            (claimed.month, self.month),
            (claimed.day, self.day),
            (claimed.quarter, self.quarter),
        )
        return all(want is None or want == have for want, have in pairs)


def dates(text: str) -> list[Date]:
    """Dates and periods of `text`, left to right, without overlaps; bare years are numbers, not dates."""
    found: list[Date] = []
    for form in _FORMS:
        for match in form.finditer(text):
            if all(match.end() <= d.start or match.start() >= d.end for d in found):
                date = _read(match)
                if date:
                    found.append(date)
    return sorted(found, key=lambda date: date.start)


def _read(match: re.Match[str]) -> Date | None:
    parts = {name: value for name, value in match.groupdict().items() if value}
    year = int(parts["year"]) if "year" in parts else None
    if "fiscal" in parts:
        year = int(parts["fiscal"]) + (2000 if len(parts["fiscal"]) == 2 else 0)
    if "a" in parts:
        a, b = int(parts["a"]), int(parts["b"])
        if a > 12 or b > 12:
            a, b = min(a, b), max(a, b)
            return Date(match.start(), match.end(), year, a, b)
        return Date(match.start(), match.end(), year, other=(a, b))
    quarter = int(parts["quarter"]) if "quarter" in parts else _QUARTERS.get(parts.get("word", "").lower())
    month = int(parts["mm"]) if "mm" in parts else _month(parts.get("month"))
    day = int(parts["day"]) if "day" in parts else None
    # "may 5" in running text is as often a verb and a number as a date.
    if year is None and parts.get("month") == "may":
        return None
    return Date(match.start(), match.end(), year, month, day, quarter)


def _month(name: str | None) -> int | None:
    return (
        None if name is None else next(i for i, m in enumerate(_MONTHS, 1) if m.startswith(name.lower()[:3]))
    )
