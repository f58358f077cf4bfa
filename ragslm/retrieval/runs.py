"""The runs of the lexical index as files: one array of each kind, run after run."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ragslm.retrieval.arrays import from_bytes, to_bytes
from ragslm.retrieval.postings import FULL, Postings

_PER_PASSAGE = ("ids", "documents", "lengths")
_PER_TERM = ("terms", "holding")
_PER_POSTING = ("slots", "counts")
_TYPES = {
    "sizes": np.int64,
    "ids": np.int64,
    "documents": np.int64,
    "lengths": np.int32,
    "terms": np.uint64,
    "holding": np.int32,
    "slots": np.uint16,
    "counts": np.uint8,
}


def to_files(runs: Sequence[Postings]) -> dict[str, bytes]:
    """Runs of which nothing was removed; `sizes` says how many passages, terms and postings each has."""
    sizes = [(len(run), len(run.terms), len(run.slots)) for run in runs]
    files = {"lexical.sizes": to_bytes(np.array(sizes, dtype=np.int64).reshape(-1))}
    for name in (*_PER_PASSAGE, *_PER_TERM, *_PER_POSTING):
        arrays = [np.diff(run.bounds) if name == "holding" else getattr(run, name) for run in runs]
        joined = np.concatenate(arrays) if arrays else np.empty(0)
        files[f"lexical.{name}"] = to_bytes(joined.astype(_TYPES[name], copy=False))
    return files


def from_files(files: Mapping[str, bytes]) -> list[Postings]:
    """The runs, as views of the files.

    Raises:
        ValueError: the parts do not fit together.
    """
    whole = {name: _array(files, name) for name in _TYPES}
    sizes = whole.pop("sizes").reshape(-1, 3)
    cut = {
        name: np.split(array, np.cumsum(sizes[:-1, kind])) if len(sizes) else []
        for kind, names in enumerate((_PER_PASSAGE, _PER_TERM, _PER_POSTING))
        for name, array in ((name, whole[name]) for name in names)
    }
    found = [_run({name: arrays[i] for name, arrays in cut.items()}, sizes[i]) for i in range(len(sizes))]
    if any(len(array) != int(sizes[:, _kind(name)].sum()) for name, array in whole.items()):
        raise ValueError("The runs are not as long as their sizes say.")
    return found


def _run(arrays: dict[str, NDArray[Any]], size: NDArray[np.int64]) -> Postings:
    bounds = np.append(0, np.cumsum(arrays.pop("holding"), dtype=np.int64))
    if size[0] > FULL or bounds[-1] != size[2]:
        raise ValueError(f"A run of {size[0]} passages and {size[2]} postings does not fit together.")
    return Postings(**arrays, bounds=bounds, alive=np.ones(size[0], dtype=np.bool_))


def _kind(name: str) -> int:
    return 0 if name in _PER_PASSAGE else 1 if name in _PER_TERM else 2


def _array(files: Mapping[str, bytes], name: str) -> NDArray[Any]:
    array = from_bytes(files[f"lexical.{name}"])
    if array.dtype != _TYPES[name]:
        raise ValueError(f"lexical.{name} holds {array.dtype}.")
    return array
