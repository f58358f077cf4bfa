"""NHS numbers of England, Wales and the Isle of Man.

Issuer: NHS England. Format: ten digits, written 3-3-4. Reference: NHS Data Dictionary, NHS NUMBER.
Checksum: mod 11. One in eleven random numbers passes, so the spacing or a word must speak for it too.
"""

import re

from ragslm.privacy.checksums import nhs
from ragslm.privacy.recogniser import Rule, RuleRecogniser, words

_SPACED = re.compile(r"(?<![^\W_]|[.\-])\d{3}[ \-]\d{3}[ \-]\d{4}(?![^\W_]|[.\-]\d)")
_LOOSE = re.compile(r"(?<![^\W_]|[.\-])\d{3}[ \-]?\d{3}[ \-]?\d{4}(?![^\W_]|[.\-]\d)")


def recogniser() -> RuleRecogniser:
    """The recogniser of NHS numbers."""
    near = words("nhs(?: number| no\\.?)?", "national health service")
    return RuleRecogniser(
        "NHS_NUMBER",
        [
            Rule(pattern=_SPACED, score=0.6, valid=nhs, digits=10),
            Rule(pattern=_LOOSE, score=0.95, valid=nhs, before=near, digits=10),
        ],
    )
