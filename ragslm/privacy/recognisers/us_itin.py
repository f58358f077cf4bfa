"""United States individual taxpayer identification numbers.

Issuer: Internal Revenue Service. Format: `9AA-GG-SSSS`, group 50-65, 70-88, 90-92 or 94-99.
Reference: IRM 3.21.263. Checksum: none.
"""

import re

from ragslm.privacy.checksums import itin
from ragslm.privacy.recogniser import Rule, RuleRecogniser, words

_GROUPED = re.compile(r"(?<![^\W_]|[.\-])9\d{2}-\d{2}-\d{4}(?![^\W_]|-\d)")
_LOOSE = re.compile(r"(?<![^\W_]|[.\-])9\d{2}[ .\-]?\d{2}[ .\-]?\d{4}(?![^\W_]|-\d)")
_WORDS = words("itin", "individual taxpayer", "taxpayer id(?:entification)?")


def recogniser() -> RuleRecogniser:
    """The recogniser of ITINs."""
    return RuleRecogniser(
        "US_ITIN",
        [
            Rule(pattern=_GROUPED, score=0.8, valid=itin, digits=9),
            Rule(pattern=_LOOSE, score=0.9, valid=itin, before=_WORDS, digits=9),
        ],
    )
