"""Expiry dates of payment cards.

Issuer: banks. Format: `MM/YY` or `MM/YYYY` behind a card number or behind words such as `valid thru`, and as
a piece of a card's line (`_card_line`); medicines and contracts expire too, so the words alone count only
beside a card. Reference: ISO/IEC 7813, 8.3; PCI DSS 4.0.1, 3.3 (cardholder data). Checksum: the number's in a
line, else none.
"""

import re

from ragslm.privacy.recogniser import Rule, words
from ragslm_connectors.banking._card_line import EXPIRY, CardLineRecogniser

_DATE = r"(?P<value>(?:0[1-9]|1[0-2])[ ]?[/\-][ ]?(?:20)?\d\d)(?![\w]|[/\-.]\d)"
_SAID = re.compile(
    rf"\b(?:exp(?:\.|iry|ires|iration)?(?:[ ]date)?|valid[ ](?:thru|through|until|to)|good[ ]thru)"
    rf"[ ]{{0,2}}(?:is|on|:|=)?[ ]{{0,2}}{_DATE}",
    re.IGNORECASE,
)
_BEHIND = re.compile(rf"[ ,;|/](?<=\d{{4}}.)[ ,;|/]{{0,2}}{_DATE}")
_CARD = words(
    "cards?", "pan", "visa", "master ?card", "amex", "maestro", "discover", "diners", "cvv2?", "cvc2?"
)
_LONG = re.compile(r"\d{4}[ \-]?\d{4}[ \-]?\d{4}")
_NEEDS = ("exp", "valid", "good thru")
_NUMBER = re.compile(r"\d(?:[ \-]?\d){11,18}[ ,;|/]{0,3}$")


def recogniser() -> CardLineRecogniser:
    """The recogniser of card expiry dates."""
    return CardLineRecogniser(
        "CARD_EXPIRY",
        [
            Rule(pattern=_SAID, score=0.9, around=_CARD, needs=_NEEDS, digits=4),
            Rule(pattern=_SAID, score=0.9, around=_LONG, needs=_NEEDS, digits=4),
            Rule(pattern=_BEHIND, score=0.9, before=_NUMBER, needs=("/", "-"), digits=12, reach=40),
        ],
        piece=EXPIRY,
    )
