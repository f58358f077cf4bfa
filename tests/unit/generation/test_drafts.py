"""Sentences out of a stream, however it is cut."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ragslm.generation.drafts import LONGEST, DraftParser
from ragslm.protocols import Draft

LABELS = {"1", "2", "12"}


def parse(pieces):
    parser = DraftParser(LABELS)
    return [draft for piece in pieces for draft in parser.feed(piece)] + list(parser.finish())


@pytest.mark.parametrize(
    ("reply", "drafts"),
    [
        ("A is B. [1]", [("A is B.", ("1",))]),  # one
        ("A is B. [1][12]", [("A is B.", ("1", "12"))]),  # two labels
        ("A is B. [1] [2]", [("A is B.", ("1", "2"))]),  # a blank between
        ("A is B. [1][1]", [("A is B.", ("1",))]),  # the same twice
        ("A. [1]\nB. [2]", [("A.", ("1",)), ("B.", ("2",))]),  # two lines
        ("A. [1] B. [2]", [("A.", ("1",)), ("B.", ("2",))]),  # two in a line, of an unconstrained engine
        ("A [1]. B [2].", [("A", ("1",)), ("B", ("2",))]),  # labels before the point
        ("- A. [1]\n2. B. [2]", [("A.", ("1",)), ("B.", ("2",))]),  # list marks
        ("A. [9]\n", [("A.", ())]),  # a label that does not exist
        ("A. [9][2]\n", [("A.", ("2",))]),  # one of two exists
        ("A.\nB. [1]", [("A.", ()), ("B.", ("1",))]),  # a sentence without a label
        ("A. [1]\nB is cut of", [("A.", ("1",))]),  # cut off by the token limit
        ("2.5 mg [1]", [("2.5 mg", ("1",))]),  # a number is no list mark
        ("\n\n", []),  # empty lines
        ("[1]", []),  # a label without a sentence
        ("A [sic] B. [1]", [("A", ()), ("B.", ("1",))]),  # other brackets end a sentence without a label
        ("", []),
    ],
)
def test_replies(reply, drafts):
    assert parse([reply]) == [Draft(*draft) for draft in drafts]


def test_a_sentence_is_handed_on_at_once():
    parser = DraftParser(LABELS)
    assert list(parser.feed("A. [1]")) == []
    assert list(parser.feed("\nB")) == [Draft("A.", ("1",))]


def test_a_model_that_rambles_is_left():
    taken = []

    def pieces():
        yield "A. [1]\n"
        for number in range(10_000):
            taken.append(number)
            yield "and on "

    assert list(DraftParser(LABELS).read(pieces())) == [Draft("A.", ("1",))]
    assert len(taken) == LONGEST // len("and on ") + 1


@given(st.text("AB .[]12\n", max_size=60), st.lists(st.integers(0, 60), max_size=8))
def test_cuts_change_nothing(reply, cuts):
    edges = [0, *sorted(min(cut, len(reply)) for cut in cuts), len(reply)]
    pieces = [reply[a:b] for a, b in pairwise(edges)]
    assert parse(pieces) == parse([reply])


@given(st.text(max_size=200))
def test_only_known_labels_ever_come_out(reply):
    assert all(set(draft.labels) <= LABELS and draft.text for draft in parse([reply]))
