"""Offsets survive scrubbing in both directions."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from ragslm._spans import OffsetMap, Overlapping, Replacement, apply, overlaps, shift, within


@st.composite
def texts_with_replacements(draw: st.DrawFn) -> tuple[str, tuple[Replacement, ...]]:
    text = draw(st.text(alphabet="abcdefgh ", min_size=1, max_size=60))
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=8)))
    spans = list(zip(cuts[::2], cuts[1::2], strict=False))
    return text, tuple(
        Replacement(a, b, draw(st.text(alphabet="XYZ", min_size=1, max_size=5))) for a, b in spans
    )


@given(texts_with_replacements(), st.data())
def test_a_span_outside_replacements_maps_there_and_back(
    case: tuple[str, tuple[Replacement, ...]], data: st.DataObject
) -> None:
    text, replacements = case
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    offsets = OffsetMap(replacements)
    new_start, new_end = offsets.to_scrubbed(start, end)
    back_start, back_end = offsets.to_original(new_start, new_end)
    assert back_start <= start
    assert back_end >= end
    if not any(overlaps(start, end, r.start, r.end) for r in replacements):
        assert apply(text, replacements)[new_start:new_end] == text[start:end]
        assert (back_start, back_end) == (start, end)


def test_within_and_shift() -> None:
    first, second = Replacement(0, 3, "A"), Replacement(5, 7, "B")
    assert within((first, second), 2, 5) == (first,)
    assert shift((second,), -5) == (Replacement(0, 2, "B"),)


def test_overlapping_finds_what_a_look_at_all_finds() -> None:
    random = Random(3)
    spans = [(at, at + random.randrange(12)) for at in (random.randrange(100) for _ in range(60))]
    every = Overlapping(spans, lambda span: span)
    for start in range(100):
        for end in (start + 1, start + 9):
            assert sorted(every.found(start, end)) == sorted(s for s in spans if overlaps(*s, start, end))
