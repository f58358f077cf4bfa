"""What can be the name of a person where it stands: guards that keep knowledge out of what was found."""

import re
from collections.abc import Sequence

from ragslm.privacy import gazetteer, lexicon

TITLE = r"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Sir|Madam|mr|mrs|ms|dr|Herr|Frau|Señora?|Judge|Nurse)\.?[ ]{1,2}"
_AFTER = re.compile(r"(?:[’']s?)?[ \-–]+(?P<word>[A-Za-z\-]+)")
_THEN_HEADING = re.compile(r"(?<=[a-z])[ ]+[A-Z]{4,}\b.*", re.DOTALL)
"""A heading in capitals behind a name that has small letters."""
_CALLED_AFTER = re.compile(r"['’]s?\b|[ \-–]+(?:\d|[IVX]+\b)|[ ]?[:/(\d]")
"""What stands behind an eponym: `Graves'`, `Gleason 7`."""
_SURE = 0.9
_NUMBERED = re.compile(r"\[\d+\]")


def plausible(text: str, start: int, end: int, score: float) -> tuple[int, int]:
    """The part of a span that a reader took for a person and that can be one; empty if none can.

    A surname that is an eponym too is believed where the reader is sure and nothing is called after it there.
    A name of an element (`Rpt[1]/Bal[2]`) is none of a person.
    """
    start, end = trimmed(text, start, end)
    if _NUMBERED.match(text, end):
        return start, start
    value = text[start:end]
    if _is_medicine(value):
        return start, start
    possible = is_possible(text, start, end) or (score >= _SURE and _is_surname_here(text, start, end))
    return (start, end) if possible and not _is_term(value) else (start, start)


def _is_medicine(value: str) -> bool:
    """Whether it begins with a medicine's name and holds no surname: `Abilify Maintena`."""
    words = value.split()
    first = words[0].lower() if words else ""
    return first in lexicon.medicines() and not any(map(gazetteer.is_surname, words))


def _is_surname_here(text: str, start: int, end: int) -> bool:
    """Whether an eponym is a surname too, and nothing called after it stands behind."""
    after = _AFTER.match(text, end)
    called = after and (
        after["word"].lower() in lexicon.AFTER_EPONYM or lexicon.technical(after["word"].lower())
    )
    value = text[start:end]
    eponym = value.lower() in lexicon.EPONYMS and gazetteer.is_surname(value)
    return eponym and not called and not _CALLED_AFTER.match(text, end)


def _is_term(value: str) -> bool:
    """Whether this is a place, or a single word written like an abbreviation."""
    capitals = sum(letter.isupper() for letter in value)
    abbreviated = value.isalpha() and capitals > 2 and not gazetteer.is_name(value)
    return value.lower() in lexicon.PLACES or (
        abbreviated and not value.startswith(("Mc", "Mac", "De", "Di", "Van"))
    )


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without what is no part of a name: line ends, possessives, marks, titles, roles."""
    value = re.split(r"[\n\t]|  |[|<>@/:;\\\[\]{}\"“”]|\.,|['’]s\b", text[start:end])[0]
    if match := _THEN_HEADING.search(value):
        value = value[: match.start()]
    if match := re.match(rf"(?:{TITLE}|\W+)", value):
        start, value = start + match.end(), value[match.end() :]
    while (match := re.match(r"([\w\-]+)[ ]+", value)) and match[1].lower() in lexicon.NOT_NAMES:
        start, value = start + match.end(), value[match.end() :]
    value = re.sub(r"[\s\W_]+$", "", value) + ("." if re.search(r"\s[A-Z]\.\W*$", value) else "")
    while (match := re.search(r"[ ,]+([\w\-]+)\.?$", value)) and match[1].lower() in lexicon.NOT_NAMES:
        value = value[: match.start()]
    return start, start + len(value)


def is_possible(text: str, start: int, end: int) -> bool:
    """Whether the span can be a name at all: guards that hold however sure the model is."""
    value = text[start:end]
    if not is_shaped(value) or lexicon.is_named_after(text, start, end):
        return False
    if all(piece in lexicon.EPONYMS for word in _parts(value) for piece in re.split(r"[\-'’]", word)):
        return False
    after = _AFTER.match(text, end)
    called = lexicon.AFTER_FIRM if _is_full(value) else lexicon.AFTER_EPONYM
    return not (after and after["word"].lower() in called)


def _is_full(value: str) -> bool:
    """Whether the value is a given name and a surname: diseases are called after one of the two."""
    parts = value.split()
    return len(parts) > 1 and gazetteer.is_given(parts[0]) and gazetteer.is_surname(parts[-1])


def is_shaped(value: str) -> bool:
    """Whether the value is written as names are, and holds no word of forms, reports, law or medicine."""
    parts = _parts(value)
    if not parts or len(parts) > 5 or len(value) < 2:
        return False
    if any(c.isdecimal() or c in "%$#*=_+&()" for c in value) or _is_payment(parts):
        return False
    return not any(
        word in lexicon.NOT_NAMES or (lexicon.technical(word) and not gazetteer.is_name(word))
        for word in parts
    )


def _is_payment(parts: Sequence[str]) -> bool:
    """Whether every word is one of payments, and not every one a name as well: `Miete Mai Wohnung`."""
    return all(map(lexicon.is_payment, parts)) and not all(map(gazetteer.is_name, parts))


def _parts(value: str) -> list[str]:
    """The words of a name in small letters, without initials."""
    parts = (part.strip(".,'’").lower() for part in re.split(r"[\s,]+", value))
    return [part for part in parts if len(part) > 1]


def is_common(parts: Sequence[str]) -> bool:
    """Whether words of running text make this a thing: `Scott Safety`, `Creative Cloud`."""
    words = [not is_rare([part]) for part in parts]
    return (all(words) and not gazetteer.is_given(parts[0])) or (
        gazetteer.is_common(parts[-1]) and not gazetteer.is_surname(parts[-1])
    )


def is_rare(parts: Sequence[str]) -> bool:
    """Whether none of the parts reads like an English word: no name list holds every name of the world."""
    return not any(lexicon.wordlike(part) or gazetteer.is_common(part) for part in parts)
