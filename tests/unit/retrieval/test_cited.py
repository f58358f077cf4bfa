"""The paragraph that a question cites goes first."""

import time

import numpy as np
import pytest

from ragslm._cited import cites
from ragslm.retrieval.cited import cited_first
from ragslm.retrieval.index import Found
from ragslm.types import Passage

PATHS = {
    1: "12 CFR 1005.2 Definitions. › 1005.2(b) Account",
    2: "Section 1005.6—Liability › Comment 1005.6(b)(1) Timely notice › Comment 1005.6(b)(1)-1 $50 limit",
    3: "12 CFR 1005.6 Liability of consumer. › 1005.6(b) Limitations on amount › 1005.6(b)(1) Timely notice",
    4: "12 CFR 1005.6 Liability of consumer. › 1005.6(b) Limitations on amount",
    5: "12 CFR 1005.60 Else › 1005.60(b) Another",
    6: "4.5 Interactions",
    7: "",
    8: "2021 compared with 2020",
}


def _passage(id_, path):
    return Passage(
        id=id_, document_id="d", uri="u", title="", page=None, section=path or None, text="x", start=0, end=1
    )


def _order(question):
    passages = {id_: _passage(id_, path) for id_, path in PATHS.items()}
    ids = np.array(list(PATHS))
    found = cited_first(question, Found(ids, np.linspace(1, 0.1, len(ids))), passages)
    assert list(found.scores) == sorted(found.scores, reverse=True)
    return found.ids.tolist()


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("What does 1005.6(b)(1) say?", [3, 2]),  # itself, then what is said of it
        ("What does 12 CFR 1005.6(b) limit?", [4, 3]),  # itself, then what stands below it
        ("Is there a comment on 1005.6(b)(1)?", [2, 3]),
        ("Comment 1005.6(b)(1)-1", [2]),
        ("§1005.6(b)(1)(iv)", [3, 2]),  # an item has no heading: the paragraph around it
        ("What does 1005.6 say of lost cards?", [3, 4, 2]),
        ("1005.2(b) and 1005.60(b)", [1, 5]),
        ("Section 4.5, please", [6]),
        ("Which drugs does section 4.5 name?", [6]),
        ("What does recommendation 4.5 of the guideline say?", [6]),
    ],
)
def test_what_is_cited_goes_first(question, first):
    assert _order(question)[: len(first)] == first


@pytest.mark.parametrize(
    "question",
    [
        "Was potassium 4.5 on admission?",
        "Who paid 1005.60 EUR?",
        "Is a 401(k) plan an account?",
        "What is 1.5%?",
        "",
    ],
)
def test_an_amount_or_a_name_is_no_paragraph(question):
    assert not cites(question)


@pytest.mark.parametrize("question", ["Who paid 1,005.60 for 99.7(c)?", "Was invoice 2021(3) paid?"])
def test_what_no_heading_names_moves_nothing(question):
    assert _order(question) == list(PATHS)


@pytest.mark.parametrize("hostile", ["1." * 50_000, "(" * 100_000, "section " * 20_000, "1.1(a)" * 20_000])
def test_a_hostile_question_is_read_at_once(hostile):
    start = time.perf_counter()
    cites(hostile), _order(hostile)
    assert time.perf_counter() - start < 2
