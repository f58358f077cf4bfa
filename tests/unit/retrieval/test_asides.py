"""Models and appendices stand behind what they illustrate."""

import numpy as np
import pytest

from ragslm.retrieval.asides import LOSS, asks_aside, set_back
from ragslm.retrieval.index import Found

FOUND = Found(np.array([3, 1, 2, 4]), np.array([0.9, 0.8, 0.3, 0.1]))
HEADERS = {
    3: "Reg X › Appendix A to Part 1—Model Letters\nYou may owe fifty dollars.",
    1: "Reg X › 1.2 Liability\nThe appendix says more.",
    2: "Reg X › Appendixes of the body\nA look-alike.",
}


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("Is there a sample letter for a refusal?", True),
        ("What does Appendix A say?", True),
        ("Show me the model forms", True),
        ("Who pays when a card is stolen?", False),
        ("Must the form leave out Mr or Mrs?", False),  # a form of the bank, not a model
        ("Is this template's wording enough?", True),
    ],
)
def test_who_asks_for_a_model_wants_one(question, wanted):
    assert asks_aside(question) is wanted


def test_asides_lose_and_the_others_keep_their_order():
    found = set_back(FOUND, HEADERS, ["appendix"])
    assert found.ids.tolist() == [1, 3, 2, 4]
    assert found.scores == pytest.approx([0.8, 0.9 - LOSS, 0.3, 0.1])


def test_scores_stay_in_range_and_text_does_not_count():
    low = Found(np.array([3, 1]), np.array([0.1, 0.05]))
    found = set_back(low, HEADERS, ["appendix"])
    assert found.ids.tolist() == [1, 3]
    assert found.scores.tolist() == [0.05, 0.0]


def test_words_are_words_not_patterns():
    assert set_back(FOUND, HEADERS, ["append.x"]).ids.tolist() == FOUND.ids.tolist()
