"""Words as the lexical index sees them: codes stay whole, years, quarters and form names get one spelling.

The same function reads questions and passages, so `FY2018` asks for `2018`, `10K` for `10-K` and
`2023Q2` for `Q2 2023`.
"""

import re
from functools import lru_cache

VERSION = 1
"""Goes into the snapshot: an index written with other tokens is rebuilt."""

SEPARATOR = " › "
"""Between the parts of a passage's header; the first part is the document's title."""

_TOKEN = re.compile(
    r"""
      \d+(?:\.\d+)+(?:\([a-z0-9]{1,4}\))+            # 1005.11(c)(2)
    | \d+(?:,\d{3})+(?:\.\d+)?                       # 1,577
    | \d+(?:\.\d+)+                                  # 4.5, 1005.11
    | [^\W_]+(?:['’][a-z]{1,2}\b)?(?:-[^\W_]+)*      # words, 10-k, covid-19, company's
    """,
    re.VERBOSE,
)
_FISCAL = re.compile(r"\bfy[\s'’]?(\d{4}|\d{2})\b")
_QUARTER = re.compile(
    r"\b(?:(20\d\d)\s?q([1-4])|q([1-4])\s?['’]?(20\d\d)|q([1-4])\s?['’](\d\d)|([1-4])q(\d\d))\b"
)
_ORDINAL = re.compile(r"\b(first|second|third|fourth)[\s-]+quarter\b")
_FORM = re.compile(r"\b(10|8|20|6|11)[\s-]?([kqf])\b")
_ORDINALS = {"first": "q1", "second": "q2", "third": "q3", "fourth": "q4"}
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
    """One spelling for fiscal years, quarters and forms."""
    text = text.replace("_", " ")
    text = _FISCAL.sub(lambda m: f" {_year(m.group(1))} ", text)
    text = _QUARTER.sub(_quarter, text)
    text = _ORDINAL.sub(lambda m: f"{_ORDINALS[m.group(1)]} quarter", text)
    return _FORM.sub(r"\1-\2", text)


def _year(digits: str) -> str:
    return digits if len(digits) == 4 else f"20{digits}"


def _quarter(match: re.Match[str]) -> str:
    a, b, c, d, e, f, g, h = match.groups()
    return f" q{b or c or e or g} {_year(a or d or f or h)} "


@lru_cache(maxsize=200_000)
def _terms(word: str) -> tuple[str, ...]:
    """What one token is found under: itself, and the parts of a compound."""
    word = word.split("'")[0].split("’")[0]
    if word[0].isdigit():
        return _number(word)
    if "-" not in word:
        return () if word in STOP else (stem(word),)
    parts = tuple(stem(part) for part in word.split("-") if part not in STOP)
    return (word, *parts) if any(c.isdigit() for c in word) else parts


def _number(word: str) -> tuple[str, ...]:
    """A section such as `1005.11(c)` is also found under `1005.11`; `10-k` stays whole."""
    if "(" in word:
        return (word, word[: word.index("(")])
    if "-" in word and not _FORM.fullmatch(word):
        return (word, *(stem(part) for part in word.split("-") if part not in STOP))
    return (word.replace(",", ""),)


def stem(word: str) -> str:
    """Cut plural, -ed and -ing off words of four letters or more; codes stay as they are."""
    if len(word) < 4 or any(c.isdigit() for c in word):
        return word
    if word.endswith("ies") and len(word) > 4:
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
