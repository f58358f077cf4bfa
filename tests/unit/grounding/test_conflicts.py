"""Which statements contradict each other, and which are only about something else."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ragslm.grounding.conflicts import disagreeing
from ragslm.protocols import Unit
from ragslm.types import Passage

OLD, NEW = dt.date(2021, 5, 1), dt.date(2024, 3, 1)


def unit(
    label: str, text: str, *, document: str = "", title: str = "Policy", date: dt.date | None = OLD
) -> Unit:
    passage = Passage(
        id=int(label), document_id=document or label, uri="file:///d", title=title, page=None, section=None,
        text=text, start=0, end=len(text), date=date,
    )  # fmt: skip
    kind = "row" if " | " in text else "sentence"
    return Unit(label=label, text=text, passage=passage, start=0, end=len(text), kind=kind)  # type: ignore[arg-type]


def groups(first: Unit, second: Unit, question: str = "", **scopes: str) -> list[list[str]]:
    found = disagreeing(question, [first], [first, second], scopes)
    return [[member.label for member in group] for group in found]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # another number
        ("The fee for an outgoing wire is $30.", "The fee for an outgoing wire is $25."),
        # another unit of the same measure
        ("The starting dose of warfarin is 5 mg.", "The starting dose of warfarin is 0.01 g."),
        # one of two numbers
        ("Take 5 to 10 mg of warfarin daily.", "Take 5 to 15 mg of warfarin daily."),
        # a bound
        ("A basic checking account holds at least $500.", "A basic checking account holds at most $500."),
        # one says more
        ("The fee for an outgoing wire is $30.", "Since May 2021 the fee for an outgoing wire is $25."),
        # polarity
        (
            "Overdraft fees are charged on debit card purchases.",
            "Overdraft fees are not charged on debit card purchases.",
        ),
        # the opposite word
        (
            "Joint owners of savings accounts must accept the transfer form.",
            "Joint owners of savings accounts must reject the transfer form.",
        ),
        # two results, each with its day
        (
            "Hemoglobin [Mass/volume] in Blood: 15.5 g/dL (LOINC 718-7), 2018-09-17.",
            "Hemoglobin [Mass/volume] in Blood: 12.1 g/dL (LOINC 718-7), 2019-03-02.",
        ),
        # the same cell of two tables
        ("Outgoing wire | Fee: $30 | Limit: 5", "Outgoing wire | Fee: $25 | Limit: 5"),
        ("Hemoglobin | 15.5 g/dL", "Hemoglobin | 12.1 g/dL"),
    ],
)
def test_another_value_for_the_same_thing(one: str, other: str) -> None:
    assert groups(unit("1", one), unit("2", other, date=NEW)) == [["2", "1"]]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # the same value, written otherwise
        ("The dose of the tablet is 500 mg.", "The dose of the tablet is 0.5 g."),
        ("Net sales rose to $1,577 million overall.", "Net sales rose to $1.577 billion overall."),
        # rounded
        ("Net sales were $1,577 million overall.", "Net sales were $1.58 billion overall."),
        # another thing
        ("The fee for an outgoing wire is $30.", "The fee for an incoming wire is $15."),
        ("The starting dose of warfarin is 5 mg.", "The starting dose of apixaban is 10 mg."),
        # another person
        ("PERSON_7K3QXA takes 5 mg of warfarin.", "PERSON_8M4RYB takes 10 mg of warfarin."),
        # another unit
        ("The hold lasts 5 days for checks.", "The hold for checks covers $5,000."),
        # another year or quarter
        ("The ratio of capital was 12.1 % in 2018.", "The ratio of capital was 11.5 % in 2019."),
        ("The ratio was 12.1 % in Q1 2019 overall.", "The ratio was 11.5 % in Q2 2019 overall."),
        # a condition added, no number
        ("Aspirin is recommended for these patients.", "Aspirin is not recommended for pregnant patients."),
        # another column
        ("Net sales of tapes | 2018: 32,765", "Net sales of tapes | 2017: 31,657"),
        ("Expense in Q2 of 2018 | Total: $137", "Expense in Q2 of 2020 | Total: $58"),
        # another row
        ("Outgoing wire | Fee: $30", "Incoming wire | Fee: $15"),
        # a row and a sentence are not compared
        ("Outgoing wire | Fee: $30", "The outgoing wire fee is $25."),
        # too little said
        ("It costs $30.", "It costs $25."),
    ],
)
def test_something_else(one: str, other: str) -> None:
    assert groups(unit("1", one), unit("2", other, date=NEW)) == []


def test_one_document_does_not_contradict_itself() -> None:
    first = unit("1", "The fee for an outgoing wire is $30.", document="d")
    assert groups(first, unit("2", "The fee for an outgoing wire is $25.", document="d")) == []


def test_two_results_of_one_record_are_two_values() -> None:
    first = unit("1", "Hemoglobin in blood: 15.5 g/dL, 2018-09-17.", document="d")
    second = unit("2", "Hemoglobin in blood: 12.1 g/dL, 2019-03-02.", document="d")
    assert groups(first, second) == [["2", "1"]]
    assert groups(first, second, "What was the hemoglobin on 2018-09-17?") == []


def test_two_patients_never_meet() -> None:
    first, second = unit("1", "Hemoglobin in blood: 15.5 g/dL."), unit("2", "Hemoglobin in blood: 12.1 g/dL.")
    assert disagreeing("", [first], [first, second], {"1": "Patient/a", "2": "Patient/b"}) == []
    assert disagreeing("", [first], [first, second], {"1": "Patient/a", "2": "Patient/a"})


@pytest.mark.parametrize("text", ["Net sales | 2018: {}", "Our net sales of tapes were {} million."])
def test_two_issuers_never_meet(text: str) -> None:
    first = unit("1", text.format("32,765"), title="3M_2018_10K")
    assert groups(first, unit("2", text.format("9,319"), title="AMCOR_2018_10K")) == []
    assert groups(first, unit("2", text.format("31,004"), title="3M_2019_10K", date=NEW)) == [["2", "1"]]


def test_statements_of_two_sources_must_name_what_is_asked_about() -> None:
    first = unit("1", "The starting dose is 5 mg.", title="Warfarin")
    assert groups(first, unit("2", "The starting dose is 10 mg.", title="Apixaban"), "Warfarin dose") == []
    first = unit("1", "The starting dose of warfarin is 5 mg.", title="Warfarin")
    second = unit("2", "The starting dose of warfarin is 10 mg.", title="Anticoagulants")
    assert groups(first, second, "What is the starting dose of warfarin?") == [["1", "2"]]


def test_a_day_that_no_calendar_has_is_no_error() -> None:
    first = unit("1", "Hemoglobin in blood: 15.5 g/dL, February 30, 2020.")
    assert groups(first, unit("2", "Hemoglobin in blood: 12.1 g/dL, 2021-03-02.")) == [["2", "1"]]


def test_three_are_shown_and_no_more() -> None:
    units = [
        unit(str(i), f"The fee for an outgoing wire is ${20 + i}.", date=dt.date(2010 + i, 1, 1))
        for i in range(1, 6)
    ]
    assert [[member.label for member in group] for group in disagreeing("", units[:1], units, {})] == [
        ["3", "2", "1"]
    ]


WORDS = st.sampled_from(
    "the fee for a wire is not must $30 $25 5 mg 0.5 g at least 2018 Q2 2024-03-01 May | Fee: 3%".split()
)
TEXT = st.lists(WORDS, min_size=1, max_size=12).map(" ".join)


@given(one=TEXT, other=TEXT)
def test_who_contradicts_is_contradicted(one: str, other: str) -> None:
    first, second = unit("1", one), unit("2", other, date=NEW)
    both = [first, second]
    assert [set(g) for g in disagreeing("", [first], both, {})] == [
        set(g) for g in disagreeing("", [second], both, {})
    ]
    assert disagreeing("", [first], [first, unit("2", one)], {}) == []
