"""Reporting periods as people write them: `FY2018`, `fiscal 2018`, `Q2 2023`, `2Q23`, `'23`, `1st July 2022`.

One reading for questions, titles and filters, so that all three mean the same year, quarter or day.
"""

import datetime as dt
import re
from dataclasses import dataclass

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_LAST_CENTURY = 69
"""Two digits from here on are years of it."""
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4}
_ORDINAL = r"(?:first|second|third|fourth)(?:[\s-]fiscal)?[\s-]quarter"
_HALF = r"h[12]|[12]h|(?:first|second)[\s-]half"
_YEAR = r"(?:19|20)\d\d"
_FISCAL = r"(?:fiscal(?:\s+year)?|financial\s+year|full[\s-]year|fy)"
_OF = r"(?:[\s,]|\b(?:of|in|for|the)\b)*"
_LATER = rf"{_OF}(?:(?:{_FISCAL})\s?['’]?(?:{_YEAR}|\d\d)|['’]?{_YEAR}|['’]\d\d)"
_ENDED = r"(?:\s+end(?:ed|ing|s)?(?:\s+(?:on|in))?)?"
_WRITTEN = re.compile(
    rf"""(?<![\w$€£.,/])(?:
      (?P<iso>{_YEAR}-[01]\d-[0-3]\d)
    | (?P<year_first>{_YEAR}|{_FISCAL}\s?['’]?\d\d(?:\d\d)?)[\s_-]?(?:q(?P<quarter_last>[1-4])
        |(?P<ordinal_last>{_ORDINAL})|(?P<half_last>{_HALF}))
    | q(?P<quarter>[1-4])[_-]?(?P<quarter_year>{_LATER})
    | (?P<quarter_first>[1-4])q[\s'’]?(?P<quarter_first_year>\d\d(?:\d\d)?)
    | (?:(?P<ordinal>{_ORDINAL})|(?P<half>{_HALF}))(?P<ordinal_year>{_LATER})
    | (?P<ended>(?:{_FISCAL}|year)[\s-]+end(?:ed|ing|s)?(?:\s+(?:on|in))?\s+)?(?:
          (?P<day_first>[0-3]?\d)(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<month_second>{_MONTH})\s*,?\s*
        | (?P<month_first>{_MONTH})\s+(?:(?P<day_second>[0-3]?\d)(?:st|nd|rd|th)?\s*,?\s+)?(?:of\s+)?
      )(?P<date_year>{_YEAR})
    | (?P<fiscal>{_FISCAL}{_ENDED}\s?['’]?|year[\s-]+end(?:ed)?\s+(?:{_FISCAL}\s?)?)
      (?P<fiscal_year>{_YEAR}|\d\d)
    | (?P<year>{_YEAR})(?P<fiscal_after>\s+(?:fiscal|financial)\b)?
    | ['’](?P<short>\d\d)
    )(?![\w%]|[.,]\d)""",
    re.VERBOSE | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Period:
    """A year, or a quarter, month or day of it.

    Attributes:
        year: 1900 to 2099.
        quarter: 1 to 4, where one is named; a half year is named by its last.
        month: 1 to 12, where one is named and it is not just the end of a fiscal year.
        day: 1 to 31, likewise.
        fiscal: named as a fiscal year, so that a single quarter does not answer for it.
    """

    year: int
    quarter: int | None = None
    month: int | None = None
    day: int | None = None
    fiscal: bool = False

    def __str__(self) -> str:
        if self.quarter:
            return f"Q{self.quarter} {self.year}"
        if self.month:
            return f"{self.year}-{self.month:02}" + (f"-{self.day:02}" if self.day else "")
        return f"FY{self.year}" if self.fiscal else str(self.year)


@dataclass(frozen=True, slots=True)
class Written:
    """A period and where it stands in the text, half-open `[start, end)`."""

    period: Period
    start: int
    end: int


def periods(text: str) -> list[Written]:
    """Every period in the text, in order."""
    found = []
    for match in _WRITTEN.finditer(text):
        period = _read(match)
        if period is not None:
            found.append(Written(period, match.start(), match.end()))
    return found


def _read(match: re.Match[str]) -> Period | None:
    part = match.groupdict()
    if part["iso"]:
        return _dated(*(int(number) for number in part["iso"].split("-")))
    if part["date_year"]:
        return _in_words(part)
    if quarter := _quarter(part):
        years = ("year_first", "quarter_year", "quarter_first_year", "ordinal_year")
        return Period(_year(next(part[name] for name in years if part[name])), quarter)
    if part["fiscal"]:
        return Period(_year(part["fiscal_year"]), fiscal=True)
    return Period(_year(part["short"] or part["year"]), fiscal=bool(part["fiscal_after"]))


def _in_words(part: dict[str, str | None]) -> Period | None:
    """A date with the month's name; at the end of "fiscal year ended …" it names the year alone."""
    year = int(part["date_year"] or 0)
    if part["ended"]:
        return Period(year, fiscal=True)
    month = _MONTHS.index((part["month_first"] or part["month_second"] or "")[:3].lower()) + 1
    day = part["day_first"] or part["day_second"]
    return _dated(year, month, int(day) if day else None)


def _dated(year: int, month: int, day: int | None) -> Period | None:
    """None where the calendar has no such day."""
    try:
        dt.date(year, month, day or 1)
    except ValueError:
        return None
    return Period(year, month=month, day=day)


def _quarter(part: dict[str, str | None]) -> int | None:
    """The quarter named; a half year ends with its second."""
    if digit := part["quarter"] or part["quarter_last"] or part["quarter_first"]:
        return int(digit)
    if word := part["ordinal"] or part["ordinal_last"]:
        return _ORDINALS[re.split(r"[\s-]", word.lower())[0]]
    if half := part["half"] or part["half_last"]:
        return 2 if "1" in half or half.lower().startswith("first") else 4
    return None


def full_year(digits: str) -> int:
    """The year that two or four digits mean; two as POSIX reads them, 1969 to 2068."""
    year = int(digits)
    if len(digits) == 4:
        return year
    return year + (1900 if year >= _LAST_CENTURY else 2000)


def _year(written: str | None) -> int:
    return full_year(re.sub(r"\D", "", written or ""))
