"""A text with everything the literal checks look at."""

from dataclasses import dataclass, field
from functools import lru_cache

from ragslm.grounding.reading.cues import Cue, cues
from ragslm.grounding.reading.dates import Date, dates
from ragslm.grounding.reading.frequencies import Frequency, frequencies
from ragslm.grounding.reading.numbers import Number, numbers
from ragslm.grounding.reading.tokens import Token, taken, tokens


@dataclass(frozen=True, slots=True)
class Reading:
    """A text with everything the checks look at."""

    text: str = field(repr=False)
    words: list[Token] = field(repr=False)
    dates: list[Date]
    numbers: list[Number]
    cues: list[Cue] = field(repr=False)
    frequencies: list[Frequency] = field(default_factory=list)

    @property
    def plain(self) -> list[Token]:
        """Words that are part of no number, date, frequency or comparison."""
        spans = [(d.start, d.end) for d in self.dates] + [(f.start, f.end) for f in self.frequencies]
        for number in self.numbers:
            spans += [(number.start, number.end), *number.phrases]
        marks = taken(len(self.text), spans)
        return [w for w in self.words if not marks[w.start]]


@lru_cache(maxsize=512)
def read(text: str) -> Reading:
    """Read a claim or a span once; every sentence of an answer meets the same evidence."""
    words, when, often = tokens(text), dates(text), frequencies(text)
    hidden = [(f.start, f.end) for f in often]
    found = numbers(text, when, hidden)
    silent = [*hidden, *(phrase for number in found for phrase in number.phrases)]
    return Reading(text, words, when, found, cues(text, words, silent), often)
