from decimal import Decimal

import pytest

from ragslm.grounding.reading.dates import dates
from ragslm.grounding.reading.numbers import numbers

ROWS = [
    ("1,577 million", "1577000000", None),  # scale
    ("$1.577 billion", "1577000000", "usd"),  # currency and scale
    ("500 mg", "500", "mass"),
    ("0.5 g", "500", "mass"),  # same amount
    ("12 %", "12", "percent"),
    ("12 percent", "12", "percent"),
    ("twelve patients", "12", None),  # number word
    ("twenty-five years", "300", "calendar"),  # compound, in months
    ("-3.5 points", "-3.5", None),  # sign
    ("5 mg/dl", "0.05", "mass/volume"),  # compound unit
    ("2 weeks", "1209600", "time"),
    ("a 10-day period", "864000", "time"),
]


@pytest.mark.parametrize(("text", "value", "unit"), ROWS)
def test_number(text, value, unit):
    (number,) = numbers(text)
    assert (number.value, number.unit) == (Decimal(value), unit)


@pytest.mark.parametrize(
    "text", ["COVID-19", "vitamin B12", "T4", "PERSON_7K3QXA", "CYP2C9", "January 5, 2018", "one of them"]
)
def test_no_number(text):
    assert numbers(text) == []


def test_range_shares_its_unit():
    assert [(n.value, n.unit) for n in numbers("5 to 10 mg")] == [(5, "mass"), (10, "mass")]


@pytest.mark.parametrize(
    ("text", "comparator"),
    [
        ("at least 18 years", "at least"),
        ("18 years or older", "at least"),
        ("up to 30 days", "at most"),
        ("more than $500", "more than"),
        ("below 5 mg", "less than"),
        ("about 5 mg", None),
        (">= 5 mg", "at least"),
    ],
)
def test_comparator(text, comparator):
    assert numbers(text)[0].comparator == comparator


@pytest.mark.parametrize(
    "text", ["2018-01-05", "January 5, 2018", "5 January 2018", "Jan. 5, 2018", "5th of January 2018"]
)
def test_one_date_in_many_forms(text):
    (date,) = dates(text)
    assert (date.year, date.month, date.day) == (2018, 1, 5)


@pytest.mark.parametrize("text", ["Q1 2018", "first quarter of 2018", "the first quarter of fiscal 2018"])
def test_quarters(text):
    (date,) = dates(text)
    assert (date.year, date.quarter) == (2018, 1)


def test_a_date_says_less_precise_ones():
    (full,), (month,), (other,) = dates("January 5, 2018"), dates("January 2018"), dates("February 2018")
    assert full.says(month)
    assert not month.says(full)
    assert not full.says(other)


def test_ambiguous_dates_match_only_themselves():
    (one,), (other,) = dates("01/05/2018"), dates("05/01/2018")
    assert one.says(one)
    assert not one.says(other)
