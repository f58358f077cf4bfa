"""Cheque numbers, and the line in magnetic ink that holds one with bank and account.

Issuer: banks. Format: three to ten digits, in context only; or digits between the signs of E-13B. Reference:
ANSI X9.100-160, ISO 1004-1 (MICR line). Checksum: none.
"""

import re

from ragslm.privacy.recogniser import Rule, RuleRecogniser

_NUMBER = re.compile(
    r"\b(?:cheque|check)[ ](?:number|no\.?|num|#)[ ]*(?:is|was|:|=|#)?[ ]*(?P<value>\d{3,10})(?![\w]|[.,]\d)",
    re.IGNORECASE,
)
_LINE = re.compile(r"[\u2446-\u2449](?:[ ]?[\d\-]{1,20}[ ]?[\u2446-\u2449]){1,4}(?:[ ]?\d{1,12}(?!\w))?")


def recogniser() -> RuleRecogniser:
    """The recogniser of cheque numbers."""
    return RuleRecogniser(
        "CHEQUE_NUMBER",
        [
            Rule(pattern=_NUMBER, score=0.8, needs=("cheque", "check"), digits=3),
            Rule(pattern=_LINE, score=0.95, digits=1),
        ],
    )
