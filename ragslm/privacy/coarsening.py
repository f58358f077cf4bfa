"""What is left of an original that nobody may get back: a year, an age group, a few digits.

None of this can be undone, by no key: what is left is written into the text and nothing is kept.

Source: 45 CFR 164.514(b)(2)(i)(B) and (C) for places, dates and ages; PCI DSS 4.0.1, 3.4.1 and 3.5.1 and the
PCI SSC's FAQ 1091 for cards. The restricted ZIP areas are those of the Office for Civil Rights' guidance of
26 November 2012, from the census of 2000.
"""

import datetime as dt
import re

from ragslm.privacy import calendar
from ragslm.privacy.checksums import digits, letters_and_digits

DATES = frozenset({"DATE", "DATE_TIME", "DATE_OF_BIRTH", "DATE_OF_DEATH"})
NUMBERS = frozenset({"CREDIT_CARD", "ACCOUNT", "IBAN_CODE"})
"""What is cut to its last four characters: one form in the whole product, for two together give more away."""
TRUNCATED = NUMBERS | {"ZIP_CODE"}
"""Types that can be truncated."""
GENERALISED = DATES | {"AGE", "ZIP_CODE"}
"""Types that can be generalised."""

SHOWN = 4
HIDDEN = 8
"""Characters that must stay unknown where the last `SHOWN` are told; of a shorter number nothing is."""
OLDEST = 90
"""Age from which all ages are one group."""
NINETY = f"{OLDEST}+"
RESTRICTED = frozenset("036 059 063 102 203 556 692 790 821 823 830 831 878 879 884 890 893".split())
"""First three digits of the ZIP areas in which at most 20,000 people live."""

LEFT = re.compile(
    rf"\[(?:{'|'.join(sorted(NUMBERS))}) ending [0-9A-Z]{{4}}\]|\[ZIP_CODE \d{{3}}\]"
    rf"|(?<![\w.,]){re.escape(NINETY)}(?![\w@]|\.[\w@])"
)
"""What truncating and generalising leave behind, as far as it is no plain year."""

_AGE = re.compile(r"\s*0*(?P<number>\d{1,3})(?:[.,]\d{1,2})?(?!\d|[.,/-]\d)\s*(?P<unit>[^\W\d_]*)")
_NUMBER = re.compile(r"\d{1,9}")
_YEARS = frozenset("a y yo yr yrs year years".split())
"""Units of years: UCUM `a`, DICOM `Y`. Any other is of months, weeks or days, or no unit."""
_US_ZIP = re.compile(r"\d{5}(?:-?\d{4})?")


def truncated(entity: str, original: str) -> str:
    """The last four characters of a number, the first three digits of a ZIP code; else a mask."""
    if entity == "ZIP_CODE":
        return _area(original)
    code = letters_and_digits(original)
    if len(code) < SHOWN + HIDDEN or not code.isascii():
        return masked(entity)
    return f"[{entity} ending {code[-SHOWN:]}]"


def generalised(entity: str, original: str, today: dt.date) -> str:
    """The year of a date, `90+` for an age over 89 or a birth so long ago, a ZIP area; else a mask."""
    if entity == "ZIP_CODE":
        return _area(original)
    if entity == "AGE":
        return _age(original)
    year = calendar.year(original, today)
    if year is None:
        return masked(entity)
    return NINETY if entity == "DATE_OF_BIRTH" and today.year - year >= OLDEST else str(year)


def masked(entity: str) -> str:
    """The type alone."""
    return f"[{entity}]"


def _area(original: str) -> str:
    """The first three digits of an American ZIP code, 000 where few people live there."""
    if not _US_ZIP.fullmatch(original.strip()):
        return masked("ZIP_CODE")
    area = digits(original)[:3]
    return f"[ZIP_CODE {'000' if area in RESTRICTED else area}]"


def _age(original: str) -> str:
    """`90+` if any number is 90 or more, or the years alone; what stands behind them may be anything."""
    age = _AGE.match(original)
    if age is None or (age["unit"] and age["unit"].lower() not in _YEARS):
        return masked("AGE")
    return NINETY if max(map(int, _NUMBER.findall(original))) >= OLDEST else age["number"]
