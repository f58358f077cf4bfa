"""Generated notes: what is marked is what was filled in, however it is then written."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ragslm.privacy.pieces import Pieces
from ragslm.specialise.finder import labels_of
from ragslm.specialise.notes.distort import distorted
from ragslm.specialise.notes.fill import Frames
from ragslm.specialise.notes.lists import cultures, lines
from ragslm.specialise.notes.marked import PERSON, STREET, UNSURE, Marked, joined, merged

SEEDS = st.integers(0, 100_000)


def words(note):
    """The marked parts, comparable whatever case, accents and breaks they are written with."""
    return [(label, "".join(c for c in note.text[a:b] if c.isalnum())) for label, a, b in note.spans]


@given(SEEDS)
def test_names_and_addresses_are_marked(seed):
    note = Frames(Random(seed)).filled("Dear {name},\nwrite to {addr} about {drug}.")
    (who, *name), (where, *place) = note.spans
    assert (who, where) == (PERSON, STREET)
    assert note.text.startswith("Dear ")
    assert note.text[name[1] : place[0]] == ",\nwrite to "
    assert note.text[place[1] :].startswith(" about ")


def test_every_frame_is_filled():
    frames = Frames(Random(1))
    for file, marked in (("frames.txt", True), ("plain.txt", False)):
        for line in lines(file):
            note = frames.filled(line)
            assert bool(note.spans) is marked, line
            assert "{n}" not in note.text
            assert all(note.text[a:b].strip() for _, a, b in note.spans)


@given(SEEDS)
def test_marks_stay_where_they_are(seed):
    random = Random(seed)
    note = Frames(random).note()
    changed = distorted(note, random)
    assert [label for label, _, _ in changed.spans] == [label for label, _, _ in note.spans]
    for (_, one), (_, other) in zip(words(note), words(changed), strict=True):
        assert len(one) == len(other)
        assert sum(a.casefold() == b.casefold() for a, b in zip(one, other, strict=True)) >= len(one) // 3


def test_the_same_seed_gives_the_same_notes():
    assert Frames(Random(3)).note() == Frames(Random(3)).note()


def test_given_name_and_surname_are_one():
    assert merged("Ann Roe, Bob", [(PERSON, 4, 7), (PERSON, 0, 3), (PERSON, 9, 12)]) == (
        (PERSON, 0, 7),
        (PERSON, 9, 12),
    )


def test_joined_notes_keep_their_marks():
    note = joined([Marked("Ann", ((PERSON, 0, 3),)), Marked("at 5 Oak", ((STREET, 3, 8),))], "\n\n")
    assert [note.text[a:b] for _, a, b in note.spans] == ["Ann", "5 Oak"]


@pytest.mark.parametrize(
    ("spans", "labels"),
    [
        ((), [0, 0, 0, 0]),
        (((PERSON, 0, 7),), [1, 2, 2, 0]),
        (((STREET, 4, 11),), [0, 3, 3, 4]),
        (((UNSURE, 0, 3), (PERSON, 8, 11)), [-100, 0, 0, 1]),
    ],
)
def test_pieces_are_labelled_by_their_word(spans, labels):
    pieces = Pieces([1, 2, 3, 4], [0, 1, 1, 2], [(0, 3), (4, 7), (8, 11)], [0] * 3)
    assert labels_of(pieces, Marked("Ann Roe Oak", spans)) == labels


def test_every_culture_can_name_somebody():
    assert all(c.get("given") and (c.get("surname") or c.get("stems")) for c in cultures())
    assert all(bool(c.get("stems")) == bool(c.get("endings")) for c in cultures())
