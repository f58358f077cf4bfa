"""What stands on the button of a source."""

import dataclasses
import datetime as dt

import pytest

from ragslm.types import Citation
from ragslm_ui.answer import dated, place_words

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


def test_dates_of_a_source() -> None:
    cited = Citation(
        label="1", passage_id=1, document_id="d", uri="u", title="t", page=None, section=None, start=0, end=1,
        quote="q", date=dt.date(2021, 5, 1), superseded=dt.date(2024, 3, 1),
    )  # fmt: skip
    assert dated(cited) == " · 2021-05-01 · superseded by the version of 2024-03-01"
    assert dated(dataclasses.replace(cited, superseded=None)) == " · 2021-05-01"
    assert dated(dataclasses.replace(cited, date=None, superseded=None)) == ""
