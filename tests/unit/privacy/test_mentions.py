"""Later mentions of a person; words that a surname shares with the language stay."""

import pytest

from ragslm.privacy.mentions import mentions


@pytest.mark.parametrize(
    ("people", "text", "expected"),
    [
        (["Albert Bourla"], "Dr. Bourla, and BOURLA", ["Bourla", "BOURLA"]),  # surname, in capitals
        (["Doe, John"], "John Doe came", ["John Doe"]),  # turned back
        (["Larry Price"], "met with Price. Price said so.", ["Price", "Price"]),  # a word used as a name
        (["Larry Price"], "the Price range, PRICE and Price per share", []),  # a word used as a word
        (["Scott Property"], "Property, plant and equipment", []),  # a heading
        (["Carolina"], "North Carolina", []),  # a place
        (["Larry CVS"], "CVS Health", []),  # a firm in capitals
    ],
)
def test_mentions(people, text, expected):
    assert [text[found.start : found.end] for found in mentions(text, people)] == expected
