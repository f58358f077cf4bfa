"""What moves questions: right passages pull, others push, questions of another kind stay."""

import numpy as np
import pytest

from ragslm.specialise.question_encoder import _Example, _loss

torch = pytest.importorskip("torch")

PASSAGES = torch.eye(3)


def at(*numbers):
    vector = np.array(numbers, dtype=np.float32)
    return vector / np.linalg.norm(vector)


def loss(found, right, own):
    return _loss(torch.tensor(np.array([found])), PASSAGES, [_Example("?", frozenset(right), own)]).item()


def test_nearer_to_a_right_passage_is_better():
    own = at(1, 1, 1)
    assert loss(at(3, 1, 1), {0}, own) < loss(own, {0}, own) < loss(at(1, 3, 1), {0}, own)


def test_any_of_several_right_passages_will_do():
    own = at(1, 1, 1)
    assert loss(at(3, 1, 1), {0, 1}, own) == pytest.approx(loss(at(1, 3, 1), {0, 1}, own))


def test_a_question_of_another_kind_loses_by_any_move():
    own = at(1, 1, 1)
    assert loss(own, (), own) == pytest.approx(0.0, abs=1e-6)
    assert loss(at(3, 1, 1), (), own) > 0.1
