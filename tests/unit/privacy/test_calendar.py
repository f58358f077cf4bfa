"""Dates are read whatever their form, and written back in it."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ragslm.privacy import calendar

TODAY = dt.date(2026, 11, 21)
PI_DAY = dt.date(2021, 3, 14)

FORMS = [
    ("2021-03-14", "2020-12-31"),  # ISO 8601
    ("2021/3/14", "2020/12/31"),  # without padding
    ("2021-03-14T09:30:00+00:00", "2020-12-31T09:30:00+00:00"),  # a time stays
    ("2021-03-14 09:30:15.250 Z", "2020-12-31 09:30:15.250 Z"),  # seconds and their parts
    ("14 March 2021, 9:30 p.m.", "31 December 2020, 9:30 p.m."),  # by the clock
    ("14.03.2021 09.30 UTC", "31.12.2020 09.30 UTC"),  # German, with its zone
    ("20210314", "20201231"),  # basic form, DICOM DA
    ("20210314093000+0000", "20201231093000+0000"),  # HL7 TS
    ("202103140930", "202012310930"),  # HL7, to the minute
    ("03/14/2021", "12/31/2020"),  # American
    ("03/14/2021 09:30", "12/31/2020 09:30"),  # with a time
    ("3-14-21", "12-31-20"),  # short
    ("14.03.2021", "31.12.2020"),  # European, by its 14
    ("14 March 2021", "31 December 2020"),  # in words
    ("14 Mar 2021", "31 Dec 2020"),  # shortened
    ("14MAR2021", "31DEC2020"),  # military
    ("14-Mar-21", "31-Dec-20"),  # laboratory
    ("14th March, 2021", "31st December, 2020"),  # ordinal
    ("14th of march 2021", "31st of december 2020"),  # small letters
    ("March 14, 2021", "December 31, 2020"),  # American, in words
    ("MARCH 14TH, 2021", "DECEMBER 31st, 2020"),  # capitals
    ("Mar. 14, 2021", "Dec. 31, 2020"),  # with a full stop
    ("210314", "201231"),  # MT940
    ("20210314T093000Z", "20201231T093000Z"),  # ISO basic form
    ("14/Mar/2021:10:00:00 +0000", "31/Dec/2020:10:00:00 +0000"),  # a log
]


@pytest.mark.parametrize(("written", "other"), FORMS)
def test_a_day_is_read_and_another_is_written_in_its_form(written, other):
    found = calendar.read(written, TODAY)
    assert found is not None
    assert found.day == PI_DAY
    assert found.on(dt.date(2020, 12, 31)) == other
    assert found.on(PI_DAY).lower() == written.lower()


@pytest.mark.parametrize(
    "text",
    [
        "",  # nothing
        "2021-02-30",  # no such day
        "99/99/9999",  # no such anything
        "14 Marble 2021",  # no such month
        "POD 3",  # a day after an operation
        "E11.9",  # a diagnosis
        "2021",  # a year alone
        "March 2021",  # a month alone
        "905-674-3793",  # a telephone number
        "10.0.0.1",  # an address
        "the 14 March 2021",  # more than a date
        "2021-03-14 10:30 John Smith SSN 460-89-9847",  # more than a time behind it
        "14 March 2021, 9:30 ward 3",
    ],
)
def test_no_day(text):
    assert calendar.read(text, TODAY) is None


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("March 2021", 2021),  # a month
        ("2021-03", 2021),  # FHIR, to the month
        ("202103", 2021),  # HL7, to the month
        ("2021", 2021),  # a year
        ("born in 1931", 1931),  # words around it
        ("1931-1932", None),  # two
        ("yesterday", None),  # none
        ("03/14/31", 1931),  # of two digits: not in the future
        ("03/14/26", 2026),  # this year
    ],
)
def test_years(text, year):
    assert calendar.year(text, TODAY) == year


@given(
    st.dates(dt.date(1700, 1, 1), dt.date(2030, 1, 1)),
    st.sampled_from(["%Y-%m-%d", "%Y%m%d", "%d %B %Y", "%B %d, %Y", "%d%b%Y", "%m/%d/%Y", "%Y-%m-%dT%H:%M"]),
)
def test_every_day_comes_back_and_moves_by_what_it_is_moved(day, form):
    text = day.strftime(form)
    found = calendar.read(text, TODAY)
    assert found is not None
    assert found.day == day
    assert found.on(day) == text
    earlier = calendar.read(found.on(day - dt.timedelta(days=100)), TODAY)
    assert earlier is not None
    assert day - earlier.day == dt.timedelta(days=100)


@given(st.text(max_size=40))
def test_any_text_is_read_or_not(text):
    found = calendar.read(text, TODAY)
    if found is not None:
        assert calendar.read(found.on(PI_DAY), TODAY) is not None
