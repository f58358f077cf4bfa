"""What a passage itself is called: its headings, the words before its first value, its rows' first cells.

Who asks for the cholesterol wants `Cholesterol: 6.3 mmol/L`, and not the cholesterol in HDL: the same words
say the name of the one in full and a part of the other's.
"""

import re
from collections.abc import Set
from functools import lru_cache

from ragslm.retrieval.tokens import tokens
from ragslm.types import PATH_SEPARATOR, Passage

_CODE = re.compile(r"\([^()]*\)|\[\d+\]")
"""In a heading: the code of what it names, the number of an element."""
_VALUE = re.compile(r"[:,;.(|\n]|\S*[\d_]")
"""Ends a name: what is said of it, a word with a digit, a pseudonym."""
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
"""A heading that is a day names no record: all of that day stand under it."""
_LONGEST = 60
"""Characters of a name; a longer lead is a sentence."""


def is_named(asked: Set[str], passage: Passage) -> bool:
    """Whether every word of one of the passage's names is asked for, in any order.

    What only repeats the document's title is no name of a passage: `About Amcor` in a report by Amcor.

    Args:
        asked: index terms of a question.
        passage: its title, section path and text, scrubbed.
    """
    own = (*_headings(passage.section or ""), *map(_terms, _names(passage)))
    title = _terms(passage.title)
    return any(asked >= name and not title >= name for name in own)


def told(passage: Passage) -> str:
    """Its text; without the section's heading, which the first record of a section may have above it."""
    above, _, below = passage.text.partition("\n\n")
    return below if below and above in (passage.section or "") else passage.text


@lru_cache(maxsize=20_000)
def _headings(section: str) -> tuple[frozenset[str], ...]:
    headings = _CODE.sub(" ", section).split(PATH_SEPARATOR)
    return tuple(_terms(heading) for heading in headings if not _DAY.fullmatch(heading))


@lru_cache(maxsize=20_000)
def _terms(name: str) -> frozenset[str]:
    return frozenset(tokens(name))


def _names(passage: Passage) -> list[str]:
    """Those in its text; the scale of a table in brackets is none."""
    rows = (line.partition(" | ") for line in passage.text.splitlines())
    cells = [cell.rpartition(": ")[2] for cell, bar, _ in rows if bar]
    lead = _VALUE.split(told(passage).lstrip("- "), maxsplit=1)[0]
    return [name for name in (lead, *cells) if len(name) <= _LONGEST and not name.startswith("(")]
