"""Dates of birth.

Format: any day-level date next to a word about birth; other dates are a `DATE`. Reference: 45 CFR
164.514(b)(2)(i)(C). Checksum: none.
"""

from ragslm.privacy.dates import DAY, SIX_DIGITS
from ragslm.privacy.recogniser import Rule, RuleRecogniser, words

_WORDS = words(
    "d\\.?o\\.?b\\.?", "born(?: on)?", "birth ?date", "date of birth", "birth ?day", "geb\\.?", "nacimiento"
)
_NEEDS = ("birth", "born", "dob", "d.o.b", "do.b", "d.ob", "geb", "nacimiento")


def recogniser() -> RuleRecogniser:
    """The recogniser of dates of birth."""
    return RuleRecogniser(
        "DATE_OF_BIRTH",
        [
            Rule(pattern=DAY, score=0.9, before=_WORDS, needs=_NEEDS, digits=1, reach=32),
            Rule(pattern=SIX_DIGITS, score=0.9, before=_WORDS, needs=_NEEDS, digits=4, reach=16),
        ],
        version="2",
    )
