"""People the workspace knows, however a question writes them: small letters, capitals, surname first.

A name reader goes by capitals and context; a hurried "clemente kreiger bmi" has neither. Every run of two to
four words is looked up by its digest, which is the same for all spellings of a name. Words that only join
others (`of`, `with`) and are in no list of names are no part of one: they leave a fifth of the runs.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import pairwise

from ragslm.privacy.spans import Finding

LONGEST_TEXT = 4_000
"""Characters of a text that is searched this way: questions and notes; a document has its recognisers."""

_MOST_WORDS = 4
_WORD = re.compile(r"[^\W\d_]+(?:[-'’](?![sS]\b)[^\W\d_]+)*\.?")
JOINING = frozenset(
    """a about above after again all also am and any are as at be because been before being below between both
    but by can cannot could did does doing down during each for from further had has have having here hers
    his how i if into is it its me most no nor not now of off on once only or other our ours out over own
    please same she should some such than that the their theirs them then there these they this those through
    too under until up upon us very was we were what when where which while who whom why with within without
    would you your yours""".split()
)
"""Words that join others and are in no list of names."""
_GAP = re.compile(r",?\s+")


def known_names(
    texts: Sequence[str], known: Callable[[Collection[str]], Collection[str]]
) -> list[list[Finding]]:
    """Runs of words that are a person's name, by text, the longest first; none overlap.

    Args:
        texts: what is searched.
        known: those of some runs that are names; asked once.
    """
    runs = [list(_runs(text)) if len(text) <= LONGEST_TEXT else [] for text in texts]
    names = known({run for of_text in runs for _, own in of_text for run in own})
    return [list(_longest(of_text, names)) for of_text in runs]


def _runs(text: str) -> Iterator[tuple[int, list[str]]]:
    """Where each word begins, and the runs of two to four words from there, the shortest first."""
    words = list(_words(text))
    joined = [
        _GAP.fullmatch(text, a_end, b_start) is not None for (_, a_end), (b_start, _) in pairwise(words)
    ]
    for first, (start, _) in enumerate(words):
        yield start, [text[start : words[last][1]] for last in _ends(joined, first)]


def _longest(runs: Iterable[tuple[int, Sequence[str]]], names: Collection[str]) -> Iterator[Finding]:
    """The longest name at each place that no name before it covers."""
    end = 0
    for start, own in runs:
        longest = next((run for run in reversed(own) if run in names), None) if start >= end else None
        if longest is not None:
            end = start + len(longest)
            yield Finding("PERSON", start, end, 0.9)


def _words(text: str) -> Iterator[tuple[int, int]]:
    """Spans of the words that may be part of a name."""
    for match in _WORD.finditer(text):
        if match[0].lower() not in JOINING:
            yield match.span()


def _ends(joined: Sequence[bool], first: int) -> Iterator[int]:
    """Last words of the runs of two to four that begin at `first`."""
    for last in range(first, min(first + _MOST_WORDS - 1, len(joined))):
        if not joined[last]:
            return
        yield last + 1
