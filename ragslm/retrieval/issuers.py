"""Which of the known issuers a question names: in full, shortened, by initials, in one word or in three.

`CVS Health` is `CVSHEALTH`, `MGM` is `MGMRESORTS`, `J&J` and `JnJ` are `JOHNSON_JOHNSON`. What no rule knows
(`AMEX`) is a matter of the domain's glossary.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from ragslm.retrieval.cards import words
from ragslm.retrieval.tokens import STOP

_WRITTEN = re.compile(r"(?:[^\W_]+(?:(?:&|(?<=[A-Z])n(?=[A-Z]))[^\W_]+)*)")
_POSSESSIVE = re.compile(r"['’]s?\b")
_BREAK = re.compile(r"[.?!,;:()\"“”]")
_LONGEST = 5
_SHORT = 3
_PART = 4


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of the question, joined over `&`: whether it may be a name's, and whether a sign ends it."""

    text: str
    named: bool
    last: bool


def issuers(question: str, known: Mapping[str, tuple[str, ...]]) -> set[str]:
    """The names, out of `known` (name written together: its words), that the question means.

    A name is written in capitals or as a proper name; only a question without any capital is read in small
    letters. A part of a name counts where no other name goes on after it: "American Express" is not
    American Water.
    """
    found: set[str] = set()
    said = _words(question)
    at = 0
    while at < len(said):
        length, names = _longest(said[at:], known)
        found |= names
        at += length
    return found


def _longest(said: list[_Word], known: Mapping[str, tuple[str, ...]]) -> tuple[int, set[str]]:
    """How many of the first words are a name, and whose; one word and nobody's where they are none."""
    reach = next((i + 1 for i, word in enumerate(said[:_LONGEST]) if word.last), _LONGEST)
    for length in range(min(reach, len(said)), 0, -1):
        run = said[:length]
        if not run[0].named:
            continue
        joined = "".join(words(" ".join(word.text for word in run)))
        goes_on = length < len(said) and said[length].text.istitle() and not run[-1].last
        names = {name for name in known if joined == name}
        if not names and not goes_on:
            names = {name for name in known if _part(run, joined, name)}
        if not names and length == 1:
            names = {name for name, parts in known.items() if _initials(run[0].text, parts)}
        if names:
            return length, names
    return 1, set()


def _part(run: list[_Word], joined: str, name: str) -> bool:
    """Whether the words begin the name: three capitals, or four letters that are no ordinary small word."""
    if not name.startswith(joined) or not joined.isalpha():
        return False
    capitals = len(run) == 1 and run[0].text.isupper()
    return len(joined) >= (_SHORT if capitals else _PART) and run[0].text.lower() not in STOP


def _initials(written: str, parts: Collection[str]) -> bool:
    letters = re.sub(r"&|(?<=[A-Z])n(?=[A-Z])", "", written)
    marked = letters != written
    return (
        letters.isupper()
        and (marked or len(letters) >= _SHORT)
        and len(letters) == len(parts)
        and letters.lower() == "".join(part[0] for part in parts)
    )


def _words(question: str) -> list[_Word]:
    text = _POSSESSIVE.sub(lambda m: "." + " " * (len(m.group()) - 1), question)
    found = list(_WRITTEN.finditer(text))
    plain = not any(match.group()[0].isupper() for match in found)
    said = []
    for i, match in enumerate(found):
        gap = text[match.end() : found[i + 1].start()] if i + 1 < len(found) else "."
        written = match.group()
        named = plain or written[0].isupper() or written[0].isdigit()
        ordinary = plain and written in STOP
        said.append(_Word(written, named and not ordinary, _BREAK.search(gap) is not None))
    return said
