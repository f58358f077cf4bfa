"""Pseudonyms in a text, also where two touch."""

import pytest

from ragslm._persons import persons
from ragslm._pseudonyms import PSEUDONYM, put_back


def test_types_of_what_was_put_back() -> None:
    before = "PERSON_7K3QXA called EMAIL_ADDRESS_AB12CD34, PERSON_AAAAAA."
    assert put_back(before, before) == set()
    assert put_back(before, "Eve called EMAIL_ADDRESS_AB12CD34, Ann.") == {"PERSON"}
    assert put_back(before, "Eve called e@x.org, Ann.") == {"PERSON", "EMAIL_ADDRESS"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("PERSON_7K3QXA, IBAN_CODE_MHX3S8.", ["PERSON_7K3QXA", "IBAN_CODE_MHX3S8"]),
        ("PERSON_7K3QXAEMAIL_ADDRESS_8M4RZB", ["PERSON_7K3QXA", "EMAIL_ADDRESS_8M4RZB"]),
        ("PERSON_7K3QXAPERSON_8M4RZBMRN_8M4RZB", ["PERSON_7K3QXA", "PERSON_8M4RZB", "MRN_8M4RZB"]),
        ("PERSON_7K3QXABCDE", ["PERSON_7K3QXABCDE"]),  # a longer code
        ("PERSON_7K3QXA's, PERSON_7K3QXAs", ["PERSON_7K3QXA"]),
        ("xPERSON_7K3QXA, PERSON_7K3Q, PERSON_7K3QOI", []),
    ],
)
def test_pseudonyms(text: str, found: list[str]) -> None:
    assert PSEUDONYM.findall(text) == found


def test_touching_ones_are_told_apart() -> None:
    text = "PERSON_7K3QXAEMAIL_ADDRESS_8M4RZB"
    assert put_back(text, "Eve") == {"PERSON", "EMAIL_ADDRESS"}
    assert persons(text) == ["PERSON_7K3QXA"]


@pytest.mark.timeout(20)  # quadratic code needs minutes
@pytest.mark.parametrize("piece", ["A_", "A_AAAAAA", "PERSON_7K3QXA", "A", "_", "A_AAAAAAAAAAA", "A_000000a"])
def test_hostile_repetitions_end(piece: str) -> None:
    PSEUDONYM.findall((piece * 200_000)[:200_000])
