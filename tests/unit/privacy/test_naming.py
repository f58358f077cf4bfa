"""What can be the name of a person where it stands."""

import pytest

from ragslm.privacy.naming import is_possible


@pytest.mark.parametrize(
    ("value", "possible"),
    [
        ("KPN Digitenne", False),
        ("BMW Contract", False),
        ("VLK Petr", True),  # a surname without a vowel
        ("KPN Bertram", True),  # a given name
        ("JR Digitenne", True),  # initials
        ("KRČMÁŘ BRZÁK", True),  # all in capitals
    ],
)
def test_an_abbreviation_before_a_word_in_no_list_of_names_is_a_firm(value, possible):
    text = f"It was paid to {value} in May."
    at = text.index(value)
    assert is_possible(text, at, at + len(value)) is possible
