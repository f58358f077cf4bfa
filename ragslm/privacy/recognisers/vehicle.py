"""Vehicle identification numbers.

Issuer: makers under SAE codes. Format: 17 letters and digits without I, O, Q. Reference: ISO 3779,
49 CFR 565.15. Checksum: ninth character, mod 11; the last four characters are digits.
"""

import re

from ragslm.privacy.checksums import vin
from ragslm.privacy.recogniser import Rule, RuleRecogniser, words

_NUMBER = re.compile(r"(?<![\w\-])[A-HJ-NPR-Z0-9]{17}(?![\w\-])", re.IGNORECASE)


def _speaks_for_itself(value: str) -> bool:
    """Check digit and, as one in eleven random codes has that too, the serial number's four digits."""
    return value == value.upper() and value[-4:].isdecimal() and vin(value)


def recogniser() -> RuleRecogniser:
    """The recogniser of VINs."""
    near = words("vin", "vehicle identification(?: number)?", "chassis")
    return RuleRecogniser(
        "VIN",
        [
            Rule(pattern=_NUMBER, score=0.7, valid=_speaks_for_itself, digits=4),
            Rule(
                pattern=_NUMBER,
                score=0.9,
                before=near,
                valid=lambda value: any(c.isdecimal() for c in value),
                needs=("vin", "vehicle", "chassis"),
                digits=1,
            ),
        ],
    )
