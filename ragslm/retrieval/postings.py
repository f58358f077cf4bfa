"""A sealed run of passages of the lexical index: for each term, which passages hold it and how often.

Terms are known by the first 64 bits of their BLAKE2b hash, so that runs need no common vocabulary, merge by
themselves and leave no words behind. Two words of a million share a hash once in 40 million workspaces.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from typing import Self

import numpy as np
from numpy.typing import NDArray

Int64 = NDArray[np.int64]
Int32 = NDArray[np.int32]
UInt64 = NDArray[np.uint64]
UInt16 = NDArray[np.uint16]
UInt8 = NDArray[np.uint8]
Bools = NDArray[np.bool_]

FULL = 1 << 16
"""Passages a run holds at most: slots then take two bytes, the sums of a search stay in the processor's
cache, and the largest merge takes half a second."""
MOST = 255
"""A term that a passage holds more often counts as this often."""


@lru_cache(maxsize=200_000)
def key_of(term: str) -> int:
    """What a term is known by, 64 bits."""
    return int.from_bytes(blake2b(term.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


@dataclass(frozen=True, slots=True)
class Postings:
    """Passages by slot (0..n-1) and, by term, the slots that hold it.

    Attributes:
        ids: passage ids, shape (n,).
        documents: document row ids, shape (n,).
        lengths: how many terms each passage has, repetitions included, shape (n,).
        terms: keys of the terms it holds, ascending, shape (t,).
        bounds: where each term's postings lie in `slots` and `counts`, shape (t + 1,).
        slots: term after term, ascending within each.
        counts: how often that passage holds the term, 1 to 255.
        alive: False for removed passages, shape (n,); the one thing that changes.
    """

    ids: Int64
    documents: Int64
    lengths: Int32
    terms: UInt64
    bounds: Int64
    slots: UInt16
    counts: UInt8
    alive: Bools

    @classmethod
    def of(cls, ids: Sequence[int], documents: Sequence[int], bags: Sequence[dict[int, int]]) -> Self:
        """Seal passages given as counts by term key."""
        held = [len(bag) for bag in bags]
        cells = sum(held)
        counts = np.fromiter((n for bag in bags for n in bag.values()), dtype=np.int32, count=cells)
        return cls._sorted(
            ids=np.array(ids, dtype=np.int64),
            documents=np.array(documents, dtype=np.int64),
            lengths=np.array([sum(bag.values()) for bag in bags], dtype=np.int32),
            terms=np.fromiter((term for bag in bags for term in bag), dtype=np.uint64, count=cells),
            slots=np.repeat(np.arange(len(bags)), held).astype(np.uint16),
            counts=np.minimum(counts, MOST).astype(np.uint8),
        )

    @classmethod
    def merged(cls, parts: Sequence["Postings"]) -> Self:
        """The passages of all parts that are alive, in order; not more than `FULL`."""
        terms, slots, counts, start = [], [], [], 0
        for part in parts:
            number = start + np.cumsum(part.alive) - 1
            cells = part.alive[part.slots]
            terms.append(np.repeat(part.terms, np.diff(part.bounds))[cells])
            slots.append(number[part.slots[cells]].astype(np.uint16))
            counts.append(part.counts[cells])
            start += part.living
        return cls._sorted(
            ids=np.concatenate([part.ids[part.alive] for part in parts]),
            documents=np.concatenate([part.documents[part.alive] for part in parts]),
            lengths=np.concatenate([part.lengths[part.alive] for part in parts]),
            terms=np.concatenate(terms),
            slots=np.concatenate(slots),
            counts=np.concatenate(counts),
        )

    @classmethod
    def _sorted(
        cls, *, ids: Int64, documents: Int64, lengths: Int32, terms: UInt64, slots: UInt16, counts: UInt8
    ) -> Self:
        """Put postings in order of their terms; those of one term come in order of slots."""
        order = np.argsort(terms, kind="stable")
        ordered = terms[order]
        first = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1])) if len(terms) else order
        return cls(
            ids=ids,
            documents=documents,
            lengths=lengths,
            terms=ordered[first],
            bounds=np.append(first, len(order)).astype(np.int64),
            slots=slots[order],
            counts=counts[order],
            alive=np.ones(len(ids), dtype=np.bool_),
        )

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def living(self) -> int:
        """How many passages were not removed."""
        return int(np.count_nonzero(self.alive))

    def spans(self, terms: UInt64) -> Int64:
        """Where the postings of these terms begin and end, shape (len(terms), 2); equal for unknown ones."""
        if not len(self.terms):
            return np.zeros((len(terms), 2), dtype=np.int64)
        at = np.minimum(np.searchsorted(self.terms, terms), len(self.terms) - 1)
        begin = self.bounds[at]
        return np.stack([begin, np.where(self.terms[at] == terms, self.bounds[at + 1], begin)], axis=1)
