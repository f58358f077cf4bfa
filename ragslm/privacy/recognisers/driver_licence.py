"""Driver's licence numbers.

Issuer: states and countries, each with its own shape; ICD-10 codes have the same, so a number counts in
context only. Reference: AAMVA DL/ID Card Design Standard. Checksum: none in common.
"""

import re

from ragslm.privacy.recogniser import Rule, RuleRecogniser

_NUMBER = re.compile(
    r"\b(?:driver'?s?'?|driving|drivers)[ ]+(?:licen[cs]e|permit)(?:[ ]+(?:number|no\.?|id|#))?[ ]*"
    r"(?:is|:|=|#)?[ ]*"
    r"(?P<value>[A-Z]{0,3}[ \-]?\d[A-Z0-9\-]{4,18})(?!\w)",
    re.IGNORECASE,
)
_SHORT = re.compile(r"\b(?:DL|D/L)[ ]?(?:#|no\.?|number)?[ ]?:?[ ]?(?P<value>[A-Z]{0,3}\d{5,14})\b")
_VALUE = re.compile(r"(?<![\w\-])[A-Z]{0,2}\d{5,14}(?![\w\-])|(?<![\w\-])\d{3,4}-\d{2,4}-\d{3,4}(?![\w\-])")
_NEAR = re.compile(r"\b(?:driver'?s?|driving|drivers)[ ]+licen[cs]e\b", re.IGNORECASE)


def recogniser() -> RuleRecogniser:
    """The recogniser of driver's licence numbers."""
    return RuleRecogniser(
        "US_DRIVER_LICENSE",
        [
            Rule(pattern=_NUMBER, score=0.9, needs=("licen", "permit"), digits=1),
            Rule(pattern=_SHORT, score=0.8, digits=5),
            Rule(pattern=_VALUE, score=0.8, around=_NEAR, needs=("licen",), digits=5),
        ],
    )
