"""A person the workspace knows is found however the question writes the name."""

from collections.abc import Collection

import pytest

from ragslm.privacy import gazetteer
from ragslm.privacy.known_names import JOINING, LONGEST_TEXT, known_names
from ragslm.privacy.vault import normalise

KNOWN = {"clemente kreiger", "ana maria de souza", "seán o'brien"}


def known(names: Collection[str]) -> set[str]:
    return {name for name in names if normalise("PERSON", name) in KNOWN}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("What was Clemente Kreiger's body mass index?", ["Clemente Kreiger"]),  # as written
        ("what was clemente kreiger's bmi", ["clemente kreiger"]),  # small letters
        ("CLEMENTE KREIGER'S BMI", ["CLEMENTE KREIGER"]),  # capitals
        ("bmi of Kreiger, Clemente?", ["Kreiger, Clemente"]),  # surname first
        ("ana  maria de\nsouza had it", ["ana  maria de\nsouza"]),  # four words, odd blanks
        ("seán o'brien's card", ["seán o'brien"]),  # an apostrophe inside
        ("clemente kreiger and seán o'brien", ["clemente kreiger", "seán o'brien"]),  # two in one text
        ("clemente. kreiger; clemente - kreiger", []),  # other signs between
        ("clemente", []),  # half a name
        ("", []),  # nothing
        (" clemente kreiger" * LONGEST_TEXT, []),  # a document, which has its recognisers
    ],
)
def test_known_names(text: str, found: list[str]) -> None:
    [own] = known_names([text], known)
    assert [text[f.start : f.end] for f in own] == found


def test_every_text_has_its_own() -> None:
    first, none, last = known_names(["clemente kreiger", "nobody here", "bmi of clemente kreiger"], known)
    assert [(f.start, f.end) for f in (*first, *none, *last)] == [(0, 16), (7, 23)]


def test_no_joining_word_is_a_name() -> None:
    assert not [word for word in JOINING if gazetteer.is_given(word) or gazetteer.is_surname(word)]


def test_a_name_seen_once_is_the_same_pseudonym_in_small_letters(scrubber, vault) -> None:
    token = vault.pseudonym("PERSON", "Clemente Kreiger")
    assert scrubber.scrub("what was clemente kreiger's bmi").text == f"what was {token}'s bmi"


def test_what_a_user_types_does_not_change_what_others_read(scrubber, vault) -> None:
    scrubber.scrub("Mr. Alaris Pump, RN. MRN: 88447103", lasting=False)
    assert scrubber.scrub("the alaris pump is checked").text == "the alaris pump is checked"
    assert scrubber.scrub("protocol 88447103").text == "protocol 88447103"
    scrubber.scrub("Mr. Clemente Kreiger, RN")
    assert "PERSON_" in scrubber.scrub("what was clemente kreiger's bmi").text
