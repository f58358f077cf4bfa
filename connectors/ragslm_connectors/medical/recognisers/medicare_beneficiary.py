"""Medicare Beneficiary Identifiers.

Issuer: CMS. Format: eleven positions C A AN N A AN N A A N N without S, L, O, I, B, Z; often written 4-3-4.
Reference: CMS, Understanding the MBI Format. Checksum: none.
"""

import re

from ragslm.privacy.recogniser import Rule, RuleRecogniser

_A = "[AC-HJKMNP-RT-Yac-hjkmnp-rt-y]"
_AN = "[AC-HJKMNP-RT-Yac-hjkmnp-rt-y0-9]"
_NUMBER = re.compile(rf"(?<![\w\-])[1-9]{_A}{_AN}\d[ \-]?{_A}{_AN}\d[ \-]?{_A}{_A}\d\d(?![\w\-])")


def recogniser() -> RuleRecogniser:
    """The recogniser of MBIs."""
    return RuleRecogniser("MBI", [Rule(pattern=_NUMBER, score=0.8, digits=2)])
