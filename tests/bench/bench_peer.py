"""ragslm's search against LangChain's BM25Retriever + FAISS EnsembleRetriever, in one run: prints ratios.

tests/bench/peer-env                                       # once
python tests/bench/bench_peer.py [--passages 100000] [--data DIR]

Both get the same texts and vectors, and questions by the same encoder; embedding a question is counted for
both. DIR holds corpus.jsonl.gz and queries.jsonl.gz; without it the bundled samples are used.
"""

import argparse
import json
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np

from ragslm.evaluate.growth import Seeds, corpus_texts, grown, sample_texts, seeds_of
from ragslm.factory import open_parts
from ragslm.protocols import Embedder
from ragslm.retrieval.fusion import DenseShare
from ragslm.retrieval.indexes import Indexes
from ragslm.retrieval.ranking import Asked, rank
from ragslm.store.keys import new_key

ROOT = Path(__file__).resolve().parents[2]
PYTHON = ROOT / ".venv-bench" / "bin" / "python"
QUESTIONS = 30
DEPTH = 100


def main() -> None:
    """Time both and print the ratio."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--passages", type=int, default=100_000)
    parser.add_argument("--seeds", type=int, default=2_500)
    parser.add_argument("--data", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        parts = open_parts(folder / "workspace", key=new_key(), config=None, arguments={})
        embedder = parts.embedder
        texts, questions = (
            corpus_texts(asked.data, asked.seeds) if asked.data else (sample_texts("medical"), [])
        )
        seeds = seeds_of(texts, embedder, questions)
        questions = list(dict.fromkeys(seeds.questions))[: QUESTIONS + 1]
        indexes = _written(seeds, asked.passages, folder)
        embedding, ours = _ours(indexes, embedder, questions)
        (folder / "questions.json").write_text(json.dumps(questions), "utf-8")
        np.save(folder / "asked.npy", np.concatenate([embedder.embed([q]) for q in questions]))
        parts.close()
        peer = subprocess.run(
            [PYTHON, ROOT / "tests" / "bench" / "peer.py", folder], check=True, capture_output=True, text=True
        )
    theirs = json.loads(peer.stdout.splitlines()[-1])["search"]
    print(f"{asked.passages} passages, {len(questions)} questions, medians in ms")
    print(f"embedding the question       {embedding:9.2f}")
    print(f"ragslm                       {ours:9.2f}   with embedding {ours + embedding:9.2f}")
    print(f"LangChain ensemble           {theirs:9.2f}   with embedding {theirs + embedding:9.2f}")
    print(f"LangChain : ragslm           {theirs / ours:9.1f}   with embedding ", end="")
    print(f"{(theirs + embedding) / (ours + embedding):9.1f}")


def _written(seeds: Seeds, count: int, folder: Path) -> Indexes:
    """ragslm's indexes; the same texts and vectors as files for the peer."""
    indexes, texts, vectors = Indexes.empty(seeds.vectors.shape[1]), [], []
    for block in grown(seeds, count):
        indexes.replay(block)
        texts += [change.added.text for change in block]
        vectors += [change.added.vector for change in block]
    indexes.vectors.settle()
    (folder / "texts.json").write_text(json.dumps(texts), "utf-8")
    np.save(folder / "vectors.npy", np.stack(vectors))
    return indexes


def _ours(indexes: Indexes, embedder: Embedder, questions: list[str]) -> tuple[float, float]:
    """Medians of embedding and of searching; the first question warms up."""
    embedding, searching = [], []
    for question in questions:
        start = time.perf_counter()
        vector = embedder.embed([question])[0]
        embedding.append(time.perf_counter() - start)
        start = time.perf_counter()
        rank(indexes, Asked(question, question, vector), None, depth=DEPTH, dense=DenseShare(0.6))
        searching.append(time.perf_counter() - start)
    return 1000 * statistics.median(embedding[1:]), 1000 * statistics.median(searching[1:])


if __name__ == "__main__":
    main()
