"""Later mentions of a person already found: a name masked once and shown twice protects nobody.

Source: the text anonymization benchmark (TAB) counts a person as masked only if every mention is.
"""

import re
from collections.abc import Iterable, Iterator

from ragslm.privacy import gazetteer, lexicon
from ragslm.privacy.spans import Finding

_NO_NAMES = (lexicon.NOT_NAMES, lexicon.EPONYMS, lexicon.PARTICLES, lexicon.PLACES)
_ACRONYM = 4  # letters in a row of capitals that are more likely a firm than a name
# Where a surname that is a word as well is a name: "met with Price." and "Price said", not "the Price range".
_AS_NAME = r"(?<=[a-z,] ){}(?=['’]s|[.,;:)\n])|{}(?= (?:said|says|told|asked|wrote|reports?|lives|works)\b)"
_MOST = 2_000  # names looked for in one text; a list of staff has fewer, an attack more


def mentions(text: str, people: Iterable[str]) -> Iterator[Finding]:
    """Every verbatim mention of the people and of their surnames, also written in capitals or turned."""
    names = list(people)
    yield from _found(text, (form for name in names for form in _forms(name)), "{}")
    yield from _found(text, (surname for name in names if is_word(surname := _surname(name))), _AS_NAME)


def _found(text: str, forms: Iterable[str], shape: str) -> Iterator[Finding]:
    """Where one of the forms stands as a whole word, in this shape."""
    longest = sorted(set(forms), key=len, reverse=True)[:_MOST]
    if longest:
        either = f"(?:{'|'.join(map(re.escape, longest))})"
        pattern = re.compile(rf"(?<!\w)(?:{shape.replace('{}', either)})(?!\w)")
        for match in pattern.finditer(text):
            yield Finding("PERSON", match.start(), match.end(), 0.5)


def _surname(name: str) -> str:
    """The last word of a full name, or the first where a comma turns it; empty for a single word."""
    last, comma, _ = name.partition(",")
    parts = (last if comma else name).split()
    return parts[-1].strip(" .") if len(parts) > 1 or comma else ""


def is_word(surname: str) -> bool:
    """Whether a surname can be masked only where the text uses it as a name."""
    return gazetteer.is_common(surname) and surname.istitle() and surname.lower() not in lexicon.NOT_NAMES


def _forms(name: str) -> Iterator[str]:
    """The ways a found name may come back."""
    name = " ".join(name.split()).strip(" .,")
    last, comma, first = (part.strip() for part in name.partition(","))
    parts = (f"{first} {last}" if comma and first else name).split()
    if len(parts) < 2:
        if distinctive(name):
            yield name
            yield name.upper()
        return
    given, surname = " ".join(parts[:-1]), parts[-1]
    for whole in (f"{given} {surname}", f"{surname}, {given}", f"{parts[0]} {surname}"):
        yield from (whole, whole.upper())
    if distinctive(surname):
        yield from (surname, surname.upper())


def distinctive(word: str) -> bool:
    """Whether a single word can be replaced wherever it stands: a name, neither a word nor an acronym."""
    named = word[:1].isupper() and word.replace("-", "").isalpha() and not _is_known_word(word)
    return named and len(word) >= 3 and not (word.isupper() and len(word) <= _ACRONYM)


def _is_known_word(word: str) -> bool:
    plain = word.lower()
    listed = any(plain in words for words in _NO_NAMES)
    return listed or (gazetteer.is_common(word) and not gazetteer.is_given(word))
