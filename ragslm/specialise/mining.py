"""Training groups: a question, its passage, and passages that a search finds but that do not answer."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random

import numpy as np

from ragslm._sentences import content_words
from ragslm.protocols import Embedder
from ragslm.retrieval.fusion import DenseShare
from ragslm.retrieval.index import Found
from ragslm.retrieval.indexes import Indexes
from ragslm.retrieval.ranking import Asked as Query
from ragslm.retrieval.ranking import rank
from ragslm.specialise.sources import Asked, Pool, Source, held_out
from ragslm.store.records import Change, IndexRow

HARD = 5
RANDOM = 1
"""Wrong passages of a group: from the search's best 25, and from anywhere in the pool."""
_DEPTH = 25
_SAME = 0.8


@dataclass(frozen=True, slots=True)
class Group:
    """One question; the first passage is right, the others are not."""

    source: str
    question: str = field(repr=False)
    passages: tuple[str, ...] = field(repr=False)
    validates: bool


class Nearest:
    """Finds passages by their words and by meaning.

    Args:
        passages: as they are indexed.
        embedder: embeds them.
        questions: embeds questions; None: as passages are.
    """

    def __init__(
        self, passages: Sequence[str], embedder: Embedder, questions: Embedder | None = None
    ) -> None:
        self._questions = questions or embedder
        self._indexes = Indexes.empty(embedder.dim)
        vectors = np.asarray(embedder.embed([text.lstrip("\n") for text in passages]))
        self._indexes.replay(
            Change(seq=i + 1, added=IndexRow(id=i, document=i, text=text, vector=vector), removed=None)
            for i, (text, vector) in enumerate(zip(passages, vectors, strict=True))
        )

    def __call__(self, question: str) -> list[int]:
        """Places of the nearest 25 in the passages, best first."""
        return [int(place) for place in self.found(question).ids[:_DEPTH]]

    def found(self, question: str) -> Found:
        """The nearest, with their scores, 0 to 1."""
        query = Query(question, question, self._questions.embed([question])[0])
        return rank(self._indexes, query, None, depth=_DEPTH, dense=DenseShare(0.5))


def mine(source: Source, pool: Pool, embedder: Embedder, random: Random) -> Iterator[Group]:
    """Groups of one source, at most `source.share`, drawn evenly over its subjects."""
    nearest = Nearest(pool.passages, embedder)
    for asked in _drawn(pool.asked, source.share, random):
        right = random.choice(sorted(asked.right))
        near = [i for i in nearest(asked.question) if _wrong(pool, asked, right, i)]
        wrong = random.sample(near, min(HARD, len(near)))
        while len(wrong) < HARD + RANDOM:
            other = random.randrange(len(pool.passages))
            if other not in wrong and _wrong(pool, asked, right, other):
                wrong.append(other)
        passages = tuple(pool.passages[i] for i in (right, *wrong))
        yield Group(source.name, asked.question, passages, held_out(asked.group))


def _wrong(pool: Pool, asked: Asked, right: int, other: int) -> bool:
    """Neither a right passage nor nearly the same words as the one taken."""
    if other in asked.right:
        return False
    one, two = set(content_words(pool.passages[right])), set(content_words(pool.passages[other]))
    return len(one & two) < _SAME * len(one | two)


def _drawn(asked: Sequence[Asked], most: int, random: Random) -> list[Asked]:
    """Questions in a shuffled order, every subject once before any comes twice."""
    turns: dict[str, int] = {}
    order: list[tuple[int, int, Asked]] = []
    for question in random.sample(list(asked), len(asked)):
        turns[question.group] = turns.get(question.group, -1) + 1
        order.append((turns[question.group], len(order), question))
    return [question for _, _, question in sorted(order, key=lambda item: item[:2])[:most]]
