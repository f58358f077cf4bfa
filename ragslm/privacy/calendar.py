"""Dates as people and formats write them: read as a day, and written back in the same form.

Source: ISO 8601 (`2021-03-14`, `20210314`), HL7 v2 data type TS (`20210314093000+0000`), and the forms of
American and European letters. Where day and month could be either, the month is first.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

MONTHS = ("january february march april may june july august september october november december").split()
_NAME = r"(?P<name>[A-Za-z]{3,9})\.?"
_NTH = r"(?P<nth>st|nd|rd|th)?"
_CLOCK = r"\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:[.,]\d{1,9})?)?(?:[ ]?[ap]\.?m\.?)?"
_ZONE = r"(?:[ ]?(?:Z|UTC|GMT|[+-]\d{2}:?\d{2}))?"
_REST = rf"(?P<rest>(?:T|:|[ ,]+){_CLOCK}{_ZONE})?"
"""A time of day and nothing else: it stays as it is, so a name behind it would stay too."""
_DAYS = tuple(
    re.compile(form + r"\Z", re.IGNORECASE | re.DOTALL)
    for form in (
        rf"(?P<y>\d{{4}})[-/.](?P<m>\d{{1,2}})[-/.](?P<d>\d{{1,2}}){_REST}",
        r"(?P<y>(?:1[6-9]|20)\d{2})(?P<m>\d{2})(?P<d>\d{2})(?P<rest>T?\d{2,6}(?:\.\d{1,6})?(?:[+-]\d{4}|Z)?)?",
        rf"(?P<m>\d{{1,2}})(?P<by>[-/.])(?P<d>\d{{1,2}})(?P=by)(?P<y>\d{{4}}|\d{{2}}){_REST}",
        rf"(?P<d>\d{{1,2}})(?P<by>[-/.])(?P<m>\d{{1,2}})(?P=by)(?P<y>\d{{4}}|\d{{2}}){_REST}",
        rf"(?P<d>\d{{1,2}}){_NTH}(?: of)?[ /-]?{_NAME},?[ /-]?(?P<y>\d{{4}}|\d{{2}}){_REST}",
        rf"{_NAME}[ -](?P<d>\d{{1,2}}){_NTH},?[ -](?P<y>\d{{4}}|\d{{2}}){_REST}",
        r"(?P<y>\d{2})(?P<m>\d{2})(?P<d>\d{2})",
    )
)
_YEAR = re.compile(r"(?<!\d)(?:1[6-9]|20)\d{2}(?!\d)")
_MONTH = re.compile(r"(?P<y>(?:1[6-9]|20)\d{2})(?:0[1-9]|1[0-2])\Z")
_SHORTENED = 3


@dataclass(frozen=True, slots=True)
class Written:
    """A day and the form in which it was written."""

    day: dt.date = field(repr=False)
    _match: re.Match[str] = field(repr=False)

    def on(self, day: dt.date) -> str:
        """Another day in the same form: order, separators, padding, names and capitals; a time stays."""
        parts = [(*self._match.span(name), text) for name, text in self._parts(day)]
        text = self._match.string
        for start, end, new in sorted(parts, reverse=True):
            text = text[:start] + new + text[end:]
        return text

    def _parts(self, day: dt.date) -> Iterator[tuple[str, str]]:
        found = self._match.groupdict()
        yield "y", f"{day.year:04}"[-len(found["y"]) :]
        yield "d", _padded(day.day, found["d"])
        if "m" in found:
            yield "m", _padded(day.month, found["m"])
        else:
            yield "name", _named(day.month, found["name"])
        if found.get("nth"):
            yield "nth", _nth(day.day)


def read(text: str, today: dt.date) -> Written | None:
    """The day that `text`, all of it, states; None where it states none. A year of two digits is past."""
    for form in _DAYS:
        if (match := form.match(text.strip())) and (day := _day(match, today)):
            return Written(day, match)
    return None


def year(text: str, today: dt.date) -> int | None:
    """The year of a date, also of one without its day; None where none is stated."""
    if written := read(text, today):
        return written.day.year
    if month := _MONTH.match(text.strip()):
        return int(month["y"])
    years = {int(found) for found in _YEAR.findall(text)}
    return years.pop() if len(years) == 1 else None


def _day(match: re.Match[str], today: dt.date) -> dt.date | None:
    found = match.groupdict()
    month = int(found["m"]) if "m" in found else _month(found["name"])
    try:
        return dt.date(_full(found["y"], today), month, int(found["d"]))
    except ValueError:
        return None


def _full(digits: str, today: dt.date) -> int:
    """Two digits stand for the latest such year that is not after this one."""
    if len(digits) == 4:
        return int(digits)
    century = today.year - today.year % 100
    return century + int(digits) - (100 if century + int(digits) > today.year else 0)


def _month(name: str) -> int:
    """1 to 12; 0 for a word that is no month."""
    plain = name.lower()
    return next((n for n, full in enumerate(MONTHS, 1) if full.startswith(plain[:4])), 0) if plain else 0


def _padded(number: int, like: str) -> str:
    return f"{number:02}" if len(like) == 2 else str(number)


def _named(month: int, like: str) -> str:
    full = MONTHS[month - 1]
    name = full if like.lower() in MONTHS else full[:_SHORTENED]
    return name.upper() if like.isupper() else name if like.islower() else name.title()


def _nth(day: int) -> str:
    if day in (11, 12, 13):
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
