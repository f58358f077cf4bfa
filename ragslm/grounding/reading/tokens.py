"""Words of a claim or a source with their place, compared by stem."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from ragslm._pseudonyms import PSEUDONYM
from ragslm._sentences import content_words

# A name with digits (COVID-19, B12, CYP2C9, T4) is one word, as a pseudonym is.
NAME_WITH_DIGITS = re.compile(
    r"(?<![\w$])(?!Q[1-4]\b|FY\d|CY\d)[A-Za-z][A-Za-z]*[-–]?\d[A-Za-z\d]*(?:-\d+)?\b"
)
_TOKEN = re.compile(
    rf"{PSEUDONYM.pattern}|{NAME_WITH_DIGITS.pattern}"
    r"|\d+(?:,\d{3})*(?:\.\d+)?|[^\W\d_]+(?:['’][^\W\d_]+)?"
)
_DERIVED = tuple(
    "ions ion ations ation ment ments ity al ally ive ous ness er ers or ance ence able ible ic ical ically"
    " ly y ed ing s es e d r t th".split()
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word: `text` as written, `key` its stem, `content` False for stop words."""

    text: str = field(repr=False)
    key: str = field(repr=False)
    start: int
    end: int
    content: bool

    @property
    def lower(self) -> str:
        """As written, in lower case."""
        return self.text.lower().replace("’", "'")

    @property
    def number(self) -> bool:
        """Whether it is written in digits alone."""
        return self.text[0].isdigit()


def tokens(text: str) -> list[Token]:
    """All words of `text` in order."""
    found = []
    for match in _TOKEN.finditer(text):
        key, carries = _key(match.group())
        found.append(Token(match.group(), key, match.start(), match.end(), carries))
    return found


def content(words: list[Token]) -> list[Token]:
    """Those that carry meaning."""
    return [word for word in words if word.content]


def taken(length: int, spans: Iterable[tuple[int, int]]) -> bytearray:
    """A mark for each character of a text that lies in a span, so that long texts are looked up at once."""
    marks = bytearray(length)
    for start, end in spans:
        marks[start:end] = b"\x01" * (end - start)
    return marks


@lru_cache(maxsize=100_000)
def alike(one: str, other: str) -> bool:
    """Whether two stems are the same word or differ by a derivational ending (interact, interaction)."""
    one, other = one.replace("bility", "bl"), other.replace("bility", "bl")  # liability, liable
    if one == other:
        return True
    short, long = sorted((one, other), key=len)
    if len(short) < 5 or short[0].isdigit():
        return False
    for cut in ("", "e", "ion", "ive", "ation"):
        root = short.removesuffix(cut) if cut else short
        if len(root) >= 5 and long.startswith(root) and long[len(root) :] in _DERIVED:
            return True
    return False


@lru_cache(maxsize=100_000)
def _key(word: str) -> tuple[str, bool]:
    """Stem and whether the word carries meaning."""
    if PSEUDONYM.fullmatch(word) or NAME_WITH_DIGITS.fullmatch(word):
        return word.lower().replace("–", "-"), True
    stems = content_words(word)
    return (stems[0], True) if len(stems) == 1 else (word.lower(), bool(stems))
