"""Which documents a question names."""

import pytest

from ragslm.retrieval.titles import TitleIndex

TITLES = ["3M 2018 10-K", "3M 2022 10-K", "CVSHEALTH 2022 10-K", "MGMRESORTS 2022Q4 EARNINGS", "Leave policy"]


@pytest.fixture
def titles(small):
    index = TitleIndex()
    index.add([small.row(i, i, f"{title} › page 1\ntext") for i, title in enumerate(TITLES)])
    return index


@pytest.mark.parametrize(
    ("question", "best"),
    [
        ("What was 3M's capex in FY2018?", 0),  # issuer and fiscal year
        ("3M sales 2022", 1),  # the same issuer, another year
        ("Has CVS Health paid dividends in FY22?", 2),  # a title that writes two words as one
        ("MGM's EBITDAR in the fourth quarter 2022", 3),  # a short name in capitals
        ("how many days of leave", 4),  # one ordinary word
    ],
)
def test_the_named_document_is_first(titles, question, best):
    affinity = titles.affinity(question)
    assert max(affinity, key=affinity.__getitem__) == best
    assert all(0 < value <= 1 for value in affinity.values())


def test_a_question_that_names_nothing(titles):
    assert titles.affinity("Who signs?") == {}


def test_a_title_named_in_full_counts_one(titles):
    assert titles.affinity("Leave policy")[4] == pytest.approx(1)


def test_a_title_goes_with_its_last_passage(small):
    index = TitleIndex()
    index.add([small.row(1, 7, "Alpha › page 1\na"), small.row(2, 7, "Alpha › page 2\nb")])
    index.remove([1])
    assert index.affinity("alpha").keys() == {7}
    index.remove([2, 99])
    assert index.affinity("alpha") == {}
    assert len(index) == 0
    assert index.document(2) == -1


def test_a_replaced_document_takes_its_new_title(small):
    index = TitleIndex()
    index.add([small.row(1, 7, "Alpha\na")])
    index.add([small.row(1, 7, "Bravo\na")])
    assert index.affinity("alpha") == {}
    assert index.affinity("bravo").keys() == {7}


def test_saved_and_loaded(titles):
    loaded = TitleIndex.load(titles.save())
    for question in ("3M 2018", "CVS Health", "leave"):
        assert loaded.affinity(question) == titles.affinity(question)
    assert loaded.document(2) == 2
