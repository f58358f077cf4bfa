"""Cheque numbers.

Issuer: banks. Format: three to ten digits, in context only. Reference: ANSI X9.100-160 (MICR line).
Checksum: none.
"""

import re

from ragslm.privacy.recogniser import Rule, RuleRecogniser

_NUMBER = re.compile(
    r"\b(?:cheque|check)[ ](?:number|no\.?|num|#)[ ]*(?:is|was|:|=|#)?[ ]*(?P<value>\d{3,10})(?![\w]|[.,]\d)",
    re.IGNORECASE,
)


def recogniser() -> RuleRecogniser:
    """The recogniser of cheque numbers."""
    return RuleRecogniser("CHEQUE_NUMBER", [Rule(pattern=_NUMBER, score=0.8)])
