"""Dates finer than a year, as Safe Harbor counts them: a day, a day without its year, a month of a year.

Dates are what questions are about, so they are looked for only where a policy names `DATE`. A finding is the
whole date as it is written, with its time and its weekday: to generalise, keep the four-digit year in it, if
there is one, and nothing else; where no four digits stand, nothing may be kept.
Birth years of people over 89 are no dates here but an `AGE` (`old_age.py`).

Issuer: none. Format: `dates.py`; six digits and `3/14` in context only. Reference: 45 CFR
164.514(b)(2)(i)(C). Checksum: none.
"""

import re

from ragslm.privacy.dates import DAY_OF_YEAR_UNSAID, DAY_OR_MONTH, SIX_DIGITS
from ragslm.privacy.recogniser import Rule, RuleRecogniser

_DATED = re.compile(
    r"\b(?:dos|doa|dod|dates?(?: of \w+)?|dated|admi(?:t|ssion|tted)|discharged?|seen|performed|signed"
    r"|dictated|collected|received|reported|effective|posted|booked|on)[ ]?(?:on|is|was|:|=)?[ ]*$",
    re.IGNORECASE,
)
_ON = re.compile(
    r"\b(?:on|since|from|until|till|by|before|after|through|thru|dated?|dos|as of|morning of|night of|between"
    r"|admitted|discharged|seen|effective|starting|started|ending|scheduled|due|collected|last)[ ]?:?[ ]*$",
    re.IGNORECASE,
)
_SCORED = re.compile(
    r"\b(?:pain|strength|scores?|scale|rated|vision|power|reflexes|pulses|motor)\b", re.IGNORECASE
)


def recogniser() -> RuleRecogniser:
    """The recogniser of dates."""
    return RuleRecogniser(
        "DATE",
        [
            Rule(pattern=DAY_OR_MONTH, score=0.6, digits=1),
            Rule(pattern=SIX_DIGITS, score=0.5, before=_DATED, digits=4, reach=32),
            Rule(pattern=DAY_OF_YEAR_UNSAID, score=0.5, before=_ON, unless=_SCORED, digits=2, reach=40),
        ],
        on_request=True,
    )
