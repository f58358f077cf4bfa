"""Passport numbers, and the machine-readable zone that holds one with name and birth date.

Issuer: states. Format: six to nine letters and digits, in context only; or two lines of 44 characters of
which the first begins with `P`. Reference: ICAO Doc 9303, parts 3 and 4. Checksum: 7-3-1 mod 10, only inside
the machine-readable zone.
"""

import re

from ragslm.privacy.checksums import mrz
from ragslm.privacy.recogniser import Rule, RuleRecogniser

_NUMBER = re.compile(
    r"\bpassport(?:[ ]+(?:number|no\.?|id|#))?[ ]*(?:is|:|=|#)?[ ]*(?P<value>[A-Z]{0,2}\d[A-Z0-9]{5,8})"
    r"(?!\w)",
    re.IGNORECASE,
)
_NAMED = re.compile(r"(?<![\w<])P[A-Z<][A-Z]{3}[A-Z<]{39}(?![\w<])")
_NUMBERED = re.compile(r"(?<![\w<])[A-Z0-9<]{9}\d[A-Z<]{3}\d{7}[MFX<]\d{7}[A-Z0-9<]{14}[\d<]\d(?![\w<])")


def _checked(line: str) -> bool:
    """Whether number, birth and expiry carry their check digits."""
    return mrz(line[:10]) and mrz(line[13:20]) and mrz(line[21:28])


def recogniser() -> RuleRecogniser:
    """The recogniser of passport numbers."""
    return RuleRecogniser(
        "PASSPORT",
        [
            Rule(pattern=_NUMBER, score=0.9, needs=("passport",)),
            Rule(pattern=_NAMED, score=0.95, valid=lambda line: "<<" in line, needs=("<<",)),
            Rule(pattern=_NUMBERED, score=0.95, valid=_checked, needs=("<",)),
        ],
    )
