"""Card verification codes.

Issuer: card networks (CVV2, CVC2, CID, CAV2). Format: three or four digits, in context only. Reference:
PCI DSS 4.0.1, 3.3.1.2: never stored after authorisation. Checksum: none.
"""

import re

from ragslm.privacy.recogniser import Rule, RuleRecogniser

_CODE = re.compile(
    r"\b(?:cvv2?|cvc2?|cav2|csc|cid|security code|verification (?:code|value))[ ]*(?:number|code)?[ ]*"
    r"(?:is|was|:|=|#)?[ ]*(?P<value>\d{3,4})(?![\w]|[.,]\d)",
    re.IGNORECASE,
)


def recogniser() -> RuleRecogniser:
    """The recogniser of card verification codes."""
    return RuleRecogniser("CVV", [Rule(pattern=_CODE, score=1.0)])
