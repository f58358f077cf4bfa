"""A rule looks for its pattern only in texts that could hold a value."""

import re

import pytest

from ragslm.privacy.recogniser import Rule, forget, most_digits


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("", 0),
        ("no number", 0),
        ("in 2024", 4),
        ("+1 (212) 555-0100", 11),  # signs between
        ("4111_1111 / 1111\n1111", 16),  # other signs, a line's end
        ("12 apples and 345 pears", 3),  # words part numbers
        ("٤١١١ ١١١١", 8),  # digits of any script
    ],
)
def test_most_digits(text: str, digits: int) -> None:
    assert most_digits(text) == digits


def test_a_rule_passes_over_what_cannot_hold_its_value() -> None:
    nine = Rule(pattern=re.compile(r"\d{3}-\d{2}-\d{4}"), score=1.0, digits=9)
    assert list(nine.find("SSN 460-89-9847")) == [(4, 15)]
    assert list(nine.find("Room 460-89")) == []
    said = Rule(pattern=re.compile(r"[A-Z]+"), score=1.0, needs=("plate",))
    assert list(said.find("Plate: ABC")) == [(0, 1), (7, 10)]
    assert list(said.find("ABC")) == []


def test_nothing_of_a_text_is_kept() -> None:
    most_digits("a text with 12345")
    assert most_digits.cache_info().currsize
    forget()
    assert not most_digits.cache_info().currsize
