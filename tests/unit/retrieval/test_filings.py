"""Which of an issuer's filings a question means, and how the rule gives way."""

import numpy as np
import pytest

from ragslm.errors import ConfigError
from ragslm.retrieval.titles import TitleIndex

TITLES = (
    "ACME 2020 10-K",
    "ACME 2022 10-K",
    "ACME 2022Q2 10-Q",
    "ACME 2022Q4 EARNINGS",
    "ACME 2022 8-K dated-2022-07-01",
    "ACME 2023Q1 10-Q",
    "BEST BUY 2022 10-K",
    "BEST BUY 2023 10-K",
    "ZENITH 10-K",
    "ZENITH 2021 10-K",
    "Leave policy 2022",
)


@pytest.fixture
def titles(small):
    index = TitleIndex()
    index.add([small.row(i, i, f"{title} › page 1\ntext") for i, title in enumerate(TITLES)])
    return index


def _only(titles, question, allowed=None):
    only = titles.named(question, question, allowed).only
    return None if only is None else [TITLES[document] for document in only]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Acme sales in 2020", TITLES[:1]),  # issuer and year
        ("Acme sales in FY2022", [TITLES[1], TITLES[3], TITLES[4]]),  # no single quarter of a fiscal year
        ("Acme sales in Q2 2022", [TITLES[2]]),  # the quarter
        ("Acme sales in Q3 2022", TITLES[1:5]),  # the year instead of its quarter
        ("Acme sales in 2019", TITLES[:1]),  # an annual report shows two more years
        ("Acme sales in 2016", TITLES[:6]),  # none: any of the issuer's
        ("What does the Acme 8-K of 1 July 2022 say?", [TITLES[4]]),  # kind and day
        ("Acme's 10-K", [TITLES[0], TITLES[1]]),  # kind alone
        ("Acme's 20-F of 2020", TITLES[:1]),  # a kind that is not there
        ("Acme and Best Buy in 2020", [TITLES[0], TITLES[6]]),  # each issuer by itself
        ("What sales does Best Buy expect in 2024?", [TITLES[7]]),  # an outlook, given the year before
        ("Zenith sales in 2021", [TITLES[8], TITLES[9]]),  # a title without year may be it
        ("Acme's segments", None),  # issuer alone stays open
        ("sales in 2022", None),  # period alone
        ("leave policy 2022", None),  # no filing
    ],
)
def test_what_is_searched(titles, question, expected):
    found = _only(titles, question)
    assert found == (None if expected is None else list(expected))


def test_only_what_may_be_read_counts(titles):
    assert _only(titles, "Acme sales in 2020", titles.meeting(_rows(1, 2))) == list(TITLES[1:2])
    assert _only(titles, "Acme sales in 2020", _rows(6, 10)) is None


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Acme's adjusted EBITDA in FY2022", 3),  # outside the accounting rules: the earnings release
        ("How many stores does Best Buy expect to open?", 7),  # what is to come: the newest
        ("Best Buy's latest sales", 7),
        ("Best Buy's sales from 2022 to 2023", 7),  # the last of several years shows all of them
    ],
)
def test_what_is_meant_most(titles, question, expected):
    weights = titles.named(question, question, None).weights
    assert max(weights, key=weights.__getitem__) == expected
    assert all(0 < weight <= 1 for weight in weights.values())


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, TITLES),  # nothing asked
        ({"issuer": "Best Buy Co."}, TITLES[6:8]),  # with its legal form
        ({"issuer": "zen"}, TITLES[8:10]),  # the beginning of the name
        ({"issuer": "..."}, ()),  # no name
        ({"period": "FY2020"}, TITLES[:1]),
        ({"period": "Q2 2022"}, TITLES[2:3]),
        ({"period": "2022", "kind": "10K"}, (TITLES[1], TITLES[6])),
        ({"kind": "annual report", "issuer": "acme"}, TITLES[:2]),  # whatever the form
        ({"kind": "policy"}, TITLES[10:]),
        ({"issuer": "acme", "period": "1999"}, ()),  # an argument never gives way
    ],
)
def test_filters_given_as_arguments(titles, asked, expected):
    assert [TITLES[document] for document in titles.meeting(_rows(*range(11)), **asked)] == list(expected)


@pytest.mark.parametrize("asked", [{"period": "lately"}, {"kind": "novel"}])
def test_filters_that_cannot_be_read(titles, asked):
    with pytest.raises(ConfigError, match="Filter"):
        titles.meeting(_rows(0), **asked)


def test_a_removed_filing_is_not_searched(titles):
    titles.remove([0, 1])
    assert _only(titles, "Acme sales in 2020") == list(TITLES[2:6])
    titles.remove([2, 3, 4, 5])
    assert _only(titles, "Acme sales in 2020") is None
    assert _only(TitleIndex.load(titles.save()), "Best Buy in 2022") == [TITLES[6]]


def _rows(*documents):
    return np.array(documents, dtype=np.int64)
