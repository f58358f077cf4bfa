import datetime as dt

import pytest

from ragslm.ingest.headers import header, searchable


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("3M 2018 10K", "3M 2018 10-K"),  # a form as people write it
        ("Pfizer 2023Q2 10Q", "Pfizer 2023 Q2 10-Q"),  # quarter and form
        ("AMCOR 2022 8K dated 2022-07-01", "AMCOR 2022 8-K dated 2022-07-01"),  # a date is left alone
        ("Form 10-k", "Form 10-K"),  # already written so
        ("A10K tablets", "A10K tablets"),  # no form inside a word
        ("40 kg", "40 kg"),  # no form
        ("a › b", "a > b"),  # our separator would end the title
    ],
)
def test_searchable(title, said):
    assert searchable(title) == said


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("T", None, None, None), "T"),  # nothing but a title
        (("T", "A › B", 3, dt.date(2024, 1, 31)), "T › A › B › page 3 · 2024-01-31"),  # everything
        (("T", "t › B", None, None), "T › B"),  # the title is not repeated
        (("T", None, 1, None, ["(Millions)\n", " "]), "T › page 1 · (Millions)"),  # context, no blank parts
        (("T", f"{'a' * 150} › {'b' * 50}", None, None), f"T › {'b' * 50}"),  # the end of a long path
    ],
)
def test_header(arguments, line):
    assert header(*arguments) == line
