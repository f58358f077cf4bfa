"""Dense index: FAISS with stable ids, exact while small, inverted lists of 8-bit codes when large.

Every passage has a slot, a number that counts up; FAISS knows slots, the arrays beside it turn them into
ids. What is removed leaves a hole, wiped at once and passed over by every search, until holes are many and
the slots are numbered anew. Filters go into the search itself, before the best are cut.
"""

from collections.abc import Mapping, Sequence
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

from ragslm._optional import require
from ragslm.retrieval import cells
from ragslm.retrieval.arrays import from_bytes, to_bytes
from ragslm.retrieval.id_table import IdTable
from ragslm.retrieval.index import Allowed, Found, Ids, Scores, best
from ragslm.retrieval.sharpening import FIRST, Exact, sharpened

if TYPE_CHECKING:
    from ragslm.store.records import IndexRow

Vector = NDArray[np.float32]

LISTS_FROM = 50_000
"""Passages from which on inverted lists are used. Measured: exact search over 100,000 takes 14 ms and grows
with the store, lists take 2.6 ms there and 7 ms at 1,000,000; below, being exact
costs nothing one could notice."""
REGROWTH = 4
"""Factor of growth after which the lists are trained anew: until then they are twice as long as is best."""
_EXACT_BELOW = 4_096
"""A filter that leaves fewer passages than this is searched exactly: 5 ms at most."""
_HOLES = 0.25
"""Share of holes among the slots from which on the slots are numbered anew."""


class VectorIndex:
    """Unit vectors by passage id.

    Searching from several threads is safe; adding and removing want the index for themselves. Lists are
    trained by a thread of its own, under which searches, additions and removals go on.

    Args:
        dim: width of the vectors.
        exact: reads stored vectors by id, so that lists of codes put the closest in their exact order; None
            leaves the order of the codes.
    """

    def __init__(self, dim: int, exact: Exact | None = None) -> None:
        self._exact = exact
        self._faiss = require("faiss", extra="rag")
        self.dim = dim
        self._index: Any = self._faiss.IndexFlatIP(dim)
        self._ids: Ids = np.empty(0, dtype=np.int64)
        self._documents: Ids = np.empty(0, dtype=np.int64)
        self._slots = IdTable()
        self._changing = Lock()
        self._training: Thread | None = None

    def __len__(self) -> int:
        return len(self._slots)

    @property
    def kind(self) -> str:
        """`flat`, exact, or `lists`, approximate."""
        return "lists" if cells.are_in(self._index) else "flat"

    def add(self, rows: "Sequence[IndexRow]") -> None:
        """Add passages; one whose id is already there replaces it. Vectors: float32, shape (dim,)."""
        last = {row.id: row for row in rows}
        if not last:
            return
        vectors = np.ascontiguousarray(np.stack([row.vector for row in last.values()]), dtype=np.float32)
        if vectors.shape[1] != self.dim:
            raise ValueError(f"Vectors have {vectors.shape[1]} dimensions, the index has {self.dim}.")
        self.remove(list(last))
        ids = np.fromiter(last, dtype=np.int64)
        documents = np.array([row.document for row in last.values()], dtype=np.int64)
        with self._changing:
            self._slots.put(ids, np.arange(len(self._ids), len(self._ids) + len(ids)))
            self._ids = np.append(self._ids, ids)
            self._documents = np.append(self._documents, documents)
            self._index.add(vectors)
        self._train_if_due()

    def remove(self, ids: Sequence[int]) -> None:
        """Forget passages; unknown ids are ignored. Their vectors are overwritten at once."""
        slots = np.unique(self._slots.find(list(ids)))
        slots = slots[slots >= 0]
        if not len(slots):
            return
        with self._changing:
            self._slots.discard(self._ids[slots])
            self._ids[slots] = -1
            cells.wipe(self._index, slots)
            if len(self._ids) - len(self) > _HOLES * len(self._ids) and not self._is_training():
                self._close_holes()

    def search(self, query: Vector, k: int, documents: Ids | None = None) -> Found:
        """The best `k` by cosine among the passages of `documents`. Query: float32, shape (dim,).

        Few of the lists are read, more of them the fewer passages are allowed, all of them rather than
        finding less than `k`.
        """
        index, k = self._index, min(k, len(self))
        asked = np.ascontiguousarray(query.reshape(1, -1), dtype=np.float32)
        chosen = self._chosen(documents)
        count = len(self) if chosen is None else int(np.count_nonzero(chosen))
        k = min(k, count)
        if k <= 0:
            return Found(np.empty(0, np.int64), np.empty(0, np.float64))
        ids, cosines = self._nearest(index, asked, max(k, FIRST), chosen, count)
        if k < FIRST:  # whoever asks for more wants candidates, and scores them afterwards
            cosines = self._sharpened(index, asked, ids, cosines)
        return best(ids, cosines, k)

    def scores(self, query: Vector, ids: Ids) -> Scores:
        """Cosine of these passages with the query; 0 for ids it does not hold. The highest are exact."""
        result = np.zeros(len(ids), dtype=np.float64)
        slots = self._slots.find(ids)
        held = slots >= 0
        if held.any():
            index = self._index
            result[held] = self._cosines(index, query, slots[held])
            result[held] = self._sharpened(index, query, ids[held], result[held])
        return result

    def save(self) -> dict[str, bytes]:
        """The FAISS index and the two arrays, after a training that runs."""
        self.settle()
        return {
            "vectors.faiss": self._faiss.serialize_index(self._index).tobytes(),
            "vectors.ids": to_bytes(self._ids),
            "vectors.documents": to_bytes(self._documents),
        }

    @classmethod
    def load(cls, files: Mapping[str, bytes], exact: Exact | None = None) -> Self:
        """The index that `save` described. FAISS does not notice damage: check sums before.

        Raises:
            ValueError: the parts do not fit together.
        """
        faiss = require("faiss", extra="rag")
        index = faiss.deserialize_index(np.frombuffer(files["vectors.faiss"], dtype=np.uint8))
        loaded = cls(index.d, exact)
        loaded._index = index
        loaded._ids = from_bytes(files["vectors.ids"]).copy()
        loaded._documents = from_bytes(files["vectors.documents"])
        if not index.ntotal == len(loaded._ids) == len(loaded._documents):
            raise ValueError(f"{index.ntotal} vectors, {len(loaded._ids)} ids.")
        slots = np.flatnonzero(loaded._ids >= 0)
        loaded._slots = IdTable.of(loaded._ids[slots], slots)
        return loaded

    def settle(self) -> None:
        """Wait for a training that runs."""
        if self._training is not None:
            self._training.join()

    # ---------------------------------------------------------------- inside

    def _chosen(self, documents: Ids | None) -> NDArray[np.bool_] | None:
        """Slots that may be found, shape (slots,); None where all of them may."""
        holes = len(self) < len(self._ids)
        if documents is None:
            return self._ids >= 0 if holes else None
        chosen = Allowed(documents).mask(self._documents)
        return chosen & (self._ids >= 0) if holes else chosen

    def _nearest(
        self, index: Any, asked: Vector, most: int, chosen: NDArray[np.bool_] | None, count: int
    ) -> tuple[Ids, Scores]:
        """Ids and cosines of the nearest `most` of the `count` chosen, or of all where they are few."""
        if chosen is not None and count < _EXACT_BELOW:
            slots = np.flatnonzero(chosen)
            return self._ids[slots], self._cosines(index, asked, slots)
        share = count / max(1, len(self._ids))
        scores, slots = cells.search(index, asked, min(most, count), chosen, share=share)
        return self._ids[slots], scores.astype(np.float64)

    def _sharpened(self, index: Any, query: Vector, ids: Ids, cosines: Scores) -> Scores:
        """The highest of them exact; those of a flat index are already."""
        if self._exact is None or not cells.are_in(index):
            return cosines
        return sharpened(query, ids, cosines, self._exact)

    def _cosines(self, index: Any, query: Vector, slots: Ids) -> Scores:
        result: Scores = (index.reconstruct_batch(slots) @ query.reshape(-1)).astype(np.float64)
        return result

    def _close_holes(self) -> None:
        """Number the slots anew, in their order, without the holes."""
        kept = self._ids >= 0
        self._index = cells.without_holes(self._index, kept)
        self._ids, self._documents = self._ids[kept], self._documents[kept]
        self._slots = IdTable.of(self._ids, np.arange(len(self._ids)))

    def _is_training(self) -> bool:
        return self._training is not None and self._training.is_alive()

    def _train_if_due(self) -> None:
        if len(self) < max(LISTS_FROM, REGROWTH * cells.best_at(self._index)) or self._is_training():
            return
        self._training = Thread(target=self._train, args=(np.sort(self._slots.items()[1]),), name="lists")
        self._training.start()

    def _train(self, slots: Ids) -> None:
        """Learn new lists and move the vectors over, in steps between which the index may change."""
        old = self._index
        with self._changing:
            sample = old.reconstruct_batch(cells.sample(slots))
        new = cells.trained(sample, len(slots))
        while new.ntotal < old.ntotal:
            with self._changing:
                cells.copy_some(old, new)
        with self._changing:
            cells.copy_some(old, new)
            cells.wipe(new, np.flatnonzero(self._ids < 0))
            self._index = new
