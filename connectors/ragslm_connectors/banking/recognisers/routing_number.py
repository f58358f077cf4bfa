"""ABA routing numbers of banks in the United States.

Issuer: American Bankers Association. Format: nine digits. Reference: ABA Routing Number Policy; 12 CFR 229,
appendix A. Checksum: 3-7-1 mod 10; one in fifteen random numbers passes, so a word must stand near it.
"""

import re

from ragslm.privacy.checksums import aba
from ragslm.privacy.recogniser import Rule, RuleRecogniser, words

_NUMBER = re.compile(r"(?<![^\W_]|[.\-])\d{4}[ \-]?\d{4}[ \-]?\d(?![^\W_]|[.\-]\d)")


def recogniser() -> RuleRecogniser:
    """The recogniser of routing numbers."""
    near = words("aba", "routing(?: transit)?(?: number| no\\.?)?", "rtn", "ach", "transit number")
    return RuleRecogniser(
        "ABA_ROUTING", [Rule(pattern=_NUMBER, score=0.9, valid=aba, around=near, digits=9, reach=32)]
    )
