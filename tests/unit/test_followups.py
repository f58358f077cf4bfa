"""Follow-ups as they would be asked on their own."""

import pytest

from ragslm._followups import standalone

CAPEX = "What was Verizon's capex in FY2022?"


@pytest.mark.parametrize(
    ("before", "question", "expected"),
    [
        ([], "And in 2019?", "And in 2019?"),  # nothing before
        ([CAPEX], "And in 2019?", "What was Verizon's capex in 2019?"),  # another year
        ([CAPEX], "in Q2 2023?", "What was Verizon's capex in Q2 2023?"),  # without "and"
        (["What is the capex of 3M?"], "And for FY21?", "What is the capex of 3M in FY21?"),  # a year added
        ([CAPEX], "What about Pfizer?", "What was Pfizer's capex in FY2022?"),  # another name
        ([CAPEX], "And for Best Buy in 2020?", "What was Best Buy's capex in 2020?"),  # both
        ([CAPEX, "and in 2021?"], "And for Pfizer?", "What was Pfizer's capex in 2021?"),  # in a chain
        ([CAPEX], "What was its net income?", "What was Verizon's net income in FY2022?"),  # possessive
        ([CAPEX], "What was its debt in 2020?", "What was Verizon's debt in 2020?"),  # with a year of its own
        (["When was PERSON_7K3QXA admitted?"], "What does she take?", "What does PERSON_7K3QXA take?"),
        ([CAPEX], "Did it grow?", f"{CAPEX} Did it grow?"),  # the figure or the company
        ([CAPEX], "And the segments?", f"{CAPEX} And the segments?"),  # no name
        (
            ["Does warfarin interact with NSAIDs?"],
            "How is it treated?",
            "Does warfarin interact with NSAIDs? How is it treated?",
        ),  # a name that is not what the question was about
        (
            ["Is Verizon's debt above that of Pfizer?"],
            "What about Amcor?",
            "Is Verizon's debt above that of Pfizer? What about Amcor?",
        ),  # two names
        ([CAPEX], "No, I meant 2021.", "What was Verizon's capex in 2021?"),  # a correction of the year
        ([CAPEX], "Sorry, Pfizer.", "What was Pfizer's capex in FY2022?"),  # of the name
        ([CAPEX], "not FY2022 but 2020", "What was Verizon's capex in 2020?"),  # what it was not, too
        ([CAPEX], "No, I meant Best Buy in 2020", "What was Best Buy's capex in 2020?"),  # both
        (
            [CAPEX],
            "Sorry, what is the rule for refunds of overdraft fees?",
            "what is the rule for refunds of overdraft fees?",
        ),  # begins anew
        ([CAPEX], "No.", "No."),  # corrects nothing
        ([CAPEX], "No deposits in 2019?", "No deposits in 2019?"),  # a question that begins so
        ([CAPEX], "Wait times for refunds?", "Wait times for refunds?"),
        ([CAPEX], "What is the rule for refunds?", "What is the rule for refunds?"),  # a new question
        ([CAPEX], "What was the margin of Pfizer?", "What was the margin of Pfizer?"),
    ],
)
def test_follow_ups(before, question, expected):
    assert standalone(question, before) == expected
