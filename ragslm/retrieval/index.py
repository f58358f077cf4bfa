"""What both derived indexes are: rows in, ids and scores out, files as bytes."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from ragslm.store.records import IndexRow

Ids = NDArray[np.int64]
Scores = NDArray[np.float64]
Query = TypeVar("Query", contravariant=True)


class Found(NamedTuple):
    """Passage ids with their scores, best first; equal scores in order of id."""

    ids: Ids
    scores: Scores


class PassageIndex(Protocol[Query]):
    """An index over passages that can always be rebuilt from the catalogue."""

    def __len__(self) -> int:
        """How many passages it holds."""
        ...

    def add(self, rows: "Sequence[IndexRow]") -> None:
        """Add passages; one whose id is already there replaces it."""
        ...

    def remove(self, ids: Sequence[int]) -> None:
        """Forget passages; unknown ids are ignored."""
        ...

    def search(self, query: Query, k: int, documents: Ids | None = None) -> Found:
        """The best `k` among the passages of `documents` (row ids); None searches all of them."""
        ...

    def scores(self, query: Query, ids: Ids) -> Scores:
        """The scores of these passages, 0 for ids it does not hold."""
        ...

    def save(self) -> dict[str, bytes]:
        """Everything needed to load it again, by file name."""
        ...

    @classmethod
    def load(cls, files: Mapping[str, bytes]) -> Self:
        """The index that `save` described.

        Raises:
            ValueError: the files do not describe one.
        """
        ...


def best(ids: Ids, scores: Scores, k: int) -> Found:
    """The `k` highest scores; ties in order of id, so that equal indexes give equal answers."""
    if len(ids) > 4 * k:
        threshold = np.partition(scores, len(scores) - k)[len(scores) - k]
        kept = scores >= threshold
        ids, scores = ids[kept], scores[kept]
    order = np.lexsort((ids, -scores))[:k]
    return Found(ids[order], scores[order])


class Allowed:
    """The documents a search is limited to, as a table: row ids are small, so looking up is fastest so."""

    def __init__(self, documents: Ids) -> None:
        self._table = np.zeros(int(documents.max(initial=-1)) + 2, dtype=np.bool_)
        self._table[documents[documents >= 0]] = True

    def mask(self, documents: Ids) -> NDArray[np.bool_]:
        """Which entries of `documents` are allowed, same shape."""
        return self._table[np.minimum(documents, len(self._table) - 1)]
