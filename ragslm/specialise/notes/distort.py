"""Notes typed in a hurry, shouted, quoted or without their accents; marks stay where they are."""

import re
import unicodedata
from random import Random

from ragslm.specialise.notes.marked import Marked

_KINDS = ("lower", "upper", "accents", "quoted", "spaced")
_SHARES = (0.13, 0.05, 0.05, 0.03, 0.02)


def distorted(note: Marked, random: Random) -> Marked:
    """The note as it is, or in one of the other ways of writing."""
    (kind,) = random.choices((*_KINDS, ""), (*_SHARES, 1 - sum(_SHARES)))
    if kind == "lower":
        return Marked("".join(_same_length(c, c.lower()) for c in note.text), note.spans)
    if kind == "upper":
        return Marked("".join(_same_length(c, c.upper()) for c in note.text), note.spans)
    if kind == "accents":
        return Marked("".join(map(_bare, note.text)), note.spans)
    if kind == "quoted":
        return _widened(note, "\n", "\n> ")
    return _widened(note, "\n", "\n    ") if kind else note


def _widened(note: Marked, old: str, new: str) -> Marked:
    """Every `old` replaced by the longer `new`."""
    places = [match.start() for match in re.finditer(re.escape(old), note.text)]
    more = len(new) - len(old)

    def moved(at: int) -> int:
        return at + more * sum(place < at for place in places)

    return Marked(
        note.text.replace(old, new),
        tuple((label, moved(start), moved(end)) for label, start, end in note.spans),
    )


def _same_length(old: str, new: str) -> str:
    return new if len(new) == 1 else old


def _bare(character: str) -> str:
    """The letter without its accent."""
    return unicodedata.normalize("NFKD", character)[0]
