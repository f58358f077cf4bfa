"""Dates and fiscal periods in any common form, as far as each one is precise."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from ragslm._periods import full_year

_MONTHS = "january february march april may june july august september october november december".split()
_MONTH = (
    r"(?P<month>"
    + "|".join(f"{m}|{m[:3]}" if m != "september" else "september|sept|sep" for m in _MONTHS)
    + r")\.?"
)
_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_OF = r"(?:\s{0,3}(?:of\s+)?(?:the\s+)?(?:fiscal\s+(?:year\s+)?)?"
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4}
_FORMS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b{_YEAR}-(?P<mm>[01]\d)-(?P<day>[0-3]\d)(?!\d)",
        rf"\b{_MONTH}\s+{_DAY}\s*,?\s+{_YEAR}\b",
        rf"\b{_DAY}\s+(?:of\s+)?{_MONTH}\s*,?\s+{_YEAR}\b",
        rf"\b{_MONTH}\s*,?\s+(?:of\s+)?{_YEAR}\b",
        rf"\b(?P<a>\d{{1,2}})[/.](?P<b>\d{{1,2}})[/.]{_YEAR}\b",
        rf"\b{_YEAR}[\s-]?Q(?P<quarter>[1-4])\b",
        rf"\bQ(?P<quarter>[1-4]){_OF}(?:{_YEAR}|['’](?P<fiscal>\d\d)))?\b",
        r"\b(?P<quarter>[1-4])Q\s?['’]?(?P<fiscal>(?:20)?\d\d)\b",
        rf"\b(?P<word>first|second|third|fourth)[\s-]quarter{_OF}{_YEAR})?\b",
        rf"\bH(?P<half>[12]){_OF}{_YEAR})\b",
        rf"\b(?P<halfword>first|second)[\s-]half{_OF}{_YEAR})?\b",
        r"\b(?P<whole>FY|fiscal(?:\s+year)?|financial\s+year)\s*['’]?(?P<fiscal>(?:20)?\d\d)\b",
        rf"\b{_MONTH}\s+{_DAY}(?![\d,.]*\d)\b",
        rf"\b{_DAY}\s+{_MONTH}\b",
    )
)
_LENGTHS = {"year": 12, "quarter": 3, "three": 3, "six": 6, "nine": 9, "twelve": 12}
_LENGTHS |= {"3": 3, "6": 6, "9": 9, "12": 12, "half-year": 6}
_ENDED = re.compile(
    r"\b(?:fiscal\s|financial\s)?(?:(?P<unit>year|quarter|half-year)s?"
    r"|(?P<count>three|six|nine|twelve|3|6|9|12)[\s-]months?(?:\speriods?)?)\s+end(?:ed|ing)\s+(?:on\s)?$",
    re.IGNORECASE,
)
_ENDED_REACH = 48


@dataclass(frozen=True, slots=True)
class Date:
    """A date as precise as it was written; None where it says nothing.

    Attributes:
        year: 1900 to 2099.
        quarter: 1 to 4.
        half: 1 or 2.
        months: length of a reporting period that ends here; 3 for a quarter, 12 for a fiscal year.
        other: day and month, where two conventions read them differently.
    """

    start: int
    end: int
    year: int | None = None
    month: int | None = None
    day: int | None = None
    quarter: int | None = None
    other: tuple[int, int] | None = None
    half: int | None = None
    months: int | None = None

    def says(self, claimed: "Date") -> bool:
        """Whether everything `claimed` states is stated here too, of a period as long."""
        if self.other != claimed.other and (self.other or claimed.other):
            return False  # 01/05 is written by two conventions; only the same writing is the same date
        pairs = (
            (claimed.year, self.year),
            (claimed.month, self.month),
            (claimed.day, self.day),
            (claimed.quarter, self.quarter),
            (claimed.half, self.half),
        )
        return self._as_long(claimed) and all(want is None or want == have for want, have in pairs)

    def _as_long(self, claimed: "Date") -> bool:
        """A part of a year is not the year; a bare year may be a fiscal one."""
        if self.months == claimed.months:
            return True
        whole = self.months in (None, 12) and claimed.months in (None, 12)
        return whole and (claimed.months is None or self.month is None)


def dates(text: str) -> list[Date]:
    """Dates and periods of `text`, left to right, without overlaps; bare years are numbers, not dates."""
    found: list[Date] = []
    marks = bytearray(len(text))
    for form in _FORMS:
        for match in form.finditer(text):
            start, end = match.span()
            if not any(marks[start:end]) and (date := _read(match)):
                marks[start:end] = b"\x01" * (end - start)
                found.append(_with_length(text, date))
    return sorted(found, key=lambda date: date.start)


def _with_length(text: str, date: Date) -> Date:
    """With the period that ends on it, as in "three months ended June 30, 2020"."""
    origin = max(0, date.start - _ENDED_REACH)
    match = _ENDED.search(text[origin : date.start])
    if match is None:
        return date
    said = (match["unit"] or match["count"]).lower()
    return replace(date, start=origin + match.start(), months=_LENGTHS[said])


def _read(match: re.Match[str]) -> Date | None:
    parts = {name: value for name, value in match.groupdict().items() if value}
    year = int(parts["year"]) if "year" in parts else None
    if "fiscal" in parts:
        year = full_year(parts["fiscal"])
    if "a" in parts:
        a, b = int(parts["a"]), int(parts["b"])
        if a > 12 or b > 12:
            a, b = min(a, b), max(a, b)
            return Date(match.start(), match.end(), year, a, b)
        return Date(match.start(), match.end(), year, other=(a, b))
    month = int(parts["mm"]) if "mm" in parts else _month(parts.get("month"))
    day = int(parts["day"]) if "day" in parts else None
    # "may 5" in running text is as often a verb and a number as a date.
    if year is None and parts.get("month") == "may":
        return None
    quarter, half = _part(parts, "quarter", "word"), _part(parts, "half", "halfword")
    months = 3 if quarter else 6 if half else 12 if "whole" in parts else None
    return Date(match.start(), match.end(), year, month, day, quarter, half=half, months=months)


def _part(parts: Mapping[str, str], digit: str, word: str) -> int | None:
    return int(parts[digit]) if digit in parts else _ORDINALS.get(parts.get(word, "").lower())


def _month(name: str | None) -> int | None:
    return (
        None if name is None else next(i for i, m in enumerate(_MONTHS, 1) if m.startswith(name.lower()[:3]))
    )
