"""Dense index: FAISS flat inner product with stable ids, exact, filtered before scoring."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

from ragslm._optional import require
from ragslm.retrieval.arrays import from_bytes, to_bytes
from ragslm.retrieval.index import Found, Ids, Scores, among, best

if TYPE_CHECKING:
    from ragslm.store.records import IndexRow

Vector = NDArray[np.float32]


class VectorIndex:
    """Unit vectors by passage id. FAISS counts positions; the arrays beside it turn them into ids.

    Searching from several threads is safe; adding and removing want the index for themselves.
    """

    def __init__(self, dim: int) -> None:
        self._faiss = require("faiss", extra="rag")
        self.dim = dim
        self._index: Any = self._faiss.IndexFlatIP(dim)
        self._ids: Ids = np.empty(0, dtype=np.int64)
        self._documents: Ids = np.empty(0, dtype=np.int64)
        self._slots: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self._ids)

    def add(self, rows: "Sequence[IndexRow]") -> None:
        """Add passages; one whose id is already there replaces it. Vectors: float32, shape (dim,)."""
        last = {row.id: row for row in rows}
        if not last:
            return
        self.remove(list(last))
        vectors = np.ascontiguousarray(np.stack([row.vector for row in last.values()]), dtype=np.float32)
        if vectors.shape[1] != self.dim:
            raise ValueError(f"Vectors have {vectors.shape[1]} dimensions, the index has {self.dim}.")
        self._index.add(vectors)
        start = len(self._ids)
        self._ids = np.append(self._ids, np.fromiter(last, dtype=np.int64))
        self._documents = np.append(
            self._documents, np.array([row.document for row in last.values()], dtype=np.int64)
        )
        self._slots.update({id_: start + i for i, id_ in enumerate(last)})

    def remove(self, ids: Sequence[int]) -> None:
        """Forget passages; unknown ids are ignored. FAISS closes the gaps and keeps the order."""
        slots = np.array([self._slots[i] for i in set(ids) if i in self._slots], dtype=np.int64)
        if not len(slots):
            return
        self._index.remove_ids(self._faiss.IDSelectorBatch(slots))
        self._ids = np.delete(self._ids, slots)
        self._documents = np.delete(self._documents, slots)
        self._slots = {int(id_): slot for slot, id_ in enumerate(self._ids)}

    def search(self, query: Vector, k: int, documents: Ids | None = None) -> Found:
        """The best `k` by cosine among the passages of `documents`. Query: float32, shape (dim,)."""
        k = min(k, len(self))
        if k <= 0:
            return Found(np.empty(0, np.int64), np.empty(0, np.float64))
        asked = np.ascontiguousarray(query.reshape(1, -1), dtype=np.float32)
        if documents is None:
            scores, slots = self._index.search(asked, k)
        else:
            bits = np.packbits(among(self._documents, documents), bitorder="little")
            chosen = self._faiss.IDSelectorBitmap(bits)
            scores, slots = self._index.search(asked, k, params=self._faiss.SearchParameters(sel=chosen))
        found = slots[0] >= 0
        return best(self._ids[slots[0][found]], scores[0][found].astype(np.float64), k)

    def scores(self, query: Vector, ids: Ids) -> Scores:
        """Cosine of these passages with the query, -1 to 1; 0 for ids it does not hold."""
        result = np.zeros(len(ids), dtype=np.float64)
        slots = np.array([self._slots.get(int(i), -1) for i in ids], dtype=np.int64)
        held = slots >= 0
        if held.any():
            result[held] = self._index.reconstruct_batch(slots[held]) @ query.reshape(-1)
        return result

    def save(self) -> dict[str, bytes]:
        """The FAISS index and the two arrays."""
        return {
            "vectors.faiss": self._faiss.serialize_index(self._index).tobytes(),
            "vectors.ids": to_bytes(self._ids),
            "vectors.documents": to_bytes(self._documents),
        }

    @classmethod
    def load(cls, files: Mapping[str, bytes]) -> Self:
        """The index that `save` described. FAISS does not notice damage: check sums before.

        Raises:
            ValueError: the parts do not fit together.
        """
        faiss = require("faiss", extra="rag")
        index = faiss.deserialize_index(np.frombuffer(files["vectors.faiss"], dtype=np.uint8))
        loaded = cls(index.d)
        loaded._index = index
        loaded._ids = from_bytes(files["vectors.ids"])
        loaded._documents = from_bytes(files["vectors.documents"])
        if not index.ntotal == len(loaded._ids) == len(loaded._documents):
            raise ValueError(f"{index.ntotal} vectors, {len(loaded._ids)} ids.")
        loaded._slots = {int(id_): slot for slot, id_ in enumerate(loaded._ids)}
        return loaded
