"""Measures of a ranked list."""

import pytest

from ragslm.evaluate.ranking import distinct, ndcg, rank_of, recall


@pytest.mark.parametrize(
    ("ranked", "relevant", "gain", "found", "rank"),
    [
        ("abc", "a", 1.0, 1.0, 1),  # first
        ("bac", "a", 0.6309, 1.0, 2),  # second: 1 / log2(3)
        ("bcd", "a", 0.0, 0.0, None),  # missing
        ("abc", "ac", 0.9197, 1.0, 1),  # two of two, one late
        ("axx", "ab", 0.6131, 0.5, 1),  # one of two
        ("", "a", 0.0, 0.0, None),  # nothing found
        ("abc", "", 0.0, 0.0, None),  # nothing relevant
        ("xxxxxxxxxxa", "a", 0.0, 0.0, 11),  # beyond ten
    ],
)
def test_measures(ranked, relevant, gain, found, rank):
    assert ndcg(ranked, set(relevant)) == pytest.approx(gain, abs=1e-4)
    assert recall(ranked, set(relevant)) == pytest.approx(found)
    assert rank_of([{item} for item in ranked], set(relevant)) == rank


def test_a_passage_may_hold_several_paragraphs():
    assert rank_of([set(), {"b", "c"}, {"a"}], {"a", "c"}) == 2


def test_distinct_keeps_first_places():
    assert distinct(["b", "a", "b", "c", "a"]) == ["b", "a", "c"]
