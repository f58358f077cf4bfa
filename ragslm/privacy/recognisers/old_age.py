"""Ages over 89 of a person, and birth years that tell one.

Format: a number from 90 to 125, or in words, with `years old`, `y/o`, `aged`; a year at least 90 years ago
with `born in` or `birth year`. Ages up to 89 and later birth years may stay, and so do ranges and thresholds
(`over 90 years old`). To generalise, replace the whole finding by `90 or over`: a year kept from it would
tell the age. Reference: 45 CFR 164.514(b)(2)(i)(C). Checksum: none.
"""

import datetime as dt
import re

from ragslm.privacy.recogniser import Rule, RuleRecogniser, words

_NUMBER = r"(?P<value>9\d|1[01]\d|12[0-5])"
_IN_WORDS = (
    r"(?P<value>ninety(?:[ \-](?:one|two|three|four|five|six|seven|eight|nine))?"
    r"|(?:one|a)[ \-]hundred(?:[ \-](?:and[ \-])?(?:one|two|three|four|five|six|seven|eight|nine|ten))?)"
)
_YEARS = (
    r"(?=[ \-]?(?:years?|yrs?\.?|y\.?)[ \-]?(?:old|of[ \-]age|o)\b|[ ]?y\.?/?o\b|[ \-]?year[ \-]old"
    r"|[ ]?yo[MF]?\b)"
)
_OLD = re.compile(rf"(?<![\w.,/$-]){_NUMBER}{_YEARS}", re.IGNORECASE)
_OLD_IN_WORDS = re.compile(rf"\b{_IN_WORDS}{_YEARS}", re.IGNORECASE)
_AGED = re.compile(
    rf"\b(?:aged|age(?:[ ]?[:=]|[ ]of|[ ]is|[ ]was|[ ]in[ ]years:?)?|turned)[ ]{{0,2}}{_NUMBER}"
    r"(?![\w%]|[.,/\-]\d|[ ]?(?:%|percent|weeks?|days?|months?))",
    re.IGNORECASE,
)
_SEX = re.compile(
    r"(?<![\w.,/$€£-])(?P<value>9\d|1[01]\d)[ ]?(?:F|M)(?=[ ](?:with|w/|who|presents|presenting|pt|p/w"
    r"|admitted|c/o|here|s/p|found)\b)"
)
_DECADE = re.compile(
    r"\bin (?:his|her|their)[ ](?:early|mid|late)?[ \-]?(?P<value>90'?s|nineties|100'?s)\b", re.IGNORECASE
)
_BORN = re.compile(
    r"\b(?:born(?:[ ]in)?(?:[ ](?:the[ ]year|[A-Z][a-z]+[ ]in))?|b\.|(?:year|yr)[ ]of[ ]birth"
    r"|birth[ \-]?year|yob)"
    r"[ ]*(?:is|was|:|=|,)?[ ]*(?P<value>1[89]\d\d)(?![\w]|[.,/\-]\d)",
    re.IGNORECASE,
)
_GROUP = re.compile(
    r"(?:\b(?:over|under|above|below|than|least|most|to|and|until|between|every|of all|people|adults)"
    r"|[-–<>≥≤])\s*$",
    re.I,
)


def _long_ago(year: str) -> bool:
    """Whether who was born in that year is, or becomes this year, 90 or older."""
    return dt.date.today().year - int(year) >= 90


def recogniser() -> RuleRecogniser:
    """The recogniser of ages over 89."""
    not_his = words("reach(?:ed|es|ing)? (?:the )?age of", "people aged?", "adults aged?", "patients aged?")
    return RuleRecogniser(
        "AGE",
        [
            Rule(pattern=_OLD, score=0.9, unless=_GROUP, digits=2),
            Rule(pattern=_OLD_IN_WORDS, score=0.9, unless=_GROUP, needs=("ninety", "hundred")),
            Rule(pattern=_AGED, score=0.8, unless=not_his, needs=("age", "turned"), digits=2),
            Rule(pattern=_SEX, score=0.8, unless=_GROUP, digits=2),
            Rule(pattern=_DECADE, score=0.8, needs=("90", "nineties", "100")),
            Rule(pattern=_BORN, score=0.8, valid=_long_ago, needs=("born", "birth", "b.", "yob")),
        ],
        version="2",
    )
