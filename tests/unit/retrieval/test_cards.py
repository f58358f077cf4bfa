"""What a title says about its document."""

import pytest

from ragslm.retrieval.cards import ANNUAL, Card, card, kind_of, kinds


@pytest.mark.parametrize(
    ("title", "issuer", "period", "dated", "kind"),
    [
        ("3M_2018_10K", "3m", "2018", None, "10-k"),  # a file name
        ("ACME 2022 8-K dated-2022-07-01", "acme", "2022", "2022-07-01", "8-k"),  # with its day
        ("ACME 8-K 2022-07-01", "acme", "2022", "2022-07-01", "8-k"),  # the day alone
        ("ACME_2023Q4_EARNINGS", "acme", "Q4 2023", None, "earnings"),  # a quarter
        ("Best Buy Co., Inc. - Quarterly Report Q2 2023", "best buy", "Q2 2023", None, "10-q"),  # in words
        ("Annual Report 2022 - Acme plc", "acme", "2022", None, "annual report"),  # the name last
        ("Acme Form 10-K for fiscal year ended May 31, 2022", "acme", "FY2022", None, "10-k"),
        ("Hypertension guideline 2023", "hypertension", "2023", None, "guideline"),
        ("Form 10-K", "", None, None, "10-k"),  # nobody's
        ("Parking", "", None, None, None),  # neither period nor kind
    ],
)
def test_cards(title, issuer, period, dated, kind):
    read = card(title)
    assert " ".join(read.issuer) == issuer
    assert (read.period and str(read.period), read.dated and str(read.dated)) == (period, dated)
    assert read.kind == kind


def test_a_title_without_any_has_an_empty_card():
    assert card("Parking") == Card()


def test_recency_counts_a_year_as_its_fourth_quarter():
    titles = ["A 2022 10-K", "A 2023Q2 10-Q", "A", "A 2023 10-K"]
    assert sorted(titles, key=lambda title: card(title).recency) == ["A", *titles[:2], "A 2023 10-K"]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("in the 8k filing of Acme", {"8-k"}),
        ("this 10K report", {"10-k"}),
        ("the annual report", ANNUAL),  # whatever the form
        ("the quarterly report", {"10-q"}),
        ("the earnings release", {"earnings"}),
        ("earnings per share", set()),  # a figure, no release
        ("8 k customers", set()),
    ],
)
def test_kinds_a_question_names(question, expected):
    assert kinds(question) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [("10K", "10-k"), ("Form", None), ("Annual report", "annual report"), ("guidelines", "guideline")],
)
def test_kinds_a_filter_names(written, expected):
    assert kind_of(written) == expected
