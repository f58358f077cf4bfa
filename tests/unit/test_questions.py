"""The parts of a question, and what it says of its answer."""

import pytest

from ragslm._questions import how_to_answer, parts


@pytest.mark.parametrize(
    ("question", "asks", "says"),
    [
        ("What is the balance?", ["What is the balance?"], ""),
        (
            "Which account is it, and how long is the notice?",
            ["Which account is it", "how long is the notice?"],
            "",
        ),
        ("What was the capex? Answer in USD billions.", ["What was the capex"], "Answer in USD billions."),
        (
            "Did the margin rise? If it is not a useful metric, then state that and explain why.",
            ["Did the margin rise"],
            "If it is not a useful metric, then state that and explain why.",
        ),  # a condition on the answer
        ("Give me the balance.", ["Give me the balance."], ""),  # nothing is asked before it
        ("What is A? Answer me this: what is B?", ["What is A", "Answer me this: what is B?"], ""),
        ("Balance?", ["Balance?"], ""),
        ("What was the cash flow? In USD millions.", ["What was the cash flow"], "In USD millions."),
        ("What was the margin? Percent to one decimal.", ["What was the margin"], "Percent to one decimal."),
        (
            "What was the capex? What is the total amount?",
            ["What was the capex", "What is the total amount?"],
            "",
        ),
        ("What is the cover? Cover means A over B.", ["What is the cover? Cover means A over B."], ""),
        (
            "How heavy was the spending? Report it as a % of revenue, one decimal.",
            ["How heavy was the spending? Report it as a % of revenue, one decimal."],
            "",
        ),  # a definition
    ],
)
def test_how_to_answer_is_no_question(question, asks, says):
    assert parts(question) == (asks if len(asks) > 1 or says else [question])
    assert how_to_answer(question) == says


def test_blanks_cost_no_time():
    assert parts("What is  the\n balance" + " " * 1_900 + "of A?") == ["What is the balance of A?"]
