"""Whatever the text, every recogniser stays inside it and comes to an end."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ragslm.evaluate.identifiers.hostile import ENDS, LEAVING, PIECES
from ragslm.privacy.recognisers import build
from ragslm.registry import load_domain

RECOGNISERS = [
    *(one for one in build() if hasattr(one, "find")),
    *(one for domain in ("medical", "banking") for one in load_domain(domain).recognisers()),
]
_CHARACTERS = st.text(
    st.one_of(st.sampled_from("0123456789 -./:()^=AbZ@é٤\n\u200b\u00a0"), st.characters()), max_size=120
)


@given(_CHARACTERS)
def test_findings_lie_in_the_text_and_hold_something(text):
    for recogniser in RECOGNISERS:
        for start, end, score in recogniser.find(text):
            assert 0 <= start < end <= len(text)
            assert 0 < score <= 1


@pytest.mark.timeout(120)  # linear code needs about a second; a quadratic pattern does not come to its end
@pytest.mark.parametrize("recogniser", RECOGNISERS, ids=lambda one: one.entity)
def test_hostile_repetitions_end(recogniser):
    for piece in PIECES[::3]:
        for _ in recogniser.find((piece * 100_000)[:100_000] + "ab"):
            pass


@pytest.mark.timeout(60)  # quadratic code needs minutes
@pytest.mark.parametrize("step", LEAVING, ids=lambda one: one.name)
def test_what_leaves_is_read_to_its_end_however_hostile(step):
    for piece, end in product(PIECES, ENDS):
        for _ in step.find((piece * 40_000)[:40_000] + end):
            pass
