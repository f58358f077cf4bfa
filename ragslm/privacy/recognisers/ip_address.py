"""Internet addresses, version 4 and 6.

Format: four decimal octets, or eight hexadecimal groups. Reference: RFC 791, RFC 4291. Checksum: none;
section and version numbers of four parts are told apart by the word before them.
"""

import ipaddress
import re

from ragslm.privacy.recogniser import Rule, RuleRecogniser

_V4 = re.compile(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w]|\.\d)")
_V6 = re.compile(r"(?<![\w:.])(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{1,4}(?![\w:])")
_NUMBERED = re.compile(
    r"(?:§|\b(?:v|ver|version|section|sec|release|chapter|clause|oid|part|appendix))[.:]?\s*$", re.I
)


def _is_address(value: str) -> bool:
    try:
        address = ipaddress.ip_address(value)
    except ValueError:
        return False
    return address.version == 4 or len(value) > 6


def recogniser() -> RuleRecogniser:
    """The recogniser of IP addresses."""
    return RuleRecogniser(
        "IP_ADDRESS",
        [
            Rule(pattern=_V4, score=0.8, valid=_is_address, unless=_NUMBERED, digits=4),
            Rule(pattern=_V6, score=0.8, valid=_is_address, unless=_NUMBERED, needs=(":",)),
        ],
    )
