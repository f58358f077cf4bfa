"""United States employer identification numbers.

Issuer: Internal Revenue Service; that of a sole trader or a practice names a person. Format: `PP-NNNNNNN`,
PP the prefix of an IRS campus. Reference: IRS, How EINs are assigned and valid EIN prefixes. Checksum: none,
so in context only.
"""

import re

from ragslm.privacy.checksums import ein
from ragslm.privacy.recogniser import Rule, RuleRecogniser, words

_NUMBER = re.compile(r"(?<![^\W_]|[.\-])\d{2}[ \-–]?\d{7}(?![^\W_]|-\d)")
_WORDS = words(
    "f?ein", "employer (?:id|identification)", "tax id(?:entification)?", "tin", "irs (?:number|no\\.?)"
)


def recogniser() -> RuleRecogniser:
    """The recogniser of EINs."""
    return RuleRecogniser(
        "US_EIN",
        [
            Rule(
                pattern=_NUMBER,
                score=0.85,
                valid=ein,
                before=_WORDS,
                needs=("ein", "employer", "tax", "tin", "irs"),
                digits=9,
                reach=40,
            )
        ],
    )
