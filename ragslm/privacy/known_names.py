"""People the workspace knows, however a question writes them: small letters, capitals, surname first.

A name reader goes by capitals and context; a hurried "clemente kreiger bmi" has neither. Every run of two to
four words is looked up by its digest, which is the same for all spellings of a name.
"""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import pairwise

from ragslm.privacy.spans import Finding

LONGEST_TEXT = 4_000
"""Characters of a text that is searched this way: questions and notes; a document has its recognisers."""

_MOST_WORDS = 4
_WORD = re.compile(r"[^\W\d_]+(?:[-'’](?![sS]\b)[^\W\d_]+)*\.?")
_GAP = re.compile(r",?\s+")


def known_names(text: str, known: Callable[[Collection[str]], Collection[str]]) -> Iterator[Finding]:
    """Runs of words that are a person's name, the longest first; none overlap.

    Args:
        text: what is searched.
        known: those of some runs that are names; asked once.
    """
    words = [match.span() for match in _WORD.finditer(text)] if len(text) <= LONGEST_TEXT else []
    joined = [
        _GAP.fullmatch(text, a_end, b_start) is not None for (_, a_end), (b_start, _) in pairwise(words)
    ]
    runs = [
        [text[start : words[last][1]] for last in _ends(joined, first)]
        for first, (start, _) in enumerate(words)
    ]
    names = known({run for own in runs for run in own})
    end = 0
    for (start, _), own in zip(words, runs, strict=True):
        longest = next((run for run in reversed(own) if run in names), None) if start >= end else None
        if longest is not None:
            end = start + len(longest)
            yield Finding("PERSON", start, end, 0.9)


def _ends(joined: Sequence[bool], first: int) -> Iterator[int]:
    """Last words of the runs of two to four that begin at `first`."""
    for last in range(first, min(first + _MOST_WORDS - 1, len(joined))):
        if not joined[last]:
            return
        yield last + 1
