"""The last and the first of several records of one kind."""

import datetime as dt

import pytest

from ragslm.retrieval import latest
from ragslm.retrieval.latest import asks_order
from ragslm.types import Hit, Passage


def hit(score, text, section=None, date=None, document="d", start=0):
    return Hit(
        score,
        Passage(
            id=int(score * 1000), document_id=document, uri="u", title="t", page=None, section=section,
            text=text, start=start, end=start + 1, date=date,
        ),
    )  # fmt: skip


def in_order(question, hits):
    return [hits[place] for place in latest.in_order(question, [one.passage for one in hits])]


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
        ("When was the blood pressure last taken?", True),  # an adverb
        ("How long did the last infusion take?", True),  # one of several, though it asks how long
        ("What were sales in the first half of 2022?", False),  # a part of a year
        ("What was the last creatinine in 2023?", False),  # the period says which
        ("How did sales grow over the last five years?", False),  # a span in words
        ("What was net income in the last fiscal year?", False),  # a year
        ("What are the last four digits of the card?", False),  # a part of a number
        ("What is the first-line treatment of asthma?", False),  # a term
        ("What is first aid for a burn?", False),  # a term
        ("Who owns First Republic Bank?", False),  # a name
        ("By when at the latest must a customer be notified?", False),  # a limit
        ("How long did the fever last?", False),  # a verb
        ("How long will the effect last after a dose?", False),  # a verb inside
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


ANN, BEN = "PERSON_A1B2C3", "PERSON_7TQ2XK"


def test_results_of_others_keep_their_places():
    hers = hit(0.95, f"Creatinine: 1.1 mg/dL, {ANN}, 2021-05-01.", document="ann")
    later = hit(0.5, f"Creatinine: 1.2 mg/dL, {ANN}, 2023-05-01.", document="ann")
    his = [
        hit(0.9 - i / 100, f"Creatinine: {i}.0 mg/dL, {BEN}, 2024-03-{i:02}.", document=f"b{i}")
        for i in range(2, 21)
    ]
    found = in_order(f"What was the last creatinine of {ANN}?", [hers, *his, later])
    assert [one.passage for one in found] == [one.passage for one in (later, *his, hers)]


def test_the_best_result_of_the_person_asked_tells_the_kind():
    his = hit(0.9, f"Haemoglobin: 9 g/dL, {BEN}, 2024-03-01.", document="ben")
    hers = [hit(0.8 - i / 10, f"Creatinine: {ANN}, 202{i}-03-01.", document=f"a{i}") for i in range(3)]
    found = in_order(f"What was the last creatinine of {ANN}?", [his, *hers])
    assert [one.passage for one in found] == [one.passage for one in (his, *hers[::-1])]


def test_a_table_of_several_persons_is_not_hers():
    rows = [
        hit(0.9, f"Creatinine of {ANN}: 2020-01-01", document="t"),
        hit(0.8, f"Creatinine of {BEN}: 2024-01-01", document="t"),
    ]
    assert in_order(f"last creatinine of {ANN}", rows) == rows


def test_where_nobody_is_asked_about_one_document_is_ordered():
    entries = [hit(0.9, "Creatinine: 2020-01-01"), hit(0.8, "Creatinine: 2024-01-01", document="other")]
    assert in_order("What was the last creatinine?", entries) == entries


def test_neither_a_heading_above_the_first_record_nor_its_mark_makes_it_another_kind():
    records = [
        hit(
            0.9,
            "RESULTS\n\nHb: 9.1 g/dL, 2023-05-01.\nTest: Hb | 9.1",
            "RESULTS (LOINC 1-8) › Entry 1, text #a7f",
        ),
        hit(0.8, "Hb: 10.2 g/dL, 2024-03-02.", "RESULTS (LOINC 1-8) › Entry 2, text #b9c"),
    ]
    assert in_order("What was the last hemoglobin?", records) == records[::-1]


def test_of_one_day_the_time_tells_and_then_the_place_in_the_document():
    second, first = hit(0.9, "Transfer, 2023-03-12.", start=2), hit(0.8, "Transfer, 2023-03-12.", start=1)
    evening = hit(0.7, "Transfer, 2023-03-12 18:05.", start=0)
    assert in_order("Which was the first transfer?", [second, first, evening]) == [first, second, evening]
    assert in_order("Which was the last transfer?", [second, first, evening]) == [evening, second, first]
