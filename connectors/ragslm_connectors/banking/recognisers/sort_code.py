"""Sort codes of British banks.

Issuer: Pay.UK. Format: three pairs of digits, in context only: dates look the same. Reference: Pay.UK,
Validating account numbers. Checksum: only together with the account number.
"""

import re

from ragslm.privacy.recogniser import Rule, RuleRecogniser

_NUMBER = re.compile(
    r"\bsort[ \-]?code[ ]*(?:is|was|:|=|#)?[ ]*(?P<value>\d{2}[ \-]?\d{2}[ \-]?\d{2})(?!\w)", re.IGNORECASE
)


def recogniser() -> RuleRecogniser:
    """The recogniser of sort codes."""
    return RuleRecogniser("SORT_CODE", [Rule(pattern=_NUMBER, score=0.9, needs=("sort",), digits=6)])
