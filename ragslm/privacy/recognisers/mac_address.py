"""Hardware addresses of network devices.

Issuer: IEEE Registration Authority. Format: six hexadecimal octets with colons or dashes. Reference:
IEEE 802-2014, clause 8. Checksum: none.
"""

import re

from ragslm.privacy.recogniser import Rule, RuleRecogniser

_MAC = re.compile(
    r"(?<![\w:\-])[0-9A-Fa-f]{2}(?P<mark>[:\-])(?:[0-9A-Fa-f]{2}(?P=mark)){4}[0-9A-Fa-f]{2}(?![\w:\-])"
)


def recogniser() -> RuleRecogniser:
    """The recogniser of MAC addresses."""
    return RuleRecogniser("MAC_ADDRESS", [Rule(pattern=_MAC, score=0.9)])
