"""A text with everything the literal checks look at."""

from dataclasses import dataclass, field
from functools import lru_cache

from ragslm.grounding.cues import Cue, cues
from ragslm.grounding.dates import Date, dates
from ragslm.grounding.numbers import Number, numbers
from ragslm.grounding.tokens import Token, tokens


@dataclass(frozen=True, slots=True)
class Reading:
    """A text with everything the checks look at."""

    text: str = field(repr=False)
    words: list[Token] = field(repr=False)
    dates: list[Date]
    numbers: list[Number]
    cues: list[Cue] = field(repr=False)

    @property
    def plain(self) -> list[Token]:
        """Words that are part of no number and no date."""
        taken = [(n.start, n.end) for n in self.numbers] + [(d.start, d.end) for d in self.dates]
        return [w for w in self.words if not any(a <= w.start < b for a, b in taken)]


@lru_cache(maxsize=512)
def read(text: str) -> Reading:
    """Read a claim or a span once; every sentence of an answer meets the same evidence."""
    words, when = tokens(text), dates(text)
    return Reading(text, words, when, numbers(text, when), cues(text, words))
