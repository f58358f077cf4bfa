"""The derived indexes together: they take the same rows, lose the same rows and are saved as one."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Self

from ragslm.retrieval.lexical_index import LexicalIndex
from ragslm.retrieval.sharpening import Exact
from ragslm.retrieval.titles import TitleIndex
from ragslm.retrieval.tokens import VERSION
from ragslm.retrieval.vector_index import VectorIndex

if TYPE_CHECKING:
    from ragslm.store.records import Change, IndexRow

LAYOUT = f"vectors 2, bm25 2, titles 1, tokens {VERSION}"
"""Part of a snapshot's identity: a snapshot of another layout is rebuilt."""
_BATCH = 4_096
"""Rows taken at once; a power of two, so that the runs of the lexical index come out full."""


class Indexes:
    """Dense, lexical and title index over the same passages.

    Attributes:
        seq: the last change of the catalogue they contain.
    """

    def __init__(self, vectors: VectorIndex, words: LexicalIndex, titles: TitleIndex, seq: int = 0) -> None:
        self.vectors = vectors
        self.words = words
        self.titles = titles
        self.seq = seq

    @classmethod
    def empty(cls, dim: int, exact: Exact | None = None) -> Self:
        """Indexes of nothing, before the first change. `exact` reads stored vectors by id."""
        return cls(VectorIndex(dim, exact), LexicalIndex(), TitleIndex())

    def __len__(self) -> int:
        return len(self.vectors)

    def replay(self, changes: "Iterable[Change]") -> int:
        """Follow the catalogue's changes in their order; returns how many there were."""
        count = 0
        batch: list[Change] = []
        for change in changes:
            count += 1
            batch.append(change)
            if len(batch) == _BATCH:
                self._take(batch)
                batch = []
        self._take(batch)
        return count

    def save(self) -> dict[str, bytes]:
        """Every index's files."""
        return self.vectors.save() | self.words.save() | self.titles.save()

    @classmethod
    def load(cls, files: Mapping[str, bytes], seq: int, exact: Exact | None = None) -> Self:
        """The indexes that `save` described. `exact` reads stored vectors by id.

        Raises:
            ValueError: the parts do not fit together.
        """
        loaded = cls(VectorIndex.load(files, exact), LexicalIndex.load(files), TitleIndex.load(files), seq)
        if not len(loaded.vectors) == len(loaded.words):
            raise ValueError(f"{len(loaded.vectors)} vectors, {len(loaded.words)} texts.")
        return loaded

    def _take(self, changes: "Sequence[Change]") -> None:
        """Apply changes by their outcome: what was added and removed again is never indexed."""
        added: dict[int, IndexRow] = {}
        removed: list[int] = []
        for change in changes:
            if change.removed is not None:
                added.pop(change.removed, None)
                removed.append(change.removed)
            if change.added is not None:
                added[change.added.id] = change.added
        for index in (self.vectors, self.words, self.titles):
            index.remove(removed)
            index.add(list(added.values()))
        if changes:
            self.seq = changes[-1].seq
