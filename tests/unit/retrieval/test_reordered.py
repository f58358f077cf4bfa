"""Amounts and days together, over what was found."""

import numpy as np

from ragslm.retrieval.index import Found
from ragslm.retrieval.reordered import reordered
from ragslm.types import Passage


def passage(id_, text):
    return Passage(
        id=id_, document_id="d", uri="u", title="Statement", page=None, section=None, text=text, start=0,
        end=len(text),
    )  # fmt: skip


FOUND = Found(np.array([5, 3, 9, 7]), np.array([0.8, 0.78, 0.7, 0.6]))
PASSAGES = {
    5: passage(5, "Statement of account"),
    3: passage(3, "Debit of 2024-02-10: 5.00 EUR"),
    7: passage(7, "Debit of 2024-03-10: 7.00 EUR"),
}


def test_the_last_amount_comes_first_and_what_has_no_passage_stays():
    found = reordered("How much was the last debit?", FOUND, PASSAGES)
    assert found.ids.tolist() == [7, 5, 3, 9]
    assert found.scores.tolist() == sorted(found.scores.tolist(), reverse=True)


def test_another_question_changes_nothing():
    found = reordered("Who signed?", FOUND, PASSAGES)
    assert found.ids.tolist() == FOUND.ids.tolist()
