"""Which stage is named as the one that lost a passage."""

import pytest

from ragslm.evaluate.stages import lost_at


@pytest.mark.parametrize(
    ("dense", "lexical", "fused", "reranked", "shown", "lost"),
    [
        (1, 1, 1, 1, 1, None),
        (None, 40, 9, 3, 3, None),  # brought up again
        (None, None, None, None, None, "not a candidate"),
        (None, None, None, None, 2, None),  # shown all the same
        (2, 80, 7, 7, 7, "fusion"),
        (None, 2, None, None, None, "fusion"),
        (1, 1, 2, 5, 5, "reranking"),
        (9, 9, 3, 3, 4, "cut"),
        (9, 9, 3, 2, None, "cut"),
    ],
)
def test_lost_at(dense, lexical, fused, reranked, shown, lost):
    ranks = {"dense": dense, "lexical": lexical, "fused": fused, "reranked": reranked, "shown": shown}
    assert lost_at(ranks, 3) == lost
