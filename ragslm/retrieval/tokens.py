"""Words as the lexical index sees them: codes stay whole, days, quarters and form names get one spelling.

The same function reads questions and passages, so `FY2018` asks for `2018`, `10K` for `10-K`,
`2023Q2` for `Q2 2023`, `2 March 2024` for `2024-03-02`, `Reg E` for `Regulation E`, `$1,250.00` for `1250`,
and `1005.11(c)(2)` for `1005.11(c)` and `1005.11` as well.
"""

import re
from functools import lru_cache

from ragslm._periods import full_year

VERSION = 6
"""Goes into the snapshot: an index written with other tokens is rebuilt."""


_TOKEN = re.compile(
    r"""
      \d+(?:\.\d+)*(?:\([a-z0-9]{1,5}\))+            # 1005.11(c)(2), 92(4)
    | \d+(?:,\d{3})+(?:\.\d+)?                       # 1,577
    | \d+(?:\.\d+)+                                  # 4.5, 1005.11
    | [a-z]{1,3}\d[a-z\d]*(?:\.\d[a-z\d]*)+          # i21.9, s72.001a
    | [^\W_]+(?:['’][a-z]{1,2}\b)?(?:-[^\W_]+)*      # words, 10-k, covid-19, company's
    """,
    re.VERBOSE,
)
_FISCAL = re.compile(r"\bfy[\s'’]?(\d{4}|\d{2})\b")
_TWO_YEARS = re.compile(
    r"\b((?:(?:fiscal|financial|accounting)(?:\s+years?)?|years?|fy)[\s'’]*)((?:19|20)\d\d)[-–/](\d\d)\b(?!-)"
)
_QUARTER = re.compile(
    r"\b(?:(20\d\d)\s?q([1-4])|q([1-4])\s?['’]?(20\d\d)|q([1-4])\s?['’](\d\d)|([1-4])q(\d\d))\b"
)
_ORDINAL = re.compile(r"\b(first|second|third|fourth)[\s-]+quarter\b")
_BRACKET = re.compile(r"\(")
_DOSE = re.compile(r"(\d+)(mg|mcg|µg|μg|ug|kg|ml|dl|mmol|meq|iu|mmhg|mm|cm|bn|mn)")
_FORM = re.compile(r"\b(10|8|20|6|11)[\s-]?([kqf])\b")
_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_MONTH = "|".join(rf"{name[:3]}(?:{name[3:]})?" for name in _MONTHS).replace(
    "sep(?:tember)?", "sept?(?:ember)?"
)
_WRITTEN_DAY = re.compile(
    rf"(?:\b(\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?)?\b({_MONTH})\b\.?"
    rf"(?:\s+(\d{{1,2}})(?:st|nd|rd|th)?\b)?,?\s+((?:19|20)\d\d)\b"
)
_DAY = re.compile(r"((?:19|20)\d\d)-(0[1-9]|1[0-2])(?:-\d\d)?")
_MARK = re.compile(
    r"(?<![\w-])(?:(?:19|20)\d\d-(?:0[1-9]|1[0-2])-[0-3]\d|(?!fy|q\d|h\d|(?:19|20)\d\d)"
    r"(?=[\w-]{0,40}[a-z])(?=(?:[a-z_-]{0,40}\d){3})\w{1,40}(?:-\w{1,40}){0,5})(?![\w-])"
)
"""A day, or letters with three digits or more: no fiscal period."""
_REGULATION = re.compile(r"\breg(?:ulation|\.)?\s+([b-hj-z])(\1?)\b")
"""Of the Federal Reserve and the CFPB: a letter by itself is found in any list."""
_ORDINALS = {"first": "q1", "second": "q2", "third": "q3", "fourth": "q4"}
_FAMILIES = """
    lose lost losing loss losses
    pay paid
    sell sold sale sales
    buy bought
    hold held
    spend spent
    lend lent
    send sent
    withdraw withdrew withdrawn withdrawal withdrawals
    steal stole stolen theft thefts
    liable liability liabilities
    man men
    woman women
    child children
    allergy allergies allergic
    administer administration administrations
    admit admission admissions
    approve approval approvals
    authorize authorization authorizations authorise authorisation authorisations
    cancel cancelled cancelling cancellation cancellations
    collect collection collections
    complete completion
    confirm confirmation confirmations
    deliver delivery deliveries
    deny denial denials
    diagnose diagnosis diagnoses diagnostic
    die died dying death deaths
    disclose disclosure disclosures
    expire expiration expiry
    immunize immunization immunizations immunise immunisation immunisations
    inject injection injections
    investigate investigation investigations
    measure measurement measurements
    notify notification notifications
    prescribe prescription prescriptions
    receive receipt receipts
    recommend recommendation recommendations
    refer referral referrals
    refuse refusal refusals
    remit remittance remittances
    reverse reversal reversals
    settle settlement settlements
    treat treatment treatments
    vaccinate vaccination vaccinations vaccine vaccines
    verify verification verifications
"""
_FAMILY = {word: family.split()[0] for family in _FAMILIES.strip().splitlines() for word in family.split()}
STOP = frozenset(
    """
    a about all also an and any are as at be been both but by can could did do does each for from had has
    have how i if in into is it its may me might my of on or our own same shall she should so some such
    than that the their them then there these they this those to us was we were what when where which
    while who whom why will with would you your
    """.split()
)


def tokens(text: str) -> list[str]:
    """Index terms of `text` in order: lower-case, lightly stemmed, without stop words."""
    found: list[str] = []
    for match in _TOKEN.finditer(_canonical(text.lower())):
        found += _terms(match.group())
    return found


def _canonical(text: str) -> str:
    """One spelling for fiscal years, quarters, forms and regulations."""
    text = text.replace("_", " ")
    text = _TWO_YEARS.sub(_both_years, text)
    text = _FISCAL.sub(lambda m: f" {full_year(m.group(1))} ", text)
    text = _QUARTER.sub(_quarter, text)
    text = _WRITTEN_DAY.sub(_iso, text)
    text = _REGULATION.sub(r" \1\2regulation ", text)
    text = _ORDINAL.sub(lambda m: f"{_ORDINALS[m.group(1)]} quarter", text)
    return _FORM.sub(r"\1-\2", text)


def marks(text: str) -> frozenset[str]:
    """Whole days that a text names, however written, as `2024-03-02`; and references such as `m-0471`."""
    return frozenset(_MARK.findall(_canonical(text.lower())))


def _both_years(match: re.Match[str]) -> str:
    """`fiscal year 2011-12` as `fiscal year 2011-2012`: no December."""
    lead, year, after = match.groups()
    following = int(year) + 1
    return f"{lead}{year}-{following}" if following % 100 == int(after) else match[0]


def _iso(match: re.Match[str]) -> str:
    """`2 march 2024`, `march 2nd, 2024` as `2024-03-02`; without a day as `2024-03`. Apart from what a hyphen
    joins to it: `1-3 march 2024`, `mid-march 2024`.
    """
    before, month, after, year = match.groups()
    day = before or after
    number = next(n for n, name in enumerate(_MONTHS, 1) if name.startswith(month[:3]))
    return f" {year}-{number:02}-{int(day):02} " if day else f" {year}-{number:02} "


def _quarter(match: re.Match[str]) -> str:
    a, b, c, d, e, f, g, h = match.groups()
    return f" q{b or c or e or g} {full_year(a or d or f or h)} "


@lru_cache(maxsize=200_000)
def _terms(word: str) -> tuple[str, ...]:
    """What one token is found under: itself, and the parts or parents of a compound or code."""
    word = word.split("'")[0].split("’")[0]
    if "(" in word:
        return tuple(word[:end] for end in _ends(word))
    if day := _DAY.fullmatch(word):
        return _day(word, day[1], int(day[2]))
    if "-" in word and not _FORM.fullmatch(word):
        return _compound(word)
    if word[0].isdigit():
        return _number(word)
    if "." in word:
        return (word, word[: word.index(".")])
    return () if word in STOP else (stem(word),)


def _ends(section: str) -> list[int]:
    """Where `1005.11(c)(2)` and each of its parents ends, longest first."""
    return [len(section), *(match.start() for match in reversed(list(_BRACKET.finditer(section))))]


def _day(word: str, year: str, month: int) -> tuple[str, ...]:
    """A day, its month and its year, and the month's name; its bare numbers are found in anything."""
    return tuple(dict.fromkeys((word, word[:7], year, stem(_MONTHS[month - 1]))))


def _compound(word: str) -> tuple[str, ...]:
    """The parts; a code as a whole too."""
    parts = tuple(stem(part) for part in word.split("-") if part not in STOP)
    return (word, *parts) if any(c.isdigit() for c in word) else parts


def _number(word: str) -> tuple[str, ...]:
    """Digits without separators and empty cents; a dose as number and unit."""
    if dose := _DOSE.fullmatch(word):
        return dose.groups()
    digits = word.replace(",", "")
    return (digits.removesuffix(".00"),)


def stem(word: str) -> str:
    """Cut plural, -ed and -ing off words of four letters or more; codes stay as they are.

    Irregular families meet in their first word: `lost` and `loss` in `lose`, `liability` in `liable`.
    """
    word = _FAMILY.get(word, word)
    if len(word) < 4 or any(c.isdigit() for c in word):
        return word
    if word.endswith(("ies", "ied")) and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-2] if word.endswith(("sses", "ches", "shes", "xes")) else word[:-1]
    for suffix in ("ing", "ed"):
        if (
            word.endswith(suffix)
            and len(word) - len(suffix) >= 3
            and re.search("[aeiouy]", word[: -len(suffix)])
        ):
            word = word[: -len(suffix)]
            word = word[:-1] if word[-1] == word[-2] and word[-1] not in "lsz" else word
    return word[:-1] if word.endswith("e") and len(word) > 4 else word
