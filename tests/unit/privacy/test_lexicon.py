"""Terms and firms called after people are told from people by the words they stand among."""

import re
from importlib.resources import files

import pytest

from ragslm.privacy import lexicon


@pytest.mark.parametrize(
    ("text", "part", "named_after"),
    [
        ("Adson's forceps were used.", "Adson", True),
        ("ADSON’S FORCEPS were used.", "ADSON", True),  # capitals, another apostrophe
        ("Two Adson forceps lay there.", "Adson", True),  # without the possessive
        ("the Blalock-Taussig shunts", "Blalock", True),  # one of two, in the plural
        ("the Blalock-\nTaussig shunt", "Blalock-\nTaussig", True),  # over a line's end
        ("Mr. Adson used forceps.", "Adson", False),  # words between
        ("Adson .... forceps", "Adson", False),  # signs between
        ("Adson", "Adson", False),  # half a term
    ],
)
def test_is_named_after(text: str, part: str, named_after: bool) -> None:
    start = text.index(part)
    assert lexicon.is_named_after(text, start, start + len(part)) is named_after


def test_no_medicine_is_a_name_of_the_cultures_the_finder_was_taught() -> None:
    names = (files("ragslm.specialise.notes") / "data" / "names.txt").read_text(encoding="utf-8")
    assert not lexicon.medicines() & {name.lower() for name in re.findall(r"[^\W\d_]{4,}", names)}
