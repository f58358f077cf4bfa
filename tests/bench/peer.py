"""The peer's half of `bench_peer.py`, run in the environment of `peer-env`: prints medians as JSON."""

import json
import statistics
import sys
import time
from pathlib import Path

import numpy as np
from langchain_classic.retrievers import EnsembleRetriever
from langchain_community.retrievers import BM25Retriever
from langchain_community.vectorstores import FAISS
from precomputed import Precomputed

K = 10


def main() -> None:
    """Build from the files in the folder named first, then ask every question once."""
    folder = Path(sys.argv[1])
    texts = json.loads((folder / "texts.json").read_text("utf-8"))
    questions = json.loads((folder / "questions.json").read_text("utf-8"))
    vectors = np.load(folder / "vectors.npy").tolist()
    asked = dict(zip(questions, np.load(folder / "asked.npy").tolist(), strict=True))
    words = BM25Retriever.from_texts(texts, k=K)
    store = FAISS.from_embeddings(zip(texts, vectors, strict=True), Precomputed(asked))
    ensemble = EnsembleRetriever(
        retrievers=[words, store.as_retriever(search_kwargs={"k": K})], weights=[0.5, 0.5]
    )
    times = []
    for question in questions:
        start = time.perf_counter()
        assert len(ensemble.invoke(question)) >= K
        times.append(time.perf_counter() - start)
    print(json.dumps({"search": 1000 * statistics.median(times)}))


if __name__ == "__main__":
    main()
