"""United States Social Security numbers.

Issuer: Social Security Administration. Format: `AAA-GG-SSSS`. Reference: 20 CFR 422.103; never issued:
area 000, 666, 900-999, group 00, serial 0000. Checksum: none; bare nine digits count in context only.
"""

import re

from ragslm.privacy.checksums import ssn
from ragslm.privacy.recogniser import Rule, RuleRecogniser, words

_GROUPED = re.compile(r"(?<![^\W_]|[.\-])\d{3}[-–]\d{2}[-–]\d{4}(?![^\W_]|-\d)")
_LOOSE = re.compile(r"(?<![^\W_]|[.\-])\d{3}[ .\-]?\d{2}[ .\-]?\d{4}(?![^\W_]|-\d)")
_WORDS = words("ssn", "ssns", "social security(?: number| no\\.?| #)?", "soc\\.? sec\\.?", "social")


def recogniser() -> RuleRecogniser:
    """The recogniser of Social Security numbers."""
    return RuleRecogniser(
        "US_SSN",
        [
            Rule(pattern=_GROUPED, score=0.85, valid=ssn, digits=9),
            Rule(pattern=_LOOSE, score=0.9, before=_WORDS, digits=9, reach=32),
        ],
    )
