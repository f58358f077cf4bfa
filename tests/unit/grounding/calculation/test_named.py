"""Ratios that go by a name: worked out where rows and question leave one reading, and nowhere else."""

import pytest

from ragslm.errors import ConfigError
from ragslm.grounding.calculation.calculator import EvidenceCalculator
from ragslm.grounding.calculation.named import named_ratios

INCOME = (
    "Consolidated income (in millions)\n\n"
    "2018 | 2017\n"
    "Net sales | $32,765 | $31,657\n"
    "Gross profit | 16,083 | 15,602\n"
    "Other income | 12 | 20"
)
SEGMENTS = "2018 | 2017\nData center\nNet sales | $900 | $800\nGross profit | 300 | 200"
CALCULATOR = EvidenceCalculator(
    named_ratios(
        {
            "gross margin": "gross profit / net sales; gross profit / revenue",
            "gross profit margin": "gross profit / net sales; gross profit / revenue",
            "current ratio": "total current assets / total current liabilities",
            "operating margin": "operating income / revenue",
            "yield": "income / assets",
        }
    )
)


@pytest.mark.parametrize(
    "question",
    [
        "What is the gross margin in 2018?",
        "What was the 2018 gross margin, in percent?",
        "What is the gross margin for FY2018? Round to one decimal.",
        "What is the consolidated gross margin in 2018?",  # the table says so
    ],
)
def test_the_name_stands_for_its_two_rows(cut, question):
    found = CALCULATOR.calculate(question, cut(INCOME))
    assert (
        found.text == "Ratio of Gross profit to Net sales in 2018: 0.49 (49.09 %) (16,083 ÷ 32,765, rounded)."
    )


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("What is the gross margin?", INCOME),  # of which year?
        ("What is the gross margin in 2019?", INCOME),
        ("What is the change in gross margin from 2017 to 2018?", INCOME),  # two calculations in one
        ("Why did the gross margin change in 2018?", INCOME),
        ("What is the data center gross margin in 2018?", INCOME),  # not the group's
        ("What is the net gross margins-to-date in 2018?", INCOME),  # part of a longer word
        ("What is the gross margin in 2018?", f"{INCOME}\nGross margin | 49.1% | 49.3%"),  # stated: quoted
        (
            "What is the gross profit margin in 2018?",
            f"{INCOME}\nGross margin | 49.1% | 49.3%",
        ),  # another name
        ("What is the gross margin and the yield in 2018?", INCOME),
        # rows that have every word and are something else
        ("What is the gross margin in 2018?", "2018\nSales | $10\nCost of revenue | 6\nGross profit | 4"),
        ("What is the gross margin in 2018?", "2018\nDeferred revenue | $1,000\nGross profit | 400"),
        ("What is the operating margin in 2018?", "2018\nRevenue | $10\nNon-operating income | 1"),
        (
            "What is the current ratio in 2018?",
            "2018\nTotal non-current assets | $10\nTotal current liabilities | 1",
        ),
        ("What is the current ratio in 2018?", "2018\nOther current assets | $10\nCurrent liabilities | 1"),
    ],
)
def test_nothing_else_is_worked_out(cut, question, text):
    assert CALCULATOR.calculate(question, cut(text)) is None


def test_a_total_is_the_caption_s_own(cut):
    table = "2018\nTotal current assets | $12\nTotal consolidated current liabilities | 10"
    found = CALCULATOR.calculate("What is the current ratio in 2018?", cut(table))
    assert found.text.endswith("in 2018: 1.2 (120 %) (12 ÷ 10).")


def test_a_segment_has_a_margin_of_its_own(cut):
    found = CALCULATOR.calculate("What is the data center gross margin in 2018?", cut(SEGMENTS))
    assert found.text == "Ratio of Gross profit to Net sales in 2018: 0.33 (33.33 %) (300 ÷ 900, rounded)."


@pytest.mark.parametrize("text", ["gross profit", "gross profit /", "/ sales", "a / b; c"])
def test_a_profile_says_what_is_divided_by_what(text):
    with pytest.raises(ConfigError, match="gross margin"):
        named_ratios({"gross margin": text})
