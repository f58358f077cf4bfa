"""The pieces of a marked text are the text, and the lit ones are the marks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ragslm_ui.marked import pieces

TABLE = [
    # plain
    ("abcdef", [(2, 4)], [("ab", False), ("cd", True), ("ef", False)]),
    # none
    ("abc", [], [("abc", False)]),
    # at both ends, unsorted
    ("abcd", [(3, 4), (0, 1)], [("a", True), ("bc", False), ("d", True)]),
    # overlapping
    ("abcdef", [(1, 3), (2, 5)], [("a", False), ("bc", True), ("de", True), ("f", False)]),
    # empty, and beyond the end
    ("abc", [(1, 1), (2, 9)], [("ab", False), ("c", True)]),
]


@pytest.mark.parametrize(("text", "marks", "expected"), TABLE)
def test_table(text: str, marks: list[tuple[int, int]], expected: list[tuple[str, bool]]) -> None:
    assert pieces(text, marks) == expected


@given(
    st.text("ab<>\n ", max_size=40), st.lists(st.tuples(st.integers(0, 45), st.integers(0, 45)), max_size=5)
)
def test_nothing_is_lost_and_every_marked_character_is_lit(text: str, marks: list[tuple[int, int]]) -> None:
    cut = pieces(text, marks)
    assert "".join(piece for piece, _ in cut) == text
    lit = [flag for piece, flag in cut for _ in piece]
    assert lit == [any(start <= i < end for start, end in marks) for i in range(len(text))]
