"""Ages that a coded observation tells: over 89 years one is personal, whatever its code says of values.

What cannot be told apart counts as such an age: a unit that is not known stands for years.
Source: 45 CFR 164.514(b)(2)(i)(C); LOINC (ages of a person); SNOMED CT 397669002,
424144002; UCUM units of time.
"""

import re
from collections.abc import Iterable, Iterator

OLDEST_KEPT = 89
"""Years up to which an age may stay."""
_CODES = frozenset(
    """30525-0 21612-7 29553-5 21611-9 35659-2 63900-5 64719-8 74207-4 397669002 424144002 445518008
    121033""".split()
)
_NAMED = re.compile(r"\b(?:ages?|(?:lebens|patienten)?alter)\b(?![ \-](?:related|specific))", re.IGNORECASE)
_NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:[.,]\d+)?")
_THOUSANDS = re.compile(r",(?=\d{3}(?!\d))")
_UNIT = re.compile(r"[\s{\[(\-]*(?P<unit>[^\W\d_]+|%)")
_OLD_WORDS = re.compile(r"\b(?:ninet|nonagenarian|centenarian|hundred|neunzig|hundert)", re.IGNORECASE)
_JOINED = frozenset({"-", "–", "to", "bis", "and", "und", "or", "oder"})
"""What stands between two numbers of one unit."""
_PER_YEAR = {
    unit: per_year
    for per_year, units in (
        (12.0, "mo mos month months monat monate monaten m"),
        (365.25 / 7, "wk wks w week weeks woche wochen"),
        (365.25, "d day days tag tage tagen"),
        (365.25 * 24, "h hr hrs hour hours stunde stunden"),
        (365.25 * 24 * 60, "min mins minute minutes minuten"),
        (365.25 * 24 * 3600, "s sec second seconds sekunden"),
        (float("inf"), "% percentile kg g cm mm"),  # of what is told for an age, not the age
    )
    for unit in units.split()
}


def is_old_age(about: Iterable[str], value: str) -> bool:
    """Whether an observation tells an age over 89 years.

    Args:
        about: every name and every code of what was observed; a code alone or behind its system.
        value: numbers and units as one text, such as `93 a` or `85 a to 97 a`.
    """
    if not any(_NAMED.search(one) or one.rpartition(" ")[2] in _CODES for one in about):
        return False
    return bool(_OLD_WORDS.search(value)) or any(years > OLDEST_KEPT for years in _whole_years(value))


def _whole_years(value: str) -> Iterator[int]:
    """Each number of a value in whole years, from the last to the first."""
    end, unit = len(value), ""
    for number in reversed(list(_NUMBER.finditer(value))):
        behind = value[number.end() : end]
        if end == len(value) or behind.strip().lower() not in _JOINED:
            found = _UNIT.match(behind)
            unit = found["unit"].lower() if found else ""
        yield int(_amount(number[0]) / _PER_YEAR.get(unit, 1.0))
        end = number.start()


def _amount(digits: str) -> float:
    """A number as it is written in English or German; one without end is only large."""
    return min(float(_THOUSANDS.sub("", digits).replace(",", ".")), 1e12)
