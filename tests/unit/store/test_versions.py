"""Which titles name versions of one rule, and which version holds on a day."""

import datetime as dt

import pytest

from ragslm.store.versions import Version, replaced, series


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Wire transfer policy", "Wire Transfer Policy", True),
        ("wire transfer policy 2021-05-01", "wire transfer policy 2024-03-01", True),
        ("Wire transfer policy (version 2.1)", "Wire transfer policy v3", True),
        ("Wire transfer policy, effective March 1, 2024", "Wire transfer policy", True),
        ("Anticoagulation guideline 2nd edition", "Anticoagulation guideline 3rd edition", True),
        ("12 CFR Part 1005 (Regulation E)", "12 CFR Part 1005 (Regulation E)", True),
        # numbers of parts are no years
        ("29 CFR Part 1926", "29 CFR Part 1910", False),
        ("12 CFR Part 1005", "12 CFR Part 1030", False),
        ("Wire transfer policy", "Cash deposit policy", False),
    ],
)
def test_series(one: str, other: str, same: bool) -> None:
    assert series(one) is not None
    assert (series(one) == series(other)) is same


@pytest.mark.parametrize(
    "title", ["3M_2018_10K", "Laboratory report 2023-04-01", "Deep vein thrombosis", "Policy 2020"]
)
def test_what_is_no_rule_has_no_versions(title: str) -> None:
    assert series(title) is None


def test_the_newest_in_force_replaces_the_others() -> None:
    first, second, third = (
        Version(row, f"d{row}", "wire policy", dt.date(2018 + 3 * row, 5, 1)) for row in range(3)
    )
    every = [third, first, second]
    assert replaced(every, visible=None, as_of=dt.date(2026, 1, 1)) == {
        first: third.date,
        second: third.date,
    }
    assert replaced(every, visible=None, as_of=dt.date(2022, 1, 1)) == {first: second.date}
    assert replaced(every, visible=None, as_of=dt.date(2019, 1, 1)) == {}
    # a version that the reader may not know of replaces nothing
    assert replaced(every, visible=frozenset({0, 1}), as_of=dt.date(2026, 1, 1)) == {first: second.date}
