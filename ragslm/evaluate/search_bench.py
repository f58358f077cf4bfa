"""What searching costs at a size: building, saving, opening, each stage of a search, one change, recall;
and what reading the best passages again costs, at any size.
"""

import ctypes
import gc
import math
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ragslm.evaluate.growth import BLOCK, TOGETHER, Seeds, grown, store, vectors_of
from ragslm.protocols import Embedder
from ragslm.settings import RetrievalSettings

if TYPE_CHECKING:
    from ragslm.retrieval.index import Found
    from ragslm.retrieval.indexes import Indexes
    from ragslm.retrieval.late_interaction import LateInteraction
    from ragslm.retrieval.ranking import Asked
    from ragslm.retrieval.reranker import PairScorer
    from ragslm.retrieval.sharpening import Exact
    from ragslm.store.catalogue import Catalogue

Report = dict[str, float]

QUESTIONS = 60
"""Asked once each, so that none comes out of the encoder's cache; ten more warm everything up."""
READ = (30, 50)
"""Passages read again."""
_WARM = 10
_FEW = 0.05
"""Share of the documents that the filtered searches allow."""
_TOP = 10
_MIB = 1 << 20


def time_search(
    seeds: Seeds,
    embedder: Embedder,
    count: int,
    settings: RetrievalSettings,
    progress: Callable[[int, int], None] | None = None,
) -> Report:
    """Seconds, milliseconds and MiB by stage with `count` passages.

    Their vectors are read again from an encrypted catalogue, as a search does; filling it is not timed.
    Memory of the index is what opening its snapshot added to the process.
    """
    from ragslm.retrieval.indexes import Indexes
    from ragslm.retrieval.snapshot import Snapshot, read, write
    from ragslm.store.catalogue import Catalogue

    key, identity = bytes(32), {"layout": "bench"}
    report: Report = {"passages": count}
    with (
        tempfile.TemporaryDirectory(prefix="ragslm-bench-") as name,
        Catalogue.create(Path(name) / "workspace", key) as catalogue,
    ):
        folder = Path(name) / "index"
        indexes = _built(seeds, count, embedder.dim, catalogue, report, progress)
        with _timed(report, "save, seconds"):
            write(folder, key, Snapshot(seq=count, count=count, identity=identity, files=indexes.save()))
        report["snapshot, MiB"] = sum(path.stat().st_size for path in folder.rglob("*")) / _MIB
        del indexes
        embedder.embed(["Warm."])
        before = _resident()
        with _timed(report, "open, seconds"):
            snapshot = read(folder, key, identity)
            indexes = Indexes.load(snapshot.files, snapshot.seq, catalogue.vectors)
        del snapshot
        report["memory of the index, MiB"] = _resident() - before
        report |= _searches(indexes, catalogue.vectors, seeds, embedder, settings)
        report["memory of the process, MiB"] = _resident()
        report |= _changes(indexes, seeds, count)
        return report | _recall(indexes, seeds, count)


def time_reading(seeds: Seeds, scorer: "PairScorer") -> Report:
    """Milliseconds for reading so many real passages again."""
    from ragslm.retrieval.reranker import Reranker

    rerankers = {most: Reranker(scorer, most=most, seconds=math.inf, weight=1.0) for most in READ}
    return {
        f"reading {most} again, median ms": _ordered(seeds, most, reranker.order)
        for most, reranker in rerankers.items()
    }


def time_comparing(
    seeds: Seeds, embedder: Embedder, late_interaction: "LateInteraction", most: int
) -> Report:
    """Milliseconds for comparing so many real passages by sentences; the question's vector is not timed."""
    vectors = {question: embedder.embed([question])[0] for question in seeds.questions[: 2 * _WARM]}
    took = _ordered(seeds, most, lambda asked, *rest: late_interaction.order(asked, vectors[asked], *rest))
    return {f"comparing {most} by sentences, median ms": took}


def _ordered(seeds: Seeds, most: int, order: "Callable[[str, Found, Mapping[int, str]], Found]") -> float:
    """Median milliseconds for one question after some that warm up, each over other passages."""
    from ragslm.retrieval.index import Found

    found = Found(np.arange(most, dtype=np.int64), np.linspace(1, 0, most))
    times = []
    for i, question in enumerate(seeds.questions[: 2 * _WARM]):
        texts = {j: seeds.texts[(i * most + j) % len(seeds.texts)] for j in range(most)}
        start = time.perf_counter()
        order(question, found, texts)
        times.append(time.perf_counter() - start)
    return 1000 * statistics.median(times[_WARM:] or times)


def _built(
    seeds: Seeds,
    count: int,
    dim: int,
    catalogue: "Catalogue",
    report: Report,
    progress: Callable[[int, int], None] | None,
) -> "Indexes":
    """Only the indexes' own work is timed, not making and storing the passages."""
    from ragslm.retrieval.indexes import Indexes

    indexes, spent = Indexes.empty(dim), 0.0
    for block in grown(seeds, count):
        store(catalogue, block)
        start = time.perf_counter()
        indexes.replay(block)
        spent += time.perf_counter() - start
        if progress:
            progress(len(indexes), count)
    start = time.perf_counter()
    indexes.vectors.settle()
    report["build, seconds"] = spent + time.perf_counter() - start
    report["last training, seconds"] = time.perf_counter() - start
    return indexes


def _searches(
    indexes: "Indexes", exact: "Exact", seeds: Seeds, embedder: Embedder, settings: RetrievalSettings
) -> Report:
    from ragslm.retrieval.fusion import DenseShare
    from ragslm.retrieval.ranking import Asked, rank

    questions = seeds.questions[: QUESTIONS + _WARM]
    dense = DenseShare.configured(settings)
    documents = -(-len(indexes) // TOGETHER)
    few = np.arange(0, documents, round(1 / _FEW), dtype=np.int64)
    times: dict[str, list[float]] = {}

    def ranked(asked: "Asked", allowed: "np.ndarray[tuple[int], np.dtype[np.int64]] | None") -> object:
        return rank(indexes, asked, allowed, depth=settings.depth, dense=dense)

    for question in questions:
        start = time.perf_counter()
        asked = Asked(question, question, embedder.embed([question])[0])
        ranked(asked, None)
        times.setdefault("search with embedding", []).append(time.perf_counter() - start)
    for question in questions:
        asked = Asked(question, question, embedder.embed([question])[0])
        for stage, work in _stages(indexes, exact, asked, ranked, few, settings.depth).items():
            start = time.perf_counter()
            work()
            times.setdefault(stage, []).append(time.perf_counter() - start)
    medians = {name: 1000 * statistics.median(spent[_WARM:] or spent) for name, spent in times.items()}
    whole = medians["search with embedding"]
    medians["embedding"] = max(0.0, whole - medians["ranking"])
    return {f"{name}, median ms": value for name, value in medians.items()}


def _stages(
    indexes: "Indexes",
    exact: "Exact",
    asked: "Asked",
    ranked: "Callable[[Asked, np.ndarray[tuple[int], np.dtype[np.int64]] | None], object]",
    few: "np.ndarray[tuple[int], np.dtype[np.int64]]",
    depth: int,
) -> dict[str, Callable[[], object]]:
    from ragslm.retrieval.sharpening import FIRST

    near = indexes.vectors.search(asked.vector, FIRST).ids.tolist()
    return {
        "titles": lambda: indexes.titles.affinity(asked.question),
        "vectors": lambda: indexes.vectors.search(asked.vector, depth),
        "vectors, best ten": lambda: indexes.vectors.search(asked.vector, _TOP),
        "vectors, read again": lambda: exact(near),
        "words": lambda: indexes.words.search(asked.spelled_out, depth),
        "vectors, 5 % allowed": lambda: indexes.vectors.search(asked.vector, depth, few),
        "words, 5 % allowed": lambda: indexes.words.search(asked.spelled_out, depth, few),
        "ranking": lambda: ranked(asked, None),
        "ranking, 5 % allowed": lambda: ranked(asked, few),
    }


def _changes(indexes: "Indexes", seeds: Seeds, count: int) -> Report:
    """One document of `TOGETHER` passages more, and away again, each until a search says so."""
    from ragslm.store.records import Change, IndexRow

    report: Report = {}
    vector = -seeds.vectors[0]
    ids = range(count, count + TOGETHER)
    added = [
        Change(
            seq=i, added=IndexRow(id=i, document=count, text="Quixotry\nAn unheardof zyzzyva.", vector=vector)
        )
        for i in ids
    ]
    with _timed(report, "add one document, seconds"):
        indexes.replay(added)
        indexes.vectors.settle()
        found = {*indexes.vectors.search(vector, 1).ids, *indexes.words.search("zyzzyva", 1).ids}
    report["added found"] = float(found <= set(ids))
    with _timed(report, "delete one document, seconds"):
        indexes.replay(Change(seq=i, removed=i) for i in ids)
        found = {*indexes.vectors.search(vector, 1).ids, *indexes.words.search("zyzzyva", 1).ids}
    report["deleted found"] = float(bool(found & set(ids)))
    return report


def _recall(indexes: "Indexes", seeds: Seeds, count: int) -> Report:
    """Share of the ten vectors found that are as close as the ten closest there are."""
    asked = np.stack([seeds.vectors[i % len(seeds.vectors)] for i in range(0, 7 * QUESTIONS, 7)])
    noise = np.random.default_rng(1).standard_normal(asked.shape, np.float32) / np.sqrt(asked.shape[1])
    asked = asked + 0.5 * noise
    asked /= np.linalg.norm(asked, axis=1, keepdims=True)
    found = np.stack([indexes.vectors.search(query, _TOP).ids for query in asked])
    highest = np.empty((len(asked), 0), dtype=np.float32)
    scores = np.zeros(found.shape, dtype=np.float32)
    for start in range(0, count, BLOCK):
        cosines = asked @ vectors_of(seeds, start, min(start + BLOCK, count)).T
        here = (found >= start) & (found < start + BLOCK)
        rows = np.nonzero(here)[0]
        scores[here] = cosines[rows, found[here] - start]
        highest = -np.sort(-np.concatenate([highest, cosines], axis=1), axis=1)[:, :_TOP]
    return {"recall@10 of vectors": float((scores >= highest[:, -1:] - 1e-6).mean())}


@contextmanager
def _timed(report: Report, name: str) -> Iterator[None]:
    start = time.perf_counter()
    yield
    report[name] = time.perf_counter() - start


def _resident() -> float:
    """Memory of this process, MiB, after giving back what is free; Linux only, elsewhere 0."""
    gc.collect()
    status = Path("/proc/self/status")
    if not status.is_file():
        return 0.0
    ctypes.CDLL(None).malloc_trim(0)
    line = next(islice((ln for ln in status.read_text().splitlines() if ln.startswith("VmRSS")), 1))
    return int(line.split()[1]) / 1024
