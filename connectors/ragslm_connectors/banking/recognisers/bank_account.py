"""Account numbers of banks.

Issuer: each bank. Format: 6 to 17 digits, in context only. Reference: NACHA Operating Rules, DFI account
number. Checksum: none in common.
"""

import re

from ragslm.privacy.recogniser import Rule, RuleRecogniser

_NUMBER = re.compile(
    r"\b(?:account|acct|a/c|acc|savings|checking|konto)\.?[ ]?(?:number|no\.?|nr\.?|num|#|id)?[ ]*(?:is"
    r"|was|ending in|ending|:|=|#)?[ ]*#?[ ]*"
    r"(?P<value>[*xX•]{0,12}\d(?:[ \-]?\d){5,16})(?![\w]|[.,\-/]\d)",
    re.IGNORECASE,
)


def recogniser() -> RuleRecogniser:
    """The recogniser of account numbers."""
    return RuleRecogniser("ACCOUNT", [Rule(pattern=_NUMBER, score=0.8, digits=6)])
