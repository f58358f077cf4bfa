"""Which day a question about a rule means: `the overdraft policy as of 2015-06-01`, `in force in 2015`.

Only rules that hold from one day to another are asked for in this way. "As of December 28, 2019" in a
question about a balance sheet names a period that the report itself tells, and shuts no later report out.
"""

import calendar
import datetime as dt
import re

from ragslm._periods import Period, periods

_RULE = re.compile(
    r"\b(?:polic(?:y|ies)|regulations?|rules?|guidelines?|cfr|statutes?|laws?|directives?"
    r"|formulary|handbook|(?:fee|rate) schedules?|schedule of fees|terms and conditions)\b|§",
    re.IGNORECASE,
)
_FILING = re.compile(
    r"\b(?:10-?[kq]|8-?k|20-?f|annual report|quarterly report|filings?|fiscal|fy\s?\d+|earnings)\b",
    re.IGNORECASE,
)
_FORCE = re.compile(
    r"\b(?:in force|in effect|effective|applicable|valid|applied)\s+(?:(?:as of|as at|on|in|during|at)\s+)?"
    r"(?:the end of\s+)?$",
    re.IGNORECASE,
)
_AT = re.compile(r"\b(?:as of|as at|as it stood (?:on|in)|on|in|during)\s+(?:the end of\s+)?$", re.IGNORECASE)
_HISTORY = re.compile(
    r"\b(?:previously|formerly|used to|versions|superseded)\b"
    r"|\b(?:previous|earlier|prior|former|old(?:er)?|past)\s+(?:\w+\s+){0,2}"
    r"(?:versions?|editions?|polic\w+|rules?|regulations?|guidelines?|procedures?|protocols?|limits?|fees?"
    r"|rates?|doses?|thresholds?|schedules?)\b"
    r"|\b(?:what|how)\b[^.?!]*\b(?:changed|(?:did|has|have)\b[^.?!]*\bchange)\b",
    re.IGNORECASE,
)


def in_force(question: str) -> dt.date | None:
    """The day whose rules a question asks for, the last one of a year or month; None where it names none."""
    if _FILING.search(question):
        return None
    for sentence in re.split(r"(?<=[.?!;])\s+", question):
        rule = _RULE.search(sentence) is not None
        for found in periods(sentence):
            before = sentence[: found.start]
            if _FORCE.search(before) or (rule and _AT.search(before)):
                return _last_day(found.period)
    return None


def asks_history(question: str) -> bool:
    """Whether a question wants what held before as well, such as "what changed in the policy?"."""
    return _HISTORY.search(question) is not None


def _last_day(period: Period) -> dt.date:
    month = period.month or 3 * (period.quarter or 4)
    day = period.day or calendar.monthrange(period.year, month)[1]
    return dt.date(period.year, month, day)
