import datetime as dt

import pytest

from ragslm.ingest.atoms import Atom
from ragslm.ingest.headers import contexts, header, searchable


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


def above(*lines: tuple[str, str]) -> list[list[str]]:
    """Context of every row but a table's first; lines are `(kind, text)`."""
    text, found = "", []
    for kind, line in lines:
        found.append(Atom(len(text), len(text) + len(line), kind, 0, 0))
        text += line + "\n"
    return [[text[a:b] for a, b in spans] for spans in contexts(text, found).values()]


def test_a_unit_line_above_the_column_headings_is_repeated():
    """Lines that the rows repeat as headings are no caption."""
    lines = [("paragraph", "($ million)"), ("paragraph", "June 30, 2022"), ("paragraph", "June 30, 2021")]
    rows = [("row", f"{name} | June 30, 2022: 1 | June 30, 2021: 2") for name in ("Cash", "Debt")]
    assert above(*lines, *rows) == [["($ million)"]]


def test_a_group_ends_with_its_total():
    rows = [
        "(Millions) | 2022 | 2021",
        "Inventories",
        "Goods | 2022: 1",
        "Total inventories | 2022: 1",
        "Goodwill | 2022: 2",
    ]
    found = above(*(("row", row) for row in rows))
    assert found[1:] == [["(Millions) | 2022 | 2021", "Inventories"]] * 2 + [["(Millions) | 2022 | 2021"]]
