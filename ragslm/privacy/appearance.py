"""A text as a reader sees it: one blank, one hyphen, and nothing that has no look of its own.

Recognisers know a number by its blanks and dashes. A no-break space or a zero-width sign among its digits
comes with HTML, PDF and word processors, changes nothing for who reads, and would hide it.

Source: Unicode 17.0, DerivedCoreProperties, Default_Ignorable_Code_Point; general category Zs.
"""

import re
from collections.abc import Callable, Sequence
from typing import Any

from ragslm._spans import OffsetMap, Replacement, apply

INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
"""Every sign without a look of its own, as the inside of a pattern's brackets."""
_INVISIBLE = re.compile(f"[{INVISIBLE}]+")
_BLANKS = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_HYPHENS = "\u2010\u2011\u2012\u2212\ufe63\uff0d"
"""No en dash and no longer one: they stand between numbers as well, `10–20`."""
_JOINED = re.compile(r"(?<=[^\W\d_A-Z])_(?=[A-ZÀ-ÖØ-Þ])(?![\w.+-]{0,64}@)")
"""Between the words of a file's name, `John_Okonkwo`; not in an address, a pseudonym or a name of code."""
_SAME = OffsetMap(())
_ALIKE = str.maketrans(dict.fromkeys(_BLANKS, " ") | dict.fromkeys(_HYPHENS, "-"))

Find = Callable[[Sequence[str]], list[list[Any]]]
"""Presidio results for each text."""


def as_seen(text: str) -> tuple[str, OffsetMap]:
    """`text` as it is seen, and the map between it and that."""
    if text.isascii() and "_" not in text:
        return text, _SAME
    alike = _JOINED.sub(" ", text.translate(_ALIKE))
    places = OffsetMap(tuple(Replacement(*match.span(), "") for match in _INVISIBLE.finditer(alike)))
    return apply(alike, places.replacements), places


def find_as_seen(find: Find, texts: Sequence[str]) -> list[list[Any]]:
    """What `find` finds in the texts as they are seen, at its place in the texts as they are."""
    seen = [as_seen(text) for text in texts]
    found = find([text for text, _ in seen])
    for (_, places), results in zip(seen, found, strict=True):
        for result in results if places.replacements else ():
            result.start, result.end = places.to_original(result.start, result.end)
    return found
