"""Both derived indexes under the one contract."""

import numpy as np

from ragslm.retrieval.lexical_index import LexicalIndex
from ragslm.retrieval.vector_index import VectorIndex
from ragslm.store.records import IndexRow
from ragslm.testing.index_contract import IndexContract

WORDS = ("alpha", "bravo", "charlie", "delta", "echo", "foxtrot", "golf", "hotel", "india", "report")


def _vector(word: str) -> np.ndarray:
    """One axis per word; `report` leans on every axis, each a little less than the one before."""
    axis = np.eye(len(WORDS))
    vector = np.arange(len(WORDS), 0, -1) if word == "report" else axis[WORDS.index(word)]
    return (vector / np.linalg.norm(vector)).astype(np.float32)


def _row(id_: int, document: int, word: str) -> IndexRow:
    return IndexRow(id=id_, document=document, text=f"Paper › part\n{word} report", vector=_vector(word))


class TestVectorIndex(IndexContract):
    def make(self):
        return VectorIndex(len(WORDS))

    def row(self, id_, document, word):
        return _row(id_, document, word)

    def query(self, word):
        return _vector(word)


class TestLexicalIndex(IndexContract):
    def make(self):
        return LexicalIndex()

    def row(self, id_, document, word):
        return _row(id_, document, word)

    def query(self, word):
        return word
