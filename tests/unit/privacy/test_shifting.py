"""Dates move back together for one subject, and neither sealing nor offsets suffer from it."""

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ragslm._spans import OffsetMap, Replacement, apply
from ragslm.privacy.vault import Vault
from ragslm.types import LabelledField

ADMITTED, DISCHARGED = dt.date(2021, 3, 1), dt.date(2021, 3, 14)
NOTE = f"In {ADMITTED:%Y-%m-%d}, out {DISCHARGED:%d %B %Y}."
FIELDS = [LabelledField(3, 13, "DATE", "in"), LabelledField(19, 32, "DATE", "out")]


@pytest.fixture
def moving(make_scrubber):
    return make_scrubber(DATE="shift", DATE_OF_BIRTH="shift")


def moved(text):
    first, last = text.removeprefix("In ").removesuffix(".").split(", out ")
    return dt.date.fromisoformat(first), dt.datetime.strptime(last, "%d %B %Y").date()


def test_intervals_stay_and_the_days_go(moving):
    first, last = moved(moving.scrub(NOTE, FIELDS, subject="mrn-1").text)
    assert last - first == DISCHARGED - ADMITTED
    assert 1 <= (ADMITTED - first).days <= 364


def test_one_subject_one_offset_in_every_text(moving):
    one, other = moving.scrub_many([NOTE, NOTE], [FIELDS, FIELDS], ["mrn-1", "mrn-1"])
    assert one == other


def test_without_a_subject_the_year_is_left(moving):
    assert moving.scrub(NOTE, FIELDS).text == "In 2021, out 2021."


def test_what_is_no_whole_day_is_told_by_its_year(moving):
    assert moving.scrub("In March 2021", [LabelledField(3, 13, "DATE", "in")], subject="s").text == "In 2021"


@given(st.text(), st.binary(min_size=32, max_size=32))
def test_no_subject_stays_where_it_was(subject, key):
    assert 1 <= Vault(None, key).days(subject) <= 364


def test_subjects_and_tenants_differ():
    days = {Vault(None, bytes([k]) * 32).days(f"mrn-{n}") for k in range(8) for n in range(50)}
    assert len(days) > 200


def test_a_moved_date_that_falls_on_another_is_not_sealed(moving):
    text = moving.scrub(NOTE, FIELDS, subject="mrn-1").text
    first, last = moved(text)
    assert moving.seal([text], [f"{first:%Y-%m-%d}", f"{last:%d %B %Y}", "Zyx"]) == [text]


def test_restoring_leaves_what_nobody_can_undo(moving):
    text = moving.scrub(NOTE, FIELDS, subject="mrn-1").text
    assert moving.restore(text) == text


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.dates(dt.date(1900, 1, 1), dt.date(2026, 1, 1)), min_size=2, max_size=6))
def test_offsets_lead_back(make_scrubber, days):
    moving = make_scrubber(DATE="shift")
    text, fields = "", []
    for number, day in enumerate(days):
        text += "on "
        written = f"{day:%B %d, %Y}" if number % 2 else f"{day:%Y%m%d}"
        fields.append(LabelledField(len(text), len(text) + len(written), "DATE", "day"))
        text += written + "; "
    done = moving.scrub(text, fields, subject="mrn-7")
    replacements = tuple(Replacement(e.start, e.end, e.replacement) for e in done.entities)
    assert apply(text, replacements) == done.text
    places = OffsetMap(replacements)
    assert all(places.to_original(*places.to_scrubbed(f.start, f.end)) == (f.start, f.end) for f in fields)
