"""Findings settle without overlaps and without uncovering anything; windows cover their text."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from ragslm.privacy.spans import Finding, settle, trimmed, unprotected, windows

SPANS = st.lists(
    st.builds(
        lambda entity, start, length, score, by_field: Finding(
            entity, start, start + length, score, by_field
        ),
        st.sampled_from(["A", "B", "C"]),
        st.integers(0, 60),
        st.integers(1, 20),
        st.sampled_from([0.4, 0.7, 1.0]),
        st.booleans(),
    ),
    max_size=12,
)


@given(SPANS)
def test_settled_findings_are_sorted_apart_and_cover_the_same(findings):
    settled = settle(findings)
    assert all(a.end <= b.start for a, b in pairwise(settled))
    covered = {i for f in settled for i in range(f.start, f.end)}
    assert covered == {i for f in findings for i in range(f.start, f.end)}


def test_field_beats_score_beats_length():
    field = Finding("A", 0, 4, 0.1, by_field=True)
    sure, long = Finding("B", 2, 8, 0.9), Finding("C", 6, 20, 0.5)
    assert [(f.entity, f.start, f.end) for f in settle([long, sure, field])] == [
        ("A", 0, 4),
        ("B", 4, 8),
        ("C", 8, 20),
    ]


def test_one_type_overlapping_is_one_finding():
    assert settle([Finding("A", 0, 6, 0.5), Finding("A", 4, 9, 0.7)]) == [Finding("A", 0, 9, 0.7)]


def test_trimming_leaves_words():
    found = trimmed(" Ann,\n -- ", [Finding("A", 0, 6, 1.0), Finding("A", 6, 10, 1.0)])
    assert list(found) == [Finding("A", 1, 4, 1.0)]


def test_protected_spans_are_left_alone_and_shield_nothing_beside_them():
    findings = [Finding("A", 0, 3, 1.0), Finding("A", 5, 8, 1.0), Finding("A", 9, 12, 1.0)]
    left = unprotected(findings, [(4, 6), (9, 10), (10, 12)])
    assert [(f.start, f.end) for f in left] == [(0, 3), (6, 8)]
    assert [(f.start, f.end) for f in unprotected([Finding("A", 0, 9, 1.0)], [(3, 5)])] == [(0, 3), (5, 9)]


@given(st.text(alphabet="ab \n.", max_size=40), st.integers(0, 400), st.integers(801, 2_000))
def test_windows_cover_the_text(piece, times, size):
    text = piece * times
    every = list(windows(text, size))
    assert every[0].start == 0
    assert all(after.start <= before.end and after.end > before.end for before, after in pairwise(every))
    assert every[-1].end == len(text)
    assert all(len(window.of(text)) <= size for window in every)


def test_half_of_something_at_an_edge_is_left_to_the_next_window():
    first, last = windows("word " * 3_000)
    assert last.start < first.end
    shown = first.end - first.start
    halves = [
        Finding("A", 0, 3, 1.0),
        Finding("A", shown - 3, shown, 1.0),
        Finding("A", shown - 900, shown, 1.0),
    ]
    assert [f.end - f.start for f in first.placed(halves)] == [3, 900]  # a text's own begin is no edge
    assert [f.start for f in last.placed([Finding("A", 0, 3, 1.0), Finding("A", 5, 8, 1.0)])] == [
        last.start + 5
    ]
