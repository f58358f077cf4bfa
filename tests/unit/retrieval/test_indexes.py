"""Replaying changes."""

import hypothesis.strategies as st
import numpy as np
from hypothesis import given, settings

from ragslm.retrieval import indexes as module
from ragslm.retrieval.fusion import DenseShare
from ragslm.retrieval.indexes import Indexes
from ragslm.retrieval.ranking import Asked, rank
from tests.unit.retrieval.conftest import DIM, WordEmbedder, adding, removing

WORDS = ("alpha", "bravo", "charlie", "delta")


def _answers(indexes):
    answers = []
    for word in WORDS:
        asked = Asked(word, word, WordEmbedder().embed([word])[0])
        found = rank(indexes, asked, None, depth=50, dense=DenseShare(0.5))
        answers.append((found.ids.tolist(), found.scores.tobytes()))
    return answers


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 7), st.sampled_from((*WORDS, "")), st.integers(0, 2)), max_size=25))
def test_any_history_equals_its_outcome(steps):
    """An empty word removes. Whatever was added, replaced and removed: as if built from what is left."""
    history, left = [], {}
    for seq, (id_, word, document) in enumerate(steps, 1):
        left.pop(id_, None)
        if word:
            left[id_] = (document, f"Title {document} › page\n{word} text")
            history.append(adding(seq, id_, *left[id_]))
        else:
            history.append(removing(seq, id_))
    grown, fresh = Indexes.empty(DIM), Indexes.empty(DIM)
    for change in history:
        grown.replay([change])
    fresh.replay(adding(i, id_, *each) for i, (id_, each) in enumerate(left.items(), 1))
    assert len(grown) == len(fresh) == len(left)
    assert grown.seq == len(steps)
    for a, b in zip(_answers(grown), _answers(fresh), strict=True):
        assert sorted(a[0]) == sorted(b[0])
        assert np.allclose(np.frombuffer(a[1]), np.frombuffer(b[1]), atol=1e-6)
    assert _answers(Indexes.load(grown.save(), grown.seq)) == _answers(grown)


def test_batches_do_not_change_the_outcome(monkeypatch):
    monkeypatch.setattr(module, "_BATCH", 2)
    changes = [adding(i + 1, i % 3, 0, f"Title\n{WORDS[i % 4]}") for i in range(9)] + [removing(10, 1)]
    indexes = Indexes.empty(DIM)
    assert indexes.replay(changes) == 10
    assert (len(indexes), indexes.seq) == (2, 10)
