"""DEA registrations of prescribers.

Issuer: Drug Enforcement Administration. Format: two letters, or a letter and 9, and seven digits, perhaps
with a space or a dash. Reference: 21 CFR 1301.13; DEA Form 224. Checksum: sum of 1st, 3rd, 5th and twice 2nd,
4th, 6th; one in ten random codes passes.
"""

import re

from ragslm.privacy.checksums import dea
from ragslm.privacy.recogniser import Rule, RuleRecogniser, words

_NUMBER = re.compile(r"(?<![\w\-])[ABCDEFGHJKLMPRSTUX][A-Z9][ \-]?\d{7}(?![\w\-])")
_NEAR = words(
    "dea(?: (?:number|no\\.?|registration|reg\\.?|#))?",
    "prescri(?:ber|bed|bing|ption)s?",
    "drug enforcement",
    "controlled substances?",
    "registration (?:number|no\\.?)",
)


def recogniser() -> RuleRecogniser:
    """The recogniser of DEA registrations, in context only."""
    return RuleRecogniser(
        "DEA", [Rule(pattern=_NUMBER, score=0.95, valid=lambda v: dea(v[2:]), around=_NEAR, digits=7)]
    )
