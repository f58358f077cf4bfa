"""Later mentions of a person already found: a name masked once and shown twice protects nobody.

Source: the text anonymization benchmark (TAB) counts a person as masked only if every mention is.
"""

import re
from collections.abc import Iterable, Iterator

from ragslm.privacy import lexicon
from ragslm.privacy.spans import Finding

_MOST = 2_000  # names looked for in one text; a list of staff has fewer, an attack more


def mentions(text: str, people: Iterable[str]) -> Iterator[Finding]:
    """Every verbatim mention of the people and of their surnames, also written in capitals or turned."""
    forms = sorted({form for name in people for form in _forms(name)}, key=len, reverse=True)[:_MOST]
    if not forms:
        return
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, forms))})(?!\w)")
    for match in pattern.finditer(text):
        yield Finding("PERSON", match.start(), match.end(), 0.5)


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
    """Whether a single word can be replaced wherever it stands: a name, not a common word."""
    plain = word.lower()
    common = plain in lexicon.NOT_NAMES or plain in lexicon.EPONYMS or plain in lexicon.PARTICLES
    return len(word) >= 3 and word[0].isupper() and not common and word.replace("-", "").isalpha()
