"""One score out of three."""

import numpy as np
import pytest

from ragslm.retrieval.fusion import fuse


def _fuse(dense, lexical, named, weight=0.5):
    return fuse(np.array(dense, float), np.array(lexical, float), np.array(named, float), dense_weight=weight)


@pytest.mark.parametrize(
    ("dense", "lexical", "named", "weight", "best"),
    [
        ([0.9, 0.1], [1, 9], [0, 0], 1.0, 0),  # meaning alone
        ([0.9, 0.1], [1, 9], [0, 0], 0.0, 1),  # words alone
        ([0.9, 0.8], [5, 5], [0, 1], 0.5, 1),  # the named document wins between near equals
        ([0.9, 0.1], [9, 1], [0, 1], 0.5, 0),  # but not over what is far better
        ([-0.2, 0.1], [0, 0], [0, 0], 0.5, 1),  # negative cosines are worth nothing
    ],
)
def test_best(dense, lexical, named, weight, best):
    assert int(np.argmax(_fuse(dense, lexical, named, weight))) == best


def test_range_and_emptiness():
    assert _fuse([], [], []).shape == (0,)
    assert list(_fuse([0], [0], [0])) == [0]
    assert _fuse([1], [7], [1])[0] == pytest.approx(1)
