"""How days and months are written, as patterns: one grammar for birth dates and for every other date.

Source: ISO 8601; HL7 v2 DTM (`YYYYMMDDHHMM[SS[.S]][+/-ZZZZ]`); DICOM PS3.5, 6.2 (DA, DT); everyday American,
British and German notation.
"""

import re

_NAME = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_SURE = _NAME.replace("may", "(?-i:May|MAY)")
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,?[ ](?:the[ ])?)"
_YEAR = r"(?:18|19|20)\d\d"
_DAY, _MONTH = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])"
_DAY2, _MONTH2 = r"(?:0[1-9]|[12]\d|3[01])", r"(?:0[1-9]|1[0-2])"
_NTH = r"(?:st|nd|rd|th)?"
_TIME = r"(?:[T ](?:[01]?\d|2[0-4]):[0-5]\d(?::\d\d(?:\.\d{1,9})?)?(?:[ ]?(?:Z|[+\-]\d\d:?\d\d))?)?"
_CLOCK = r"(?:T?(?:[01]\d|2[0-4])(?:[0-5]\d(?:[0-5]\d(?:\.\d{1,9})?)?)?(?:Z|[+\-]\d{4})?)?"
_LOGGED = r"(?::(?:[01]\d|2[0-4])(?::[0-5]\d){2}(?:[ ][+\-]\d{4})?)?"
_LEFT, _RIGHT = r"(?<![^\W_])(?<!\d[.,/\-])", r"(?!(?!T\d)[^\W_]|[/\-]\d|[.,]\d)"

_WITH_YEAR = "|".join(
    (
        rf"{_WEEKDAY}?{_DAY}{_NTH}[ \-.]{{0,2}}(?:of[ ])?{_NAME}[.,]{{0,2}}[ \-]?{_YEAR}",
        rf"{_DAY}(?:-{_NAME}-|{_NAME}|[ ]{_NAME}[ ]')\d\d",
        rf"{_WEEKDAY}?{_NAME}\.?[ \-]?{_DAY}{_NTH}(?:,[ ]?|[ \-]){_YEAR}",
        rf"{_YEAR}-{_NAME}-{_DAY}",
        rf"{_DAY}/{_NAME}/{_YEAR}{_LOGGED}",
        rf"(?:{_DAY}[/\-]{_MONTH}|{_MONTH}[/\-]{_DAY})[/\-](?:{_YEAR}|\d\d)",
        rf"(?:{_DAY}\.[ ]?{_MONTH}|{_MONTH}\.{_DAY})\.[ ]?{_YEAR}|{_DAY2}\.{_MONTH2}\.\d\d",
        rf"{_YEAR}(?:-{_MONTH}-{_DAY}|/{_MONTH}/{_DAY}|\.{_MONTH}\.{_DAY}){_TIME}",
        rf"{_YEAR}{_MONTH2}{_DAY2}{_CLOCK}",
    )
)
_WITHOUT_YEAR = "|".join(
    (
        rf"{_WEEKDAY}?{_SURE}\.?[ ]{_DAY}{_NTH}",
        rf"{_WEEKDAY}?{_DAY}(?:{_NTH}[ ](?:of[ ])?|-){_SURE}",
    )
)
_MONTHS = "|".join(
    (
        rf"{_NAME}(?:\.?,?[ ](?:of[ ])?|[\-/.]?){_YEAR}",
        rf"{_NAME}[ \-]?'\d\d",
        rf"{_MONTH}/{_YEAR}",
        rf"{_YEAR}-{_MONTH2}",
    )
)
DAY = re.compile(rf"{_LEFT}(?:{_WITH_YEAR}){_RIGHT}", re.IGNORECASE)
"""A day with its year, also with a time."""
DAY_OR_MONTH = re.compile(rf"{_LEFT}(?:{_WITH_YEAR}|{_MONTHS}|{_WITHOUT_YEAR}){_RIGHT}", re.IGNORECASE)
"""A day with or without its year, or a month of a year."""
SIX_DIGITS = re.compile(
    rf"{_LEFT}(?:\d\d{_MONTH2}{_DAY2}|{_DAY2}{_MONTH2}\d\d|{_MONTH2}{_DAY2}\d\d|{_DAY}\.{_MONTH}\.\d\d){_RIGHT}"
)
"""A day as six digits or, shortened, as `14.3.21`, which is a number of any kind without a word before it."""
DAY_OF_YEAR_UNSAID = re.compile(rf"{_LEFT}(?:{_MONTH}/{_DAY}|{_DAY}/{_MONTH}){_RIGHT}(?!%)")
"""Month and day as a fraction, which is a score or a strength without a word before it."""
