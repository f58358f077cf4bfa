"""Which of several things of one name is asked about: what is said of hepatitis C answers nothing about B.

They differ by a sign behind a common word, `type 3`, `stage IIb`, `chromosome 2q`, `vitamin B12`, which is
next to nothing to an encoder and one word of many to a search.
"""

import re
from collections.abc import Sequence

from ragslm.types import Passage

_WORDS = (
    "annex|appendi|categor|chromosome|class|factor|grade|group|hepatitis|phase|schedule|series|stage|tier"
    "|type|vitamin"
)
_ENDINGS = "y|ies|x|ces|s|es"
_SAYS_I = r"(?! (?:am|can|do|have|must|need|should|take|was|would)\b)"
_SIGN = (
    rf"(?:(?:(?-i:I){_SAYS_I}|i{{2,3}}|iv|vi{{0,3}}|ix|x)[a-d]?|\d{{1,2}}(?:[a-z]\d?)?"
    r"|(?:(?-i:A)|[b-hj-z])\d{0,2})\b"
)
"""A number, Roman or not, or a letter; `a` and `i` only as capitals, for they are words."""
_RANGE = r" ?[–-] ?| to "
_BETWEEN = rf",? (?:and|or|and/or|&) |, ?| ?/ ?|{_RANGE}"
_SIGNED = re.compile(
    rf"\b({_WORDS})(?:{_ENDINGS})? ({_SIGN}(?:(?:{_BETWEEN}){_SIGN})*)(?!['’.-]\w)",
    re.IGNORECASE,
)
_EACH = re.compile(rf"({_RANGE})?({_SIGN})", re.IGNORECASE)
_NUMBERS = {
    roman: str(number)
    for number, roman in enumerate(("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x"), start=1)
}
_ROMAN = re.compile(r"(viii|vii|vi|ix|iv|v|x|iii|ii|i)([a-d]?)")


def of_the_kind_asked(question: str, passages: Sequence[Passage]) -> list[Passage]:
    """The passages without those whose title or section names another one and that never name the one asked.

    `type 2` and `type 2A` are not told apart: a text on the one often treats the other. `II` is `2`.
    """
    asked = _signs(question)
    return [one for one in passages if not any(_another(word, asked[word], one) for word in asked)]


def _another(word: str, wanted: set[str], passage: Passage) -> bool:
    heading = f"{passage.title} {passage.section or ''}"
    headed = _signs(heading).get(word, set())
    if not headed or _agree(wanted, headed):
        return False
    return not _agree(wanted, _signs(passage.text).get(word, set()))


def _agree(wanted: set[str], found: set[str]) -> bool:
    return any(_same(one, other) for one in wanted for other in found)


def _same(one: str, other: str) -> bool:
    """Whether they are equal, or one is the other with more behind it: `2` and `2a`, not `1` and `10`."""
    short, long = sorted((one, other), key=len)
    rest = long.removeprefix(short)
    return not rest or (rest != long and rest[0].isdigit() != short[-1].isdigit())


def _signs(text: str) -> dict[str, set[str]]:
    """The signs behind each word, in one writing: `1`, `2` and `3` of `types I to III`."""
    found: dict[str, set[str]] = {}
    for match in _SIGNED.finditer(text):
        known, last = found.setdefault(match[1].lower(), set()), ""
        for reaching, sign in _EACH.findall(match[2]):
            present = _written(sign.lower())
            if reaching and last.isdigit() and present.isdigit():
                known.update(map(str, range(int(last), int(present))))
            known.add(last := present)
    return found


def _written(sign: str) -> str:
    roman = _ROMAN.fullmatch(sign)
    return _NUMBERS[roman[1]] + roman[2] if roman else sign
