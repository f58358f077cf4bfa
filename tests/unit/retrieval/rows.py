"""Rows and an encoder small enough to reason about."""

import zlib

import numpy as np

from ragslm.retrieval.tokens import tokens
from ragslm.store.records import Change, IndexRow

DIM = 64


class WordEmbedder:
    """Adds up one fixed direction per word: texts that share words are close."""

    identity = "words@1"
    dim = DIM

    def embed(self, texts):
        vectors = np.zeros((len(texts), DIM), dtype=np.float32)
        for i, text in enumerate(texts):
            for word in tokens(text):
                vectors[i] += np.random.default_rng(zlib.crc32(word.encode())).normal(size=DIM)
        return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)


def row(id_: int, document: int, text: str) -> IndexRow:
    return IndexRow(id=id_, document=document, text=text, vector=WordEmbedder().embed([text])[0])


def adding(seq: int, id_: int, document: int, text: str) -> Change:
    return Change(seq=seq, added=row(id_, document, text), removed=None)


def removing(seq: int, id_: int) -> Change:
    return Change(seq=seq, added=None, removed=id_)
