"""What the name reader is not given could not have counted, whatever it had said about it."""

import re
from itertools import pairwise
from types import SimpleNamespace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ragslm.privacy.excerpts import AROUND, excerpts
from ragslm.privacy.recognisers import person

WORDS = (
    "Maria Keller scott Gore-Tex Nguyen Zbigniew Łukasz Øyvind O'Neill Jean-Luc McAdam Smith’s J. van de der "
    "net Sales Total Inc. Trading Brook ACME FY IBM Ltd Hodgkin maria clemente said told including Dear "
    "lives at 10 2,000 $ | – ® & and , : the of a I disease Group Board’s Fair Value \n \t (x)"
).split(" ")
TEXTS = st.lists(st.sampled_from(WORDS), max_size=40).map(" ".join)
LABELS = ("PERSON", "ORG")
COUNTS = 0.01


def every_run(text, within=None):
    """Every run of one to seven words under every label, as the name reader might mark it."""
    words = [match.span() for match in re.finditer(r"[^\s\-]+", text)]
    return [
        SimpleNamespace(label_=label, start_char=start, end_char=words[last][1])
        for first, (start, _) in enumerate(words)
        for last in range(first, min(first + 7, len(words)))
        for label in LABELS
        if within is None or any(a <= start and words[last][1] <= b for a, b in within)
    ]


def found(text, entities):
    results = person.recogniser().analyze(text, ["PERSON"], SimpleNamespace(entities=entities))
    return {(r.start, r.end, r.score) for r in results if r.score >= COUNTS}


@given(TEXTS)
@example("J. , Zbigniew")
def test_whatever_counts_lies_in_an_excerpt(text):
    assert found(text, every_run(text)) == found(text, every_run(text, excerpts(text)))


@given(TEXTS)
def test_excerpts_are_sorted_apart_and_begin_and_end_with_a_word(text):
    spans = excerpts(text)
    assert all(a < b for a, b in spans)
    assert all(b < c for (_, b), (c, _) in pairwise(spans))
    assert all(text[a:b] == text[a:b].strip() for a, b in spans)


FILLER = "and the net sales of the segment rose 4.2 % to 1,200 "


@pytest.mark.parametrize(
    ("inside", "read"),
    [
        ("Maria", True),  # a list's name
        ("maria", True),  # the same in small letters
        ("Zbigniew Wróbel", True),  # in no list
        ("Maria's", True),
        ("Trading income", False),  # ends as words do
        ("Total Revenue", False),  # words of reports
        ("ACME GMBH", False),  # capitals only are no name
        ("said the board", True),  # whoever said it counts more
        ("1,200 | 1,300", False),
    ],
)
def test_only_doubtful_places_are_read(inside, read):
    text = FILLER * 4 + inside + " " + FILLER * 4
    spans = excerpts(text)
    assert bool(spans) == read
    for start, end in spans:
        assert len(text[start:end].split()) <= 2 * AROUND + len(inside.split())


def test_an_empty_text_has_none():
    assert excerpts("") == excerpts(" \n") == []
