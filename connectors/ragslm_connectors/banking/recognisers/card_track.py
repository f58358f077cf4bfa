"""What the magnetic stripe or the chip of a card holds: number, name, expiry and discretionary data.

Issuer: banks. Format: track 1 `%B<number>^<name>^<expiry><service code>…?`, track 2
`;<number>=<expiry><service code>…?`, its start and end often lost. Reference: ISO/IEC 7813; PCI DSS 4.0.1,
3.3.1.1: never stored after authorisation. Checksum: Luhn.
"""

import re

from ragslm.privacy.checksums import luhn
from ragslm.privacy.recogniser import Rule, RuleRecogniser

_FIRST = re.compile(r"%?[Bb]\d{12,19}\^[^^\n]{2,26}\^\d{7}[^?\n]{0,60}\??")
_SECOND = re.compile(r"(?<![\w=]);?\d{12,19}=\d{2}(?:0[1-9]|1[0-2])\d{3}\d{0,24}\??(?!\w)")


def _numbered(track: str) -> bool:
    """Whether what stands before the first separator is a number with a right check digit."""
    number = re.match(r"\D{0,3}(\d{12,19})", track)
    return bool(number and luhn(number[1]))


def recogniser() -> RuleRecogniser:
    """The recogniser of track data."""
    return RuleRecogniser(
        "CARD_TRACK",
        [
            Rule(pattern=_FIRST, score=1.0, valid=_numbered, needs=("^",), digits=12),
            Rule(pattern=_SECOND, score=1.0, valid=_numbered, needs=("=",), digits=12),
        ],
    )
