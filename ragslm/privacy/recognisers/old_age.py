"""Ages over 89 of a person.

Format: a number from 90 to 125 with `years old`, `y/o` or `aged`. Ages up to 89 may stay, and so do
ranges and thresholds (`over 90 years old`). Reference: 45 CFR 164.514(b)(2)(i)(C). Checksum: none.
"""

import re

from ragslm.privacy.recogniser import Rule, RuleRecogniser, words

_NUMBER = r"(?P<value>9\d|1[01]\d|12[0-5])"
_OLD = re.compile(
    rf"(?<![\w.,/$-]){_NUMBER}(?=[ \-]?(?:years?|yrs?\.?|y)[ \-]?(?:old|o)\b|[ ]?y/?o\b|[ \-]?year[ \-]old)",
    re.IGNORECASE,
)
_AGED = re.compile(rf"\b(?:aged|age[:=]?|age of|age is|turned)[ ]{_NUMBER}(?![\w%]|[.,/\-]\d)", re.IGNORECASE)
_GROUP = re.compile(
    r"(?:\b(?:over|under|above|below|than|least|most|to|and|until|between|every|of all|people|adults)"
    r"|[-–<>≥≤])\s*$",
    re.I,
)


def recogniser() -> RuleRecogniser:
    """The recogniser of ages over 89."""
    not_his = words("reach(?:ed|es|ing)? (?:the )?age of", "people aged?", "adults aged?")
    return RuleRecogniser(
        "AGE",
        [
            Rule(pattern=_OLD, score=0.9, unless=_GROUP),
            Rule(pattern=_AGED, score=0.8, unless=not_his),
        ],
    )
