"""People the workspace knows, however a question writes them: small letters, capitals, surname first.

A name reader goes by capitals and context; a hurried "clemente kreiger bmi" has neither. Every run of two to
four words is looked up by its digest, which is the same for all spellings of a name.
"""

import re
from collections.abc import Callable, Iterator
from itertools import pairwise

from ragslm.privacy.spans import Finding

LONGEST_TEXT = 4_000
"""Characters of a text that is searched this way: questions and notes; a document has its recognisers."""

_MOST_WORDS = 4
_WORD = re.compile(r"[^\W\d_]+(?:[-'’](?![sS]\b)[^\W\d_]+)*\.?")
_GAP = re.compile(r",?\s+")


def known_names(text: str, is_known: Callable[[str], bool]) -> Iterator[Finding]:
    """Runs of words that `is_known` takes for a person, the longest first; none overlap."""
    words = [match.span() for match in _WORD.finditer(text)] if len(text) <= LONGEST_TEXT else []
    joined = [
        _GAP.fullmatch(text, a_end, b_start) is not None for (_, a_end), (b_start, _) in pairwise(words)
    ]
    first = 0
    while first < len(words):
        last = first
        while last < len(joined) and joined[last] and last - first < _MOST_WORDS - 1:
            last += 1
        while last > first and not is_known(text[words[first][0] : words[last][1]]):
            last -= 1
        if last > first:
            yield Finding("PERSON", words[first][0], words[last][1], 0.9)
        first = last + 1
