"""Texts that say the same again: the second copy of a paragraph is no second piece of evidence."""

import re
from collections import Counter

_WORD = re.compile(r"\S+")
_BARE = re.compile(r"^\W+|\W+$")
_SMALL = frozenset(
    """
    no not never none nor without except unless cannot neither may must one two three four five six seven
    eight nine ten twelve fifteen twenty thirty sixty ninety hundred thousand half once twice
    """.split()
)
"""Words in small letters that change what is said: negations, permissions and numbers."""
_SHINGLE = 3
"""Words in a row that are compared."""
_SAME = 0.9
"""Share of common shingles (Jaccard) from which two texts say the same, 0 to 1."""

Telling = frozenset[tuple[str, int]]


class Seen:
    """The texts taken so far.

    Numbers, names and negations must be the same, each as often: two rows of a table or two years' notes are
    nearly the same words and say different things.
    """

    def __init__(self) -> None:
        self._texts: dict[Telling, list[frozenset[tuple[str, ...]]]] = {}

    def new(self, text: str) -> bool:
        """Whether no text before said this; one that is new is remembered."""
        words = [_BARE.sub("", match) for match in _WORD.findall(text)]
        told = frozenset(Counter(filter(_tells, words)).items())
        shingles = _shingles([word.lower() for word in words])
        alike = self._texts.setdefault(told, [])
        if any(_alike(shingles, other) for other in alike):
            return False
        alike.append(shingles)
        return True


def _tells(word: str) -> bool:
    return (
        word.lower() in _SMALL
        or word.endswith(("n't", "n’t"))
        or any(c.isdigit() or c.isupper() for c in word)
    )


def _shingles(words: list[str]) -> frozenset[tuple[str, ...]]:
    last = max(1, len(words) - _SHINGLE + 1)
    return frozenset(tuple(words[start : start + _SHINGLE]) for start in range(last))


def _alike(one: frozenset[tuple[str, ...]], other: frozenset[tuple[str, ...]]) -> bool:
    return len(one & other) >= _SAME * len(one | other)
