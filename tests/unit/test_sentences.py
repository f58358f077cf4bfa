"""Sentence cuts: one table, and the property that nothing is invented or cut in two."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ragslm._sentences import content_words, split


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),  # plain
        ("Take 2.5 mg daily. Then stop.", ["Take 2.5 mg daily.", "Then stop."]),  # decimal
        ("Dr. Smith agreed. He left.", ["Dr. Smith agreed.", "He left."]),  # title
        ("See Fig. 3 for it.", ["See Fig. 3 for it."]),  # abbreviation before a number
        ('He said "no." Then he left.', ['He said "no."', "Then he left."]),  # closing quote
        ("Running text that is longer than a heading\ngoes on.", None),  # a wrapped line is one sentence
        ("- one\n- two", ["- one", "- two"]),  # list items
        ("Cash | 1 | 2\nDebt | 3 | 4", ["Cash | 1 | 2", "Debt | 3 | 4"]),  # table rows
        ("A heading\nThe text follows.", ["A heading", "The text follows."]),  # short line without end mark
        ("", []),  # nothing
        (" \n ", []),  # blanks only
    ],
)
def test_split(text: str, sentences: list[str] | None) -> None:
    assert [text[start:end] for start, end in split(text)] == (sentences or ([text] if text.strip() else []))


@pytest.mark.timeout(60)  # quadratic code needs minutes
@pytest.mark.parametrize(
    "piece",
    ["a line that is longer than a heading is\n", "One more. ", ".", "\n", "a\n", "x | y\n", "   \n", "?)"],
)
def test_hostile_repetitions_end(piece: str) -> None:
    split((piece * 1_000_000)[:1_000_000] + "a")


@given(st.text(alphabet=st.sampled_from("ab .!?\n|-1A,"), max_size=200))
def test_spans_are_ordered_and_cover_every_visible_character(text: str) -> None:
    spans = split(text)
    assert all(a < b for a, b in spans)
    assert all(first[1] <= second[0] for first, second in pairwise(spans))
    covered = {i for start, end in spans for i in range(start, end)}
    assert all(i in covered for i, sign in enumerate(text) if not sign.isspace())


def test_content_words_fold_forms_and_keep_numbers() -> None:
    assert content_words("The purchases of 1,577 tablets") == content_words("purchase: 1577 tablet")
    assert "a1c" in content_words("Hemoglobin A1c")
