"""What searching costs as an index grows, and what FAISS alone would cost: prints ratios, asserts nothing.

python tests/bench/bench_retrieval.py [--passages 100000]
"""

import argparse
import statistics
import time
from collections.abc import Callable

import faiss
import numpy as np

from ragslm.retrieval.indexes import Indexes
from ragslm.retrieval.ranking import Asked, rank
from ragslm.store.records import Change, IndexRow

DIM = 384
WORDS = 30_000
RUNS = 40


def main() -> None:
    """Fill the indexes with synthetic passages and time each step."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--passages", type=int, default=100_000)
    n = parser.parse_args().passages
    random = np.random.default_rng(0)
    vectors = random.normal(size=(n, DIM)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    words = np.minimum(random.zipf(1.3, size=(n, 120)), WORDS)
    rows = [IndexRow(id=i, document=i // 100, text=_text(i, words[i]), vector=vectors[i]) for i in range(n)]
    indexes = Indexes.empty(DIM)
    build = _seconds(lambda: indexes.replay(Change(seq=row.id + 1, added=row) for row in rows))
    plain = faiss.IndexFlatIP(DIM)
    plain.add(vectors)
    asked = [Asked(q, q, vectors[i]) for i, q in enumerate(_questions(words))]
    few = np.arange(n // 100 // 20, dtype=np.int64)
    flat = _median(lambda a: plain.search(a.vector[None, :], 100), asked)
    print(f"{n} passages; build {build:.1f} s ({n / build:.0f} passages/s)")
    for name, work in {
        "FAISS flat alone": lambda a: plain.search(a.vector[None, :], 100),
        "dense": lambda a: indexes.vectors.search(a.vector, 100),
        "dense, 5 % of documents": lambda a: indexes.vectors.search(a.vector, 100, few),
        "lexical": lambda a: indexes.words.search(a.spelled_out, 100),
        "lexical, 5 % of documents": lambda a: indexes.words.search(a.spelled_out, 100, few),
        "ranked": lambda a: rank(indexes, a, None, depth=100, dense_weight=0.5),
    }.items():
        median = _median(work, asked)
        print(f"{name:28s} {1000 * median:7.2f} ms  {median / flat:6.2f} x FAISS flat")
    one = IndexRow(id=n, document=n, text="One more › page 1\nwords of one more", vector=vectors[0])
    print(
        f"one more passage {1000 * _seconds(lambda: indexes.replay([Change(seq=n + 1, added=one)])):.2f} ms"
    )
    print(
        f"one passage less {1000 * _seconds(lambda: indexes.replay([Change(seq=n + 2, removed=n)])):.2f} ms"
    )
    files: dict[str, bytes] = {}
    save = _seconds(lambda: files.update(indexes.save()))
    print(f"save {save:.2f} s, {sum(map(len, files.values())) / 1e6:.0f} MB")
    print(f"load {_seconds(lambda: Indexes.load(files, 0)):.2f} s")


def _text(i: int, words: np.ndarray) -> str:
    return f"Report {i // 100} › page {i % 100}\n" + " ".join(f"w{word}" for word in words)


def _questions(words: np.ndarray) -> list[str]:
    return [" ".join(f"w{word}" for word in words[i * 7, :12]) for i in range(RUNS)]


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _median(work: Callable[[Asked], object], asked: list[Asked]) -> float:
    return statistics.median(_seconds(lambda a=a: work(a)) for a in asked)


if __name__ == "__main__":
    main()
