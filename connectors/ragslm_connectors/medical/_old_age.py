"""Ages that a coded observation tells: over 89 years one is personal, whatever its code says of values.

Source: 45 CFR 164.514(b)(2)(i)(C); LOINC (ages of a person); SNOMED CT 397669002,
424144002; UCUM units of time.
"""

import re

OLDEST_KEPT = 89
"""Years up to which an age may stay."""
_CODES = frozenset(
    """30525-0 21612-7 29553-5 21611-9 35659-2 63900-5 64719-8 74207-4 397669002 424144002 445518008
    121033""".split()
)
_NAMED = re.compile(r"\bages?\b", re.IGNORECASE)
_VALUE = re.compile(r"\D{0,3}(?P<number>\d{1,5}(?:\.\d+)?)\s*(?P<unit>[A-Za-z]*)")
_PER_YEAR = {
    "a": 1,
    "y": 1,
    "yr": 1,
    "yrs": 1,
    "year": 1,
    "years": 1,
    "": 1,
    "mo": 12,
    "month": 12,
    "months": 12,
}


def is_old_age(subject: str, code: str, value: str) -> bool:
    """Whether an observation tells an age over 89 years.

    Args:
        subject: what was observed, in words.
        code: its code, alone or behind its system; may be empty.
        value: number and unit as one text, such as `93 a`.
    """
    about = _NAMED.search(subject) or code.rpartition(" ")[2] in _CODES
    found = _VALUE.match(value)
    if not about or found is None or found["unit"].lower() not in _PER_YEAR:
        return False
    return float(found["number"]) / _PER_YEAR[found["unit"].lower()] >= OLDEST_KEPT + 1
