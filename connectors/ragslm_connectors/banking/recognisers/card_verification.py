"""Card verification codes.

Issuer: card networks (CVV2, CVC2, CID, CAV2). Format: three or four digits, in context, behind a card's
number and expiry, or as a piece of a card's line (`_card_line`). Reference: PCI DSS 4.0.1, 3.3.1.2: never
stored after authorisation. Checksum: the number's in a line, else none.
"""

import re

from ragslm.privacy.recogniser import Rule
from ragslm_connectors.banking._card_line import CODE, CardLineRecogniser

_CODE = re.compile(
    r"\b(?:cvv2?|cvc2?|cav2|csc|cid|security code|verification (?:code|value))[ ]*(?:number|code)?[ ]*"
    r"(?:is|was|:|=|#)?[ ]*(?P<value>\d{3,4})(?![\w]|[.,]\d)",
    re.IGNORECASE,
)
_BEHIND = re.compile(
    r"(?:0[1-9]|1[0-2])[ ]?[/\-][ ]?(?:20)?\d\d[ ,;|/]{1,3}(?P<value>\d{3,4})(?![\w]|[.,/\-]\d)"
)
_NUMBER = re.compile(
    r"\d(?:[ \-]?\d){11,18}[ ,;|/]{1,3}(?:exp\w*\.?[ ]?)?\d\d[ ]?[/\-][ ]?(?:20)?\d\d[ ,;|/]{1,3}$"
)


def recogniser() -> CardLineRecogniser:
    """The recogniser of card verification codes."""
    return CardLineRecogniser(
        "CVV",
        [
            Rule(pattern=_CODE, score=1.0, digits=3),
            Rule(pattern=_BEHIND, score=1.0, before=_NUMBER, digits=12, reach=60),
        ],
        piece=CODE,
    )
