"""The parts of a text in which rules and the first reader may have missed a name or an address.

The trained finder reads slower than they do, so it reads only there: around a word that may be a name and
that nobody has found, and around a number before a large word. In what somebody typed small letters may too.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from ragslm.privacy import gazetteer, lexicon
from ragslm.privacy.excerpts import around

_FEWEST = 3
"""Words a text must have: a lone word tells nothing by which a name could be known. A title or a cell may be
the two words of a name."""
AROUND = 18
"""Words kept on each side: an address has as many."""

Spans = Sequence[tuple[int, int]]

_WORD = re.compile(r"[^\W\d_]\w*+(?!\[\d)")
"""No element of a format, such as `Bal[2]`."""
_NUMBER = re.compile(r"(?<![\w.,$€£%-])\d{1,6}[a-zA-Z]?(?=[ ,]{1,2}[A-ZÀ-ÖØ-Þ][a-zà-ÿ])")
_SMALL = 5
"""Letters from which a given name in small letters is one."""
TYPED = 400
"""Characters of what somebody typed, a question or a message: names stand there in small letters too."""


def doubts(text: str, found: Spans) -> list[tuple[int, int]]:
    """Spans of `text` to read again, sorted and apart, each beginning and ending with a word.

    Args:
        text: what was read.
        found: spans that somebody found something in.
    """
    words = [match[0] for match, _ in zip(_WORD.finditer(text), range(_FEWEST), strict=False)]
    if len(words) < _FEWEST and not _is_pair(words):
        return []
    known = sorted(found)
    doubtful = _doubtful(text, typed=len(text) <= TYPED or text.islower())
    return around(text, (place for place in doubtful if not _covered(place, known)), AROUND)


def _is_pair(words: Sequence[str]) -> bool:
    """Whether they are two that begin large, as a name is written and a heading in capitals is not."""
    return len(words) == 2 and all(
        word[0].isupper() and (len(word) == 1 or not word.isupper()) for word in words
    )


def _doubtful(text: str, *, typed: bool) -> Iterator[int]:
    may_be_small = _unlisted if typed else _small
    yield from (match.start() for match in _NUMBER.finditer(text))
    for match in _WORD.finditer(text):
        word = match[0]
        if "_" not in word and (_large(word) if word[0].isupper() else may_be_small(word)):
            yield match.start()


def _large(word: str) -> bool:
    """Whether a word in capitals may be a name: it is listed as one, or no list holds it."""
    lower = word.lower()
    if len(word) < 2 or lower in lexicon.NOT_NAMES:
        return False
    if gazetteer.is_given(word) or gazetteer.is_surname(word):
        return True
    return not gazetteer.is_common(word) and not lexicon.technical(lower)


def _small(word: str) -> bool:
    """Whether a word in small letters may be a name."""
    return len(word) >= _SMALL and gazetteer.is_given(word)


def _unlisted(word: str) -> bool:
    """Whether a word in small letters is a name or in no list of words."""
    if len(word) < 3 or word in lexicon.NOT_NAMES:
        return False
    return gazetteer.is_given(word) or not (gazetteer.is_common(word) or lexicon.technical(word))


def _covered(place: int, found: Spans) -> bool:
    at = bisect_right(found, place, key=lambda span: span[0]) - 1
    return at >= 0 and place < found[at][1]
