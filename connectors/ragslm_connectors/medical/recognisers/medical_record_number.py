"""Medical record and patient numbers.

Issuer: each hospital. Format: no common shape, so in context only. Reference: 45 CFR
164.514(b)(2)(i)(H). Checksum: none.
"""

import re

from ragslm.privacy.recogniser import Rule, RuleRecogniser

_NUMBER = re.compile(
    r"(?<![A-Za-z])(?:MRN|M\.R\.N\.|MR[ ]?#|med(?:ical|\.)?[ ]rec(?:ord|\.)?(?: (?:number|no\.?|id|#))?"
    r"|(?:hospital|patient|chart|unit)[ ](?:number|no\.?|id|identifier|#)|UHID|NHC)"
    r"[ ]*(?:is|was|:|=|#|-)?[ ]*#?[ ]*(?P<value>[A-Z]{0,4}[\-/]?\d[\dA-Z]*(?:[\-/ ]\d{2,6}){0,4})(?!\w)",
    re.IGNORECASE,
)


def _long_enough(value: str) -> bool:
    return sum(c.isdecimal() for c in value) >= 4


def recogniser() -> RuleRecogniser:
    """The recogniser of medical record numbers."""
    return RuleRecogniser("MRN", [Rule(pattern=_NUMBER, score=0.9, valid=_long_enough, digits=1)])
