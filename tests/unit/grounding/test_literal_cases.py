"""The literal checks on hand-made claims: the same said otherwise passes, something else does not."""

import pytest

from ragslm.grounding.literal.compare import compare
from ragslm.grounding.reading.text import read
from tests.unit.grounding import banking_cases, medical_cases

SAME = [*banking_cases.SAME, *medical_cases.SAME]
OTHER = [*banking_cases.OTHER, *medical_cases.OTHER]


@pytest.mark.parametrize(("source", "claim", "why"), SAME)
def test_nothing_stands_against_the_same_said_otherwise(source, claim, why):
    assert compare(read(claim), read(source)).reasons == (), why


@pytest.mark.parametrize(("source", "claim", "why"), OTHER)
def test_something_else_is_not_let_through(source, claim, why):
    assert compare(read(claim), read(source)).reasons, why
