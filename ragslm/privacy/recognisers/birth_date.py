"""Dates of birth.

Format: any day-level date next to a word about birth; other dates are knowledge and stay. Reference:
45 CFR 164.514(b)(2)(i)(C). Checksum: none.
"""

import re

from ragslm.privacy.recogniser import Rule, RuleRecogniser, words

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DATE = re.compile(
    rf"(?<![\w.])(?:\d{{1,2}}[/.\-]\d{{1,2}}[/.\-](?:\d{{4}}|\d{{2}})"
    rf"|\d{{4}}[/.\-]\d{{1,2}}[/.\-]\d{{1,2}}|(?:19|20)\d{{6}}"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?[ \-]?{_MONTH}\.?,?[ \-]?\d{{4}}|{_MONTH}\.?[ ]\d{{1,2}}(?:st|nd|rd"
    rf"|th)?,?[ ]\d{{4}})(?!\w)",
    re.IGNORECASE,
)
_WORDS = words(
    "d\\.?o\\.?b\\.?", "born(?: on)?", "birth ?date", "date of birth", "birth ?day", "geb\\.?", "nacimiento"
)


def recogniser() -> RuleRecogniser:
    """The recogniser of dates of birth."""
    return RuleRecogniser("DATE_OF_BIRTH", [Rule(pattern=_DATE, score=0.9, before=_WORDS, reach=32)])
