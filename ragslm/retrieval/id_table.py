"""Where a passage is, by its id: two arrays, 16 bytes a passage, where a dict takes a hundred."""

from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

Int64 = NDArray[np.int64]


class IdTable:
    """A number, 0 or more, for each 63-bit id. Looking up takes log n, changing it copies 16 n bytes."""

    def __init__(self) -> None:
        self._ids: Int64 = np.empty(0, dtype=np.int64)
        self._values: Int64 = np.empty(0, dtype=np.int64)

    @classmethod
    def of(cls, ids: Int64, values: Int64) -> Self:
        """A table of distinct ids, in any order.

        Raises:
            ValueError: an id appears twice, or the shapes differ.
        """
        table = cls()
        order = np.argsort(ids)
        table._ids, table._values = ids[order], values[order]
        if len(ids) != len(values) or (table._ids[1:] == table._ids[:-1]).any():
            raise ValueError(f"{len(ids)} ids, not distinct, for {len(values)} values.")
        return table

    def __len__(self) -> int:
        return len(self._ids)

    def find(self, ids: ArrayLike) -> Int64:
        """The values of these ids, -1 for those it does not hold; shape (len(ids),)."""
        asked = np.asarray(ids, dtype=np.int64)
        at, held = self._locate(asked)
        found = np.full(len(asked), -1, dtype=np.int64)
        found[held] = self._values[at[held]]
        return found

    def put(self, ids: Int64, values: Int64) -> None:
        """Set the values of distinct ids, new ones and known ones."""
        at, held = self._locate(ids)
        self._values[at[held]] = values[held]
        fresh = np.flatnonzero(~held)
        if len(fresh):
            fresh = fresh[np.argsort(ids[fresh])]
            at = np.searchsorted(self._ids, ids[fresh])
            self._ids = np.insert(self._ids, at, ids[fresh])
            self._values = np.insert(self._values, at, values[fresh])

    def discard(self, ids: ArrayLike) -> None:
        """Forget these ids; unknown ones are ignored."""
        at, held = self._locate(np.asarray(ids, dtype=np.int64))
        if held.any():
            self._ids = np.delete(self._ids, at[held])
            self._values = np.delete(self._values, at[held])

    def items(self) -> tuple[Int64, Int64]:
        """Ids, ascending, and their values."""
        return self._ids, self._values

    def _locate(self, ids: Int64) -> tuple[Int64, NDArray[np.bool_]]:
        """Where each id would be, and whether it is there."""
        at = np.searchsorted(self._ids, ids)
        if not len(self._ids):
            return at, np.zeros(len(ids), dtype=np.bool_)
        return at, self._ids[np.minimum(at, len(self._ids) - 1)] == ids
