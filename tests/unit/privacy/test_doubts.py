"""Where the trained finder reads: every place that may be a name and that nobody has found."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ragslm.privacy.doubts import AROUND, doubts

WORDS = "Zbigniew Keller scott Hersnapvej Net Sales of the 12 1,200 PERSON_4F2A91 Łukasz gout \n ( ) -"
TEXTS = st.lists(st.sampled_from(WORDS.split(" ")), max_size=120).map(" ".join)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Can you tell Szabina about it?", True),  # in no list
        ("I saw White there.", True),  # a common word that is a surname
        ("We asked bertram about it. He knew.", True),  # a given name in small letters
        ("It was sent to 12 Green Hill.", True),  # a number before a large word
        ("my name is codey, I think", True),  # typed in small letters
        ("The fee for ann and bob was paid.", True),
        (f"{'The fee was paid. ' * 40} It is qzx.", False),  # no longer typed
        ("The amount of cash was reported.", False),
        ("PERSON_4F2A91 was seen on Monday.", False),  # a pseudonym
        ("ASSESSMENT AND PLAN: the patient has pneumonia.", False),
        ("Rpt[1]/Bal[2]", False),  # elements of a format
        ("Okonkwo, Adaeze", True),  # a cell
        ("J. Szöllősy", True),
        ("SZÖLLŐSY OKONKWO", False),  # a heading
        ("Szabina", False),  # nothing tells what it is
        ("", False),
    ],
)
def test_where_a_name_may_stand_is_read(text, read):
    assert bool(doubts(text, [])) is read


def test_what_was_found_is_not_read_again():
    text = "The letter of Szabina came."
    assert doubts(text, [(14, 21)]) == []


@given(TEXTS)
def test_spans_are_sorted_apart_and_begin_and_end_with_a_word(text):
    spans = doubts(text, [])
    assert all(a < b for a, b in spans)
    assert all(b < c for (_, b), (c, _) in pairwise(spans))
    assert all(text[a:b] == text[a:b].strip() for a, b in spans)


def test_only_the_words_around_are_read():
    filler = "and the sum of the parts was as large as the whole of it. "
    text = filler * 20 + "Szabina" + " " + filler * 20
    [(start, end)] = doubts(text, [])
    assert len(text[start:end].split()) == 2 * AROUND + 1
