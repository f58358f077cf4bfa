import datetime as dt

import pytest

from ragslm_connectors._formats._pdf_about import about_of, date_on_cover, says_little


class Properties:
    def __init__(self, title: str) -> None:
        self.title = title

    def get_metadata_value(self, key: str) -> str:
        return self.title if key == "Title" else ""


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("Truth in Savings Handbook", "Truth in Savings Handbook"),  # a person wrote it
        ("Microsoft Word - Discharge letter", "Discharge letter"),  # the program's prefix
        ("0000064803-23-000009", None),  # an accession number
        ("report_final.docx", None),  # a file's name
        ("Untitled document", None),  # nobody's
        ("", None),  # none
    ],
)
def test_about_of(title: str, said: str | None) -> None:
    assert about_of(Properties(title)) == said


@pytest.mark.parametrize(
    ("name", "little"),
    [
        ("scan0001", True),
        ("0000064803-23-000009", True),
        ("", True),
        ("ACME 2022 10K", False),
        ("letter", False),
    ],
)
def test_says_little(name: str, little: bool) -> None:
    assert says_little(name) is little


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("ANNUAL REPORT\nFor the fiscal year ended December 31, 2022", dt.date(2022, 12, 31)),  # a year
        ("For the quarterly period ended July 2,\n2023", dt.date(2023, 7, 2)),  # a quarter, over a line's end
        ("Date of Report (Date of earliest event reported): July 1, 2022", dt.date(2022, 7, 1)),  # an event
        ("Effective date: March 3, 2024", dt.date(2024, 3, 3)),  # a policy
        ("For the year ended February 30, 2022", None),  # no day of the calendar
        ("The building dates from May 3, 1950", None),  # another date
    ],
)
def test_date_on_cover(text: str, day: dt.date | None) -> None:
    assert date_on_cover(text) == day
