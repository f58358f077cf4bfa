"""Personal identification numbers of cards.

Issuer: banks. Format: four to six digits, in context only. Reference: ISO 9564-1; PCI DSS 4.0.1, 3.3.1.3:
never stored after authorisation. Checksum: none.
"""

import re

from ragslm.privacy.recogniser import Rule, RuleRecogniser

_CODE = re.compile(
    r"(?<![\w\-])(?:PIN|[Pp]in|p\.i\.n\.|PIN code|pin code|passcode|one[ -]time (?:code|password)"
    r"|OTP)[ ]?(?:number|code|no\.?)?[ ]*(?:is|was|to|:|=|#)?[ ]*(?P<value>\d{4,6})(?![\w]|[.,]\d)"
)


def recogniser() -> RuleRecogniser:
    """The recogniser of PINs. Indian postal index numbers (`PIN 560001`) are dropped with them."""
    return RuleRecogniser("PIN", [Rule(pattern=_CODE, score=1.0, digits=4)])
