"""What stands on the button of a source."""

import pytest

from ragslm_ui.answer import place_words

TABLE = [
    # title, page, section, expected
    ("Reg DD", 7, "Part 1030 › D. Tiered-Rate Accounts", "Reg DD · page 7 · D. Tiered-Rate Accounts"),
    # no pages
    ("Guideline", None, "Treatment", "Guideline · Treatment"),
    # the heading repeats the title
    ("Guideline", None, "Guideline", "Guideline"),
    # a heading that says little
    ("Record", None, "Observation › Body Mass Index › 2018-09-17", "Record · Body Mass Index, 2018-09-17"),
    # nothing but a title
    ("Guideline", None, None, "Guideline"),
]


@pytest.mark.parametrize(("title", "page", "section", "expected"), TABLE)
def test_place(title: str, page: int | None, section: str | None, expected: str) -> None:
    assert place_words(title, page, section) == expected


def test_long_titles_are_cut() -> None:
    assert len(place_words("x" * 200, None, "y" * 200)) < 170
