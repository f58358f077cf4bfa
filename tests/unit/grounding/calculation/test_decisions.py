"""A yes or no that follows from one comparison of cited values; from anything else, none."""

import pytest

from ragslm.grounding.calculation.calculator import EvidenceCalculator
from ragslm.grounding.calculation.named import named_ratios

INCOME = (
    "Consolidated income (in millions)\n\n"
    "2018 | 2017\n"
    "Net sales | $32,765 | $31,657\n"
    "Cost of sales | 16,682 | 16,055\n"
    "Gross profit | 16,083 | 15,602\n"
    "Dividends | 3,193 | 3,193\n"
    "Long-term debt | 13,411 | 12,096"
)
BALANCE = (
    "(in millions)\n\n2018 | 2017\nTotal current assets | 900 | 700\nTotal current liabilities | 600 | 800"
)
CALCULATOR = EvidenceCalculator(
    named_ratios(
        {
            "gross margin": "gross profit / net sales; gross profit / revenue",
            "current ratio": "total current assets / total current liabilities",
        }
    ),
    lambda question: question.replace("top line", "net sales"),
)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        (
            "Did net sales grow between 2017 and 2018?",
            "Yes. Change in Net sales from 2017 to 2018: +$1,108 million, +3.5 % (32,765 − 31,657, rounded).",
        ),
        (
            "Have net sales declined in 2018?",  # from the year before
            "No. Change in Net sales from 2017 to 2018: +$1,108 million, +3.5 % (32,765 − 31,657, rounded).",
        ),
        (
            "Did dividends increase from 2017 to 2018?",  # unchanged
            "No. Change in Dividends from 2017 to 2018: $0 million, 0 % (3,193 − 3,193).",
        ),
        (
            "Did the top line grow in 2018?",  # by its name
            "Yes. Change in Net sales from 2017 to 2018: +$1,108 million, +3.5 % (32,765 − 31,657, rounded).",
        ),
        (
            "Does it have an improving gross margin profile as of FY2018? If not useful, state that.",
            "No. Ratio of Gross profit to Net sales in 2017: 0.49 (49.28 %) (15,602 ÷ 31,657, rounded). "
            "Ratio of Gross profit to Net sales in 2018: 0.49 (49.09 %) (16,083 ÷ 32,765, rounded).",
        ),
        (
            "Were net sales higher than cost of sales in 2018?",
            "Yes. Difference between Net sales and Cost of sales in 2018: $16,083 million (32,765 − 16,682).",
        ),
        (
            "Is gross profit less than dividends in 2018?",
            "No. Difference between Gross profit and Dividends in 2018: $12,890 million (16,083 − 3,193).",
        ),
    ],
)
def test_what_one_comparison_decides(cut, question, text):
    assert CALCULATOR.calculate(question, cut(INCOME)).text == text


@pytest.mark.parametrize(
    ("question", "word"),
    [
        ("Is the current ratio above 1 in 2018?", "Yes"),
        ("Was the current ratio above 1 in 2017?", "No"),
        ("Was the current ratio below 90% in 2017?", "Yes"),
    ],
)
def test_a_ratio_beside_a_limit(cut, question, word):
    assert CALCULATOR.calculate(question, cut(BALANCE)).text.startswith(
        f"{word}. Ratio of Total current assets"
    )


def test_every_operand_is_cited(cut):
    found = CALCULATOR.calculate("Did gross margin improve in 2018?", cut(INCOME))
    assert [unit.text.split(" | ")[0] for unit in found.units] == ["Gross profit", "Net sales"]
    assert found.origin == "calculated"


@pytest.mark.parametrize(
    "question",
    [
        "Is it a capital-intensive business in 2018?",  # judgement
        "Was net sales growth healthy in 2018?",
        "Did net sales grow significantly in 2018?",  # how much is that?
        "Did the cost of sales improve in 2018?",  # less, or more?
        "Did debt increase in 2018?",  # a part of it
        "Did net sales improve or decline in 2018?",
        "Did net sales grow?",  # since when?
        "Did net sales grow by more than 5% in 2018?",  # two comparisons
        "Did net sales grow more than cost of sales in 2018?",
        "Was the gross margin higher than 2017?",  # a year is no limit
        "Did net sales not grow in 2018?",
        "Did net sales grow in 2019?",
        "Did net sales grow if we exclude acquisitions in 2018?",
        "Did data center net sales grow in 2018?",  # a segment
        "Why did net sales grow in 2018?",
    ],
)
def test_what_it_does_not_decide(cut, question):
    assert CALCULATOR.calculate(question, cut(INCOME)) is None
