"""Equal passages are embedded once."""

import numpy as np
import pytest

from ragslm.ingest import embedding
from ragslm.ingest.embedding import EmbedOnce


class Counting:
    """An embedder that tells what it was asked for: a vector is the length of its text."""

    identity, dim = "counting", 1

    def __init__(self) -> None:
        self.asked: list[list[str]] = []

    def embed(self, texts):
        if texts:
            self.asked.append(list(texts))
        return np.array([[len(text)] for text in texts], dtype=np.float32).reshape(-1, 1)


def test_a_text_is_embedded_once_and_every_text_has_its_vector():
    inner = Counting()
    once = EmbedOnce(inner)
    assert once.embed(["a", "bb", "a"]).tolist() == [[1], [2], [1]]
    assert once.embed(["ccc", "bb"]).tolist() == [[3], [2]]
    assert once.embed(["bb"]).tolist() == [[2]]
    assert inner.asked == [["a", "bb"], ["ccc"]]


def test_nothing_gives_nothing():
    assert EmbedOnce(Counting()).embed([]).shape == (0, 1)


def test_what_was_met_longest_ago_is_forgotten(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(embedding, "REMEMBERED", 2)
    inner = Counting()
    once = EmbedOnce(inner)
    once.embed(["a"])
    once.embed(["bb"])
    once.embed(["a", "ccc"])
    once.embed(["a", "bb"])
    assert inner.asked == [["a"], ["bb"], ["ccc"], ["bb"]]
