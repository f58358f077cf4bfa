"""Numbers in words: twelve, twenty-five, one hundred and twenty, two thousand five hundred."""

import re
from decimal import Decimal

_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
    " seventeen eighteen nineteen twenty"
).split()
_TENS = "thirty forty fifty sixty seventy eighty ninety".split()
_WORDS = {word: Decimal(i) for i, word in enumerate(_SMALL)}
_WORDS |= {word: Decimal(10 * i) for i, word in enumerate(_TENS, 3)}
_ONE = "|".join(sorted(_WORDS, key=len, reverse=True))
_TEN = "|".join(["twenty", *_TENS])
_UNIT = "|".join(_SMALL[1:10])
_BELOW_HUNDRED = rf"(?:(?:{_TEN})[- ](?:{_UNIT})|{_ONE})\b"
_BELOW_THOUSAND = rf"(?:(?:{_UNIT})[- ]hundred(?:(?:[- ]|\sand\s){_BELOW_HUNDRED}|\b)|{_BELOW_HUNDRED})"
SPELLED = rf"\b(?:{_BELOW_THOUSAND}[- ]thousand(?:[- ]|\sand\s){_BELOW_THOUSAND}|{_BELOW_THOUSAND})"
"""Pattern of a number in words below a million. A round "two thousand" is left to the scale after it."""


def spelled(words: str) -> Decimal:
    """Value of what `SPELLED` matched, in lower case."""
    total = group = Decimal(0)
    for word in re.split(r"[\s-]", words):
        if word == "hundred":
            group *= 100
        elif word == "thousand":
            total, group = group * 1000, Decimal(0)
        elif word != "and":
            group += _WORDS[word]
    return total + group
