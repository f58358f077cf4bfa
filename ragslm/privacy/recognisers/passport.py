"""Passport numbers.

Issuer: states. Format: six to nine letters and digits, in context only. Reference: ICAO Doc 9303, part 4.
Checksum: only inside the machine-readable zone.
"""

import re

from ragslm.privacy.recogniser import Rule, RuleRecogniser

_NUMBER = re.compile(
    r"\bpassport(?:[ ]+(?:number|no\.?|id|#))?[ ]*(?:is|:|=|#)?[ ]*(?P<value>[A-Z]{0,2}\d[A-Z0-9]{5,8})"
    r"(?!\w)",
    re.IGNORECASE,
)


def recogniser() -> RuleRecogniser:
    """The recogniser of passport numbers."""
    return RuleRecogniser("PASSPORT", [Rule(pattern=_NUMBER, score=0.9)])
