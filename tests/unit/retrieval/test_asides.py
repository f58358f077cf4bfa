"""Models and appendices stand behind what they illustrate."""

import numpy as np
import pytest

from ragslm.retrieval.asides import LOSS, asks_aside, set_back
from ragslm.retrieval.index import Found

FOUND = Found(np.array([3, 1, 2, 4]), np.array([0.9, 0.8, 0.3, 0.1]))
SECTIONS = {
    3: "Appendix A to Part 1—Model Letters › Letter A-1",
    1: "1.2 Liability",
    2: "Appendixes of the body",  # a look-alike
    4: None,
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
    found = set_back(FOUND, SECTIONS, ["appendix"])
    assert found.ids.tolist() == [1, 3, 2, 4]
    assert found.scores == pytest.approx([0.8, 0.9 - LOSS, 0.3, 0.1])


def test_scores_stay_in_range():
    low = Found(np.array([3, 1]), np.array([0.1, 0.05]))
    found = set_back(low, SECTIONS, ["appendix"])
    assert found.ids.tolist() == [1, 3]
    assert found.scores.tolist() == [0.05, 0.0]


def test_words_are_words_not_patterns():
    assert set_back(FOUND, SECTIONS, ["append.x"]).ids.tolist() == FOUND.ids.tolist()
