"""A sealed run of passages of the lexical index: forward and inverted lists as plain arrays."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np
from numpy.typing import NDArray

Int64 = NDArray[np.int64]
Int32 = NDArray[np.int32]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Postings:
    """Passages by slot (0..n-1) and, by term, the slots that hold it.

    Attributes:
        ids: passage ids, shape (n,).
        documents: document row ids, shape (n,).
        lengths: how many terms each passage has, shape (n,).
        bounds: where each passage's terms lie in `terms` and `counts`, shape (n + 1,).
        terms: term numbers, passage after passage.
        counts: how often the passage holds the term.
        alive: False for removed passages, shape (n,); the one thing that changes.
    """

    ids: Int64
    documents: Int64
    lengths: Int32
    bounds: Int64
    terms: Int32
    counts: Int32
    alive: Bools
    _listed: Int32 = field(init=False, repr=False)
    _starts: Int64 = field(init=False, repr=False)
    _slots: Int32 = field(init=False, repr=False)
    _tallies: Int32 = field(init=False, repr=False)

    def __post_init__(self) -> None:
        owners = np.repeat(np.arange(len(self.ids), dtype=np.int32), np.diff(self.bounds))
        order = np.argsort(self.terms, kind="stable")
        listed, starts = np.unique(self.terms[order], return_index=True)
        object.__setattr__(self, "_listed", listed)
        object.__setattr__(self, "_starts", np.append(starts, len(order)).astype(np.int64))
        object.__setattr__(self, "_slots", owners[order])
        object.__setattr__(self, "_tallies", self.counts[order])

    @classmethod
    def of(cls, ids: Sequence[int], documents: Sequence[int], bags: Sequence[tuple[Int32, Int32]]) -> Self:
        """Seal passages given as (term numbers, counts)."""
        sizes = [len(terms) for terms, _ in bags]
        empty = np.empty(0, dtype=np.int32)
        return cls(
            ids=np.array(ids, dtype=np.int64),
            documents=np.array(documents, dtype=np.int64),
            lengths=np.array([counts.sum() for _, counts in bags], dtype=np.int32),
            bounds=np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
            terms=np.concatenate([terms for terms, _ in bags] or [empty]),
            counts=np.concatenate([counts for _, counts in bags] or [empty]),
            alive=np.ones(len(ids), dtype=np.bool_),
        )

    @classmethod
    def merged(cls, parts: Sequence["Postings"]) -> Self:
        """The passages of all parts that are alive, in order."""
        kept = [part.alive for part in parts]
        cells = [np.repeat(part.alive, np.diff(part.bounds)) for part in parts]
        sizes = np.concatenate([np.diff(p.bounds)[k] for p, k in zip(parts, kept, strict=True)])
        ids = np.concatenate([p.ids[k] for p, k in zip(parts, kept, strict=True)])
        return cls(
            ids=ids,
            documents=np.concatenate([p.documents[k] for p, k in zip(parts, kept, strict=True)]),
            lengths=np.concatenate([p.lengths[k] for p, k in zip(parts, kept, strict=True)]),
            bounds=np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
            terms=np.concatenate([p.terms[c] for p, c in zip(parts, cells, strict=True)]),
            counts=np.concatenate([p.counts[c] for p, c in zip(parts, cells, strict=True)]),
            alive=np.ones(len(ids), dtype=np.bool_),
        )

    def __len__(self) -> int:
        return len(self.ids)

    def bag(self, slot: int) -> tuple[Int32, Int32]:
        """Term numbers and counts of one passage."""
        start, end = self.bounds[slot], self.bounds[slot + 1]
        return self.terms[start:end], self.counts[start:end]

    def holding(self, term: int) -> tuple[Int32, Int32]:
        """Slots that hold the term, and how often; removed ones included."""
        at = int(np.searchsorted(self._listed, term))
        if at == len(self._listed) or self._listed[at] != term:
            return self._slots[:0], self._tallies[:0]
        return self._slots[self._starts[at] : self._starts[at + 1]], self._tallies[
            self._starts[at] : self._starts[at + 1]
        ]
