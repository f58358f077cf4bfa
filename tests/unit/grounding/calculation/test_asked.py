"""Which calculation a question asks for, and the look-alikes that ask for none."""

import pytest

from ragslm.grounding.calculation.asked import asked, without_instructions


@pytest.mark.parametrize(
    ("question", "kind", "periods"),
    [
        ("What was the percentage change in net sales from 2017 to 2018?", "growth", "2017 2018"),
        ("By what percentage did net sales grow between 2017 and 2018?", "growth", "2017 2018"),
        ("What is the growth of net sales from FY2017 to FY2018?", "growth", "FY2017 FY2018"),
        ("What was the year-over-year growth of net sales in 2018?", "growth", "2017 2018"),
        ("What was the growth in net sales in Q2 2018 over the prior year?", "growth", "Q2 2017 Q2 2018"),
        ("By what percentage did net sales go up from 2017 to 2018?", "growth", "2017 2018"),
        ("By how much did net sales grow from 2017 to 2018?", "change", "2017 2018"),
        ("What was the increase / (decrease) in net sales in 2018 from 2017?", "change", "2017 2018"),
        ("What was the change in sales from the UK in 2018 from 2017?", "change", "2017 2018"),
        ("What is the difference in net sales between 2017 and 2018?", "change", "2017 2018"),
        ("What was the change in earnings per share from 2017 to 2018?", "change", "2017 2018"),
        ("What was the change in total debt between Q1 2018 and Q2 2018?", "change", "Q1 2018 Q2 2018"),
        ("What is the difference between gross profit and net sales in 2018?", "difference", "2018"),
        ("How much more revenue came from Asia than Europe in 2018?", "difference", "2018"),
        ("What is the ratio of gross profit to net sales in 2018?", "ratio", "2018"),
        ("What is gross profit as a percentage of net sales in 2018?", "ratio", "2018"),
        ("What percentage of net sales is gross profit in 2018?", "ratio", "2018"),
        ("What is the debt-to-asset ratio in 2018?", "ratio", "2018"),
        ("What is the average of net sales for 2017 and 2018?", "average", "2017 2018"),
        ("What was the mean net income from 2016 to 2018?", "average", "2016 2017 2018"),
        ("What is the average gross profit?", "average", ""),
        ("What is the sum of net sales in 2017 and 2018?", "total", "2017 2018"),
        ("What were gross profit and cost of sales combined in 2018 and 2017?", "total", "2017 2018"),
        ("How much metformin does the patient take per day?", "daily", ""),
        ("What is the total daily dose of metformin?", "daily", ""),
        ("What is the calculated balance after all entries?", "balance", ""),
    ],
)
def test_asks(question, kind, periods):
    found = asked(question)
    assert found is not None
    assert found.kind == kind
    assert " ".join(map(str, found.periods)) == periods


@pytest.mark.parametrize(
    "question",
    [
        "What is the ratio of T cells?",  # one thing: a stated value
        "What is the current ratio in 2018?",
        "What was the gross margin in 2018?",
        "What was the percentage of gross margin in 2018?",
        "Why did net sales increase from 2017 to 2018?",  # a reason
        "What was the reason for the change in net sales from 2017 to 2018?",
        "What drove the growth of net sales between 2017 and 2018?",
        "In which year was the average price higher, 2017 or 2018?",  # a year
        "How is the average selling price calculated?",  # a method
        "What does growth rate mean?",  # a definition
        "What was the increase in net sales in 2018?",  # against what is not said
        "What was the average invested capital in 2018?",  # the label of a row
        "What are the weighted-average rates for 2017 and 2018?",
        "What was the total revenue in 2018?",
        "What is the total fees in 2017 and 2018?",  # two values or their sum
        "What is the compound annual growth rate from 2015 to 2018?",  # another formula
        "What will the change in net sales from 2018 to 2019 be?",  # a forecast
        "What is the increase in revenues from 2019 to 2018?",  # backwards: which sign is meant
        "What is the change between the 2018 and 2019 average cash flow?",  # two calculations in one
        "What was the change in sales from 2017 to 2018, if we exclude currency effects?",  # a condition
        "What is the maximum dose of ibuprofen?",
        "How should I change my dose?",
        "Does warfarin interact with NSAIDs?",
        "What are the side effects of metformin?",
        "",
    ],
)
def test_asks_for_none(question):
    assert asked(question) is None


def test_what_it_is_about():
    found = asked("What is gross profit as a percentage of net sales in 2018?")
    assert [sorted(side.words) for side in found.sides] == [["gros", "profit"], ["net", "sal"]]


def test_silent_about_its_text():
    assert "sal" not in repr(asked("What is the difference in sales between 2017 and 2018?"))


@pytest.mark.parametrize(
    ("question", "asking"),
    [
        ("What is the margin? Round to one decimal.", "What is the margin?"),
        ("What is the margin? Please round your answer to 2 decimal places.", "What is the margin?"),
        ("Answer in USD millions. What was the change in sales?", "What was the change in sales?"),
        # these say which figure is meant
        *(
            (f"{first} What is the margin?", f"{first} What is the margin?")
            for first in (
                "Report on the data center segment.",
                "Give results for Europe only.",
                "Answer for fiscal 2018.",
                "State the position of the parent company.",
            )
        ),
        ("Assume that debt is nil. What is the margin?", "Assume that debt is nil. What is the margin?"),
        ("Give it without leases. What is the margin?", "Give it without leases. What is the margin?"),
        ("Give the margin in percent.", "Give the margin in percent."),  # nothing else asks
    ],
)
def test_how_to_answer_is_no_part_of_what_is_asked(question, asking):
    assert without_instructions(question) == asking
