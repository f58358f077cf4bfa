"""Offsets survive scrubbing in both directions."""

from hypothesis import given
from hypothesis import strategies as st

from ragslm._spans import OffsetMap, Replacement, apply, overlaps, put_back, shift, within


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


def test_types_of_what_was_put_back() -> None:
    before = "PERSON_7K3QXA called EMAIL_ADDRESS_AB12CD34, PERSON_AAAAAA."
    assert put_back(before, before) == set()
    assert put_back(before, "Eve called EMAIL_ADDRESS_AB12CD34, Ann.") == {"PERSON"}
    assert put_back(before, "Eve called e@x.org, Ann.") == {"PERSON", "EMAIL_ADDRESS"}


def test_within_and_shift() -> None:
    first, second = Replacement(0, 3, "A"), Replacement(5, 7, "B")
    assert within((first, second), 2, 5) == (first,)
    assert shift((second,), -5) == (Replacement(0, 2, "B"),)
