"""FAISS indexes as `VectorIndex` uses them: by slot, flat or as inverted lists of 8-bit codes.

Inverted lists (IVF-SQ8): vectors are grouped around k-means centroids and kept as one byte a dimension of
their distance to it, a quarter of the memory; a search reads the few lists nearest to the question.
Source: J. Johnson, M. Douze, H. Jégou, Billion-scale similarity search with GPUs (2017).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ragslm._optional import require

Slots = NDArray[np.int64]
Vectors = NDArray[np.float32]
Bools = NDArray[np.bool_]

PROBES = 128
"""Lists read by a search without a filter."""
_SAMPLE = 64
"""Vectors a list is trained with. k-means gains nothing measurable from more."""
_SEED = 1234
_MARGIN = 0.05
"""By how much the range of the codes is wider, on both sides, than what the sample shows: what comes later
and lies outside is cut off."""
_STEP = 4_096
"""Vectors moved at once, 20 ms: as long as a change or a removal may wait for it."""


def are_in(index: Any) -> bool:
    """Whether this FAISS index has inverted lists."""
    return hasattr(index, "invlists")


def best_at(index: Any) -> int:
    """For how many passages its lists are best; 0 without lists."""
    return int(index.nlist) ** 2 if are_in(index) else 0


def sample(slots: Slots) -> Slots:
    """The slots to train with: always the same for the same slots, ascending."""
    count = min(len(slots), _SAMPLE * _lists(len(slots)))
    return np.sort(np.random.default_rng(_SEED).choice(slots, count, replace=False))


def trained(vectors: Vectors, size: int) -> Any:
    """Empty lists for `size` passages, as many as its root, trained with `vectors`, float32, shape (m, dim).

    The same vectors give the same lists. A search then compares with as many centroids as passages a list.
    """
    faiss = require("faiss", extra="rag")
    dim, code, metric = vectors.shape[1], faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT
    centroids = faiss.IndexFlatIP(dim)
    index = faiss.IndexIVFScalarQuantizer(centroids, dim, min(_lists(size), len(vectors)), code, metric)
    index.own_fields = True
    centroids.this.disown()
    index.cp.seed, index.cp.min_points_per_centroid = _SEED, 1
    index.sq.rangestat_arg = _MARGIN
    index.set_direct_map_type(faiss.DirectMap.Array)
    index.train(vectors)
    return index


def copy_some(old: Any, new: Any) -> None:
    """Move the next vectors of `old` over to `new`, which takes the same slots."""
    slots = np.arange(new.ntotal, min(new.ntotal + _STEP, old.ntotal), dtype=np.int64)
    if len(slots):
        new.add(old.reconstruct_batch(slots))


def search(
    index: Any, query: Vectors, k: int, chosen: Bools | None, *, share: float
) -> tuple[NDArray[np.float32], Slots]:
    """Scores and slots of the best `k`, best first. `share`: of the slots are chosen, above 0 to 1.

    Reads as many lists as hold the same number of chosen passages whatever the filter; twice as many, and
    so on, where that gave less than `k`.
    """
    faiss = require("faiss", extra="rag")
    selector = None if chosen is None else faiss.IDSelectorBitmap(np.packbits(chosen, bitorder="little"))
    if not are_in(index):
        with _one_thread():
            found = index.search(query, k, params=faiss.SearchParameters(sel=selector))
        return _held(*found)
    probes = min(index.nlist, int(np.ceil(PROBES / share)))
    while True:
        parameters = faiss.SearchParametersIVF(sel=selector, nprobe=probes)
        with _one_thread():
            found = index.search(query, k, params=parameters)
        scores, slots = _held(*found)
        if len(slots) == k or probes == index.nlist:
            return scores, slots
        probes = min(index.nlist, 2 * probes)


@contextmanager
def _one_thread() -> Iterator[None]:
    """One question is no work for a team, which would only wait for each other on a busy machine.

    The setting is the calling thread's and holds for torch too, so it is put back: what is encoded after a
    search wants every core.
    """
    faiss = require("faiss", extra="rag")
    threads = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(threads)


def wipe(index: Any, slots: Slots) -> None:
    """Overwrite the vectors of these slots."""
    faiss = require("faiss", extra="rag")
    if not are_in(index):
        faiss.rev_swig_ptr(index.get_xb(), index.ntotal * index.d).reshape(index.ntotal, index.d)[slots] = 0
        return
    places = faiss.rev_swig_ptr(index.direct_map.array.data(), index.ntotal)[slots] if len(slots) else slots
    for place in places.tolist():
        cell, offset = place >> 32, place & 0xFFFFFFFF
        _codes(index, cell)[offset] = 0


def without_holes(index: Any, kept: Bools) -> Any:
    """The same vectors, of kept slots alone, numbered anew in their order."""
    faiss = require("faiss", extra="rag")
    if not are_in(index):
        index.remove_ids(faiss.IDSelectorBatch(np.flatnonzero(~kept)))
        return index
    numbers = np.cumsum(kept) - 1
    for cell in range(index.nlist):
        size = index.invlists.list_size(cell)
        slots = (
            faiss.rev_swig_ptr(index.invlists.get_ids(cell), size).copy() if size else np.empty(0, np.int64)
        )
        mine = kept[slots]
        codes = _codes(index, cell)[mine] if size else None
        index.invlists.resize(cell, int(mine.sum()))
        if codes is not None and len(codes):
            index.invlists.update_entries(
                cell, 0, len(codes), faiss.swig_ptr(numbers[slots[mine]]), faiss.swig_ptr(codes)
            )
    index.ntotal = int(kept.sum())
    index.set_direct_map_type(faiss.DirectMap.NoMap)
    index.set_direct_map_type(faiss.DirectMap.Array)
    return index


def _lists(size: int) -> int:
    return max(1, int(np.sqrt(size)))


def _held(scores: Any, slots: Any) -> tuple[NDArray[np.float32], Slots]:
    held = slots[0] >= 0
    return scores[0][held], slots[0][held]


def _codes(index: Any, cell: int) -> NDArray[np.uint8]:
    """The codes of one list, uint8, shape (passages, dim); a view."""
    faiss = require("faiss", extra="rag")
    size = index.invlists.list_size(cell)
    view: NDArray[np.uint8] = faiss.rev_swig_ptr(index.invlists.get_codes(cell), size * index.code_size)
    return view.reshape(size, index.code_size)
