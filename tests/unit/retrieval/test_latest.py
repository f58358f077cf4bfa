"""The last and the first of several records of one kind."""

import datetime as dt

import pytest

from ragslm.retrieval.latest import asks_order, in_order
from ragslm.types import Hit, Passage


def hit(score, text, section=None, date=None):
    return Hit(
        score,
        Passage(
            id=int(score * 1000), document_id="d", uri="u", title="t", page=None, section=section,
            text=text, start=0, end=1, date=date,
        ),
    )  # fmt: skip


HITS = [
    hit(0.9, "Creatinine: 1.1 mg/dL, 2023-05-01.", "Observation › Creatinine › 2023-05-01"),
    hit(0.8, "Creatinine: 1.9 mg/dL, 2024-03-02.", "Observation › Creatinine › 2024-03-02"),
    hit(0.7, "Hemoglobin: 9.1 g/dL, 2025-01-01.", "Observation › Hemoglobin › 2025-01-01"),
    hit(0.6, "Creatinine: 1.4 mg/dL, 2021-01-09.", "Observation › Creatinine › 2021-01-09"),
]


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("What was the last creatinine?", True),  # one of several
        ("Which is the most recent blood pressure?", True),  # in two words
        ("Which prescription was the earliest?", True),  # the other end
        ("How did sales do in the last year?", False),  # a span
        ("Which fee is due in the first two months?", False),  # a span in words
        ("What is the patient's first name?", False),  # a name
        ("What was the creatinine?", False),  # no end
        ("Is the lasting effect known?", False),  # another word
    ],
)
def test_what_asks_for_an_end(question, asks):
    assert asks_order(question) is asks


def days(hits):
    return [found.passage.text[-11:-1] for found in hits]


def test_the_last_comes_first_among_those_of_its_kind():
    found = in_order("What was the last creatinine?", HITS)
    assert days(found) == ["2024-03-02", "2023-05-01", "2025-01-01", "2021-01-09"]
    assert [one.score for one in found] == [one.score for one in HITS]


def test_the_first_comes_first():
    found = in_order("What was the first creatinine?", HITS)
    assert days(found) == ["2021-01-09", "2023-05-01", "2025-01-01", "2024-03-02"]


def test_entries_that_begin_with_their_day_are_told_apart_by_what_follows():
    entries = [
        hit(0.9, "2024-05-01: debit of 5.00 EUR", "Statement › line 2"),
        hit(0.8, "2024-05-09: credit of 7.00 EUR", "Statement › line 3"),
        hit(0.7, "2024-05-07: debit of 9.00 EUR", "Statement › line 4"),
    ]
    found = in_order("How much was the last debit?", entries)
    assert [one.passage.text[:10] for one in found] == ["2024-05-07", "2024-05-09", "2024-05-01"]


def test_the_day_of_the_document_counts_where_the_record_has_none():
    notes = [hit(0.9, "Weight kg", date=dt.date(2020, 1, 1)), hit(0.8, "Weight kg", date=dt.date(2024, 1, 1)),
             hit(0.7, "Weight kg")]  # fmt: skip
    assert [one.passage.date for one in in_order("latest weight", notes)] == [
        dt.date(2024, 1, 1), dt.date(2020, 1, 1), None
    ]  # fmt: skip


def test_what_begins_with_a_bare_number_is_of_no_kind():
    rows = [hit(0.9, "1,577 | 1,600", "Note 3"), hit(0.8, "2024-01-01", "Note 3"), hit(0.7, "7", "Note 3")]
    assert in_order("latest capital expenditure", rows) == rows


def test_nothing_found_stays_nothing():
    assert in_order("last creatinine", []) == []
