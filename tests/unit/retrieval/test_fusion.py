"""One score out of three."""

import re

import numpy as np
import pytest

from ragslm.retrieval.fusion import DenseShare, fuse
from ragslm.settings import RetrievalSettings


def _fuse(dense, lexical, named, weight=0.5):
    share = np.full(len(dense), weight)
    return fuse(np.array(dense, float), np.array(lexical, float), np.array(named, float), dense_share=share)


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


def test_what_the_adapter_was_taught_is_found_by_meaning():
    settings = RetrievalSettings(
        question_adapter=True,
        rule_reader=re.compile(r"^12 CFR 1005\b"),
        dense_weight=0.75,
        rule_dense_weight=0.9,
    )
    titles = ["12 CFR 1005 Electronic Fund Transfers", "Amcor 10-K 2023", ""]
    assert list(DenseShare.configured(settings).of(titles)) == [0.9, 0.75, 0.75]


def test_without_the_adapter_nothing_was_taught():
    settings = RetrievalSettings(rule_reader=re.compile("^12 CFR"), rule_dense_weight=0.9, dense_weight=0.6)
    assert list(DenseShare.configured(settings).of(["12 CFR 1005"])) == [0.6]
