"""Changed sentences come in pairs that tell nothing by themselves."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ragslm.specialise.edits import KINDS, Maker, examples, page_of, reworded

TEXT = (
    "The bank must notify Miller within 10 business days after May 4, 2018. "
    "Net sales of Acme increased by 12 percent to 340 million dollars in 2019. "
    "Some patients may not take more than 500 mg of warfarin in the first year. "
    "The survey of Hopkins was sent to 1,250 people before June 3, 2017, and it was not returned by all. "
    "Children in Norway often develop a rash that is treated with 20 mg of aspirin daily."
)
OTHER = (
    "Credit unions in Texas are required to keep records for at least 25 months. "
    "The fee that Baxter charges is 3 dollars, and the account was closed in 2012 by Morgan."
)


def maker(seed: int) -> Maker:
    pages = [page for text in (TEXT, OTHER) if (page := page_of("made up", text))]
    return Maker(pages, Random(seed))


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_change_finds_a_sentence(kind: str) -> None:
    page = page_of("made up", TEXT)
    assert page is not None
    found = [changed for seed in range(40) if (changed := maker(seed).changed(kind, page))]
    assert found
    for changed in found:
        assert changed.kind == kind
        assert changed.before != changed.after


@given(st.integers(0, 10_000), st.sampled_from(list(KINDS)))
def test_each_claim_is_true_of_one_passage_and_false_of_the_other(seed: int, kind: str) -> None:
    page = page_of("made up", TEXT)
    assert page is not None
    changed = maker(seed).changed(kind, page)
    if changed is None:
        return
    labels: dict[str, set[bool]] = {}
    for draw in range(20):
        for claim, counterpart, passage, supported in examples(changed, Random(draw)):
            assert {claim, counterpart} == {changed.before, changed.after}
            assert supported == ((claim == changed.before) == (passage == changed.passage))
            labels.setdefault(claim, set()).add(supported)
    assert all(found == {True, False} for found in labels.values())


@given(st.integers(0, 10_000))
def test_neighbours_keep_their_own_surroundings(seed: int) -> None:
    page = page_of("made up", TEXT)
    assert page is not None
    changed = maker(seed).neighbours(page)
    assert changed is None or changed.kind == "off-topic"


@given(st.text(max_size=200), st.integers(0, 100))
def test_any_text_can_be_reworded(text: str, seed: int) -> None:
    assert reworded(text, Random(seed)) == reworded(text, Random(seed))


def test_a_text_of_one_sentence_is_no_page() -> None:
    assert page_of("made up", "One sentence that stands alone here.") is None
