"""Windows over a long text, and labels of pieces as names and addresses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ragslm.privacy.pieces import Pieces, kind
from ragslm.privacy.tagger import WINDOW, Tagged, spans_of, windows


@given(st.integers(0, 2000))
def test_every_piece_is_labelled_by_one_window(pieces):
    found = list(windows(pieces))
    assert [place for _, _, first, last in found for place in range(first, last)] == list(range(pieces))
    assert all(end - start <= WINDOW and start <= first < last <= end for start, end, first, last in found)


OUT, B_NAME, I_NAME, B_STREET, I_STREET = range(5)


def sure(label):
    return [0.96 if i == label else 0.01 for i in range(5)]


TEXT = "to Ann-Lee Bob at 5 Oak"
SPANS = [(0, 2), (3, 6), (6, 7), (7, 10), (11, 14), (15, 17), (18, 19), (20, 23)]


@pytest.mark.parametrize(
    ("labels", "found"),
    [
        ([OUT] * 8, []),
        ([OUT, B_NAME, I_NAME, I_NAME, OUT, OUT, OUT, OUT], ["Ann-Lee"]),
        ([OUT, B_NAME, I_NAME, I_NAME, B_NAME, OUT, OUT, OUT], ["Ann-Lee", "Bob"]),
        ([OUT, OUT, OUT, OUT, OUT, OUT, B_STREET, I_STREET], ["5 Oak"]),
        ([OUT, OUT, OUT, OUT, I_NAME, OUT, I_STREET, I_STREET], ["Bob", "5 Oak"]),  # begun by an inside
        ([OUT, OUT, OUT, OUT, B_NAME, B_STREET, I_STREET, I_STREET], ["Bob", "at 5 Oak"]),
    ],
)
def test_labels_become_spans(labels, found):
    pieces = Pieces(range(8), list(range(8)), SPANS, [0] * 8)
    tagged = list(spans_of(pieces, dict(enumerate(map(sure, labels)))))
    assert [TEXT[one.start : one.end] for one in tagged] == found
    assert all(0.9 < one.score <= 1 for one in tagged)


def test_a_name_ends_with_its_line_and_an_address_does_not():
    kinds = [kind("Ann", line=i == 1) for i in range(3)]
    pieces = Pieces(range(3), range(3), [(0, 3), (4, 7), (8, 11)], kinds)
    one, other = (
        [(t.start, t.end) for t in spans_of(pieces, {i: sure(label) for i in range(3)})]
        for label in (I_NAME, I_STREET)
    )
    assert one == [(0, 3), (4, 11)]
    assert other == [(0, 11)]


def test_a_word_of_several_pieces_is_labelled_as_one():
    pieces = Pieces([1, 2], [0, 0], [(0, 6)], [0])
    assert list(spans_of(pieces, {0: [0.1, 0.8, 0.1, 0, 0], 1: [0.7, 0.1, 0.2, 0, 0]})) == [
        Tagged("PERSON", 0, 6, pytest.approx(0.6))
    ]
    assert list(spans_of(pieces, {0: [0.8, 0.1, 0.1, 0, 0], 1: [0.7, 0.1, 0.2, 0, 0]})) == []
