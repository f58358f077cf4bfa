"""Which of several is the most: where the table shows all of them, and nowhere else."""

import dataclasses

import pytest

from ragslm.grounding.calculation.calculator import EvidenceCalculator

SEGMENTS = (
    "Business Segment Information (in millions)\n\n"
    "Net sales | 2022 | 2021\n"
    "Industrial | $600 | $620\n"
    "Health Care | 300 | 250\n"
    "Consumer | 120 | 110\n"
    "Corporate and Unallocated | (20) | 20\n"
    "Total Company | $1,000 | $1,000"
)
REGIONS = (
    "Revenues by geographic area\n\n"
    "Three Months Ended June 30, 2023 | Three Months Ended June 30, 2022 | Six Months Ended June 30, 2023\n"
    "United States | 300 | 400 | 700\n"
    "Europe | 200 | 250 | 100\n"
    "Emerging Markets | 100 | 300 | 500\n"
    "Revenues | 600 | 950 | 1,300"
)
COLUMNS = (
    "Segment results (in millions)\n\n"
    "Banking 2021 | Cards 2021 | Wealth 2021 | Corporate 2021 | Total 2021\n"
    "Net revenue | $12 | $14 | $4 | $(1) | $29\n"
    "Net income | 5 | 7 | 1 | (2) | 12"
)
CALCULATOR = EvidenceCalculator()


@pytest.mark.parametrize(
    ("question", "text", "told"),
    [
        (
            "Which segment had the highest net sales in 2022?",
            SEGMENTS,
            "Industrial is highest of 3 in 2022: $600 million, 60 % of $1,000 million "
            "(Health Care: $300 million; Consumer: $120 million).",
        ),
        (
            "Which of the company's segments had the lowest net sales in 2021?",  # unallocated is none
            SEGMENTS,
            "Consumer is lowest of 3 in 2021: $110 million, 11 % of $1,000 million "
            "(Health Care: $250 million; Industrial: $620 million).",
        ),
        (
            "Between 2021 and 2022, which of the three segments saw its net sales grow the most?",
            SEGMENTS,
            "Health Care grew most of 3 from 2021 to 2022: +20 % (Consumer: +9.09 %; Industrial: −3.23 %).",
        ),
        (
            "Of the three segments, which one saw its net sales grow the most in 2022: Industrial or Health?",
            SEGMENTS,
            "Health Care grew most of 2 from 2021 to 2022: +20 % (Industrial: −3.23 %).",
        ),
        (
            "Which region had the biggest drop in revenues in Q2 2023, on a percentage basis?",
            REGIONS,
            "Emerging Markets fell most of 3 from Q2 2022 to Q2 2023: −66.67 % "
            "(United States: −25 %; Europe: −20 %).",
        ),
        (
            "Which segment had the lowest net revenue in 2021?",
            COLUMNS,
            "Corporate is lowest of 4 in 2021: −$1 million (Wealth: $4 million; Banking: $12 million; "
            "Cards: $14 million).",
        ),
    ],
)
def test_names_the_one_and_what_it_was_compared_with(cut, question, text, told):
    found = CALCULATOR.calculate(question, cut(text))
    assert found is not None
    assert found.text == told
    assert found.verdict.supported


FLOWS = (
    "Consolidated statements of cash flows (in millions)\n\n"
    "2022 | 2021\n"
    "Net cash provided by operating activities: | 50 | 40\n"
    "Net cash used in investing activities | (30) | 10\n"
    "Net cash provided by financing activities | 70 | 5"
)


@pytest.mark.parametrize(
    ("question", "text", "told"),
    [
        (
            "Among operating, investing and financing activities, which brought in the most cash in 2022?",
            FLOWS,
            "Net cash provided by financing activities is highest of 3 in 2022: $70 million (Net cash "
            "provided by operating activities: $50 million; Net cash used in investing activities: "
            "−$30 million).",
        ),
        (
            "Which brought in the least cash in 2021: operating or financing activities?",
            FLOWS,
            "Net cash provided by financing activities is lowest of 2 in 2021: $5 million (Net cash provided "
            "by operating activities: $40 million).",
        ),
        (
            "Which segment had the lowest net revenue in 2021 (Banking, Cards or the Wealth segment)?",
            COLUMNS,
            "Wealth is lowest of 3 in 2021: $4 million (Banking: $12 million; Cards: $14 million).",
        ),
    ],
)
def test_things_that_the_question_names_need_no_total(cut, question, text, told):
    found = CALCULATOR.calculate(question, cut(text.replace("50 | 40", "$50 | $40")))
    assert found is not None
    assert found.text == told


@pytest.mark.parametrize(
    "question",
    [
        "Which brought in the most cash in 2022: operating, investing, financing or leasing activities?",
        "Which brought in the most cash in 2022: operating activities or net cash?",  # of which?
        "For the quarter ended 31 December 2022, which brought in the most cash: operating or investing?",
        "Which brought in the most cash in 2022 (operating)?",
    ],
)
def test_a_thing_that_is_not_there_is_compared_with_nothing(cut, question):
    assert CALCULATOR.calculate(question, cut(FLOWS)) is None


def test_every_row_compared_is_cited(cut):
    found = CALCULATOR.calculate("Which segment had the highest net sales in 2022?", cut(SEGMENTS))
    assert [unit.text.partition(" |")[0] for unit in found.units] == [
        "Industrial",
        "Health Care",
        "Consumer",
        "Total Company",
    ]
    assert "".join(piece for piece in found.formula if isinstance(piece, str)) == (
        "$600 million > $300 million > $120 million; 600 ÷ 1,000 = 60 %"
    )


@pytest.mark.parametrize(
    "question",
    [
        "Which segment had the highest net sales?",  # in which year?
        "Which segment had the highest net sales in 2020?",
        "Which segment had the highest operating income in 2022?",
        "Which region had the highest net sales in 2022?",
        "Why did the largest segment's net sales fall in 2022?",
        "If we exclude Industrial, which segment had the highest net sales in 2022?",
    ],
)
def test_what_the_table_does_not_compare_is_not_told(cut, question):
    assert CALCULATOR.calculate(question, cut(SEGMENTS)) is None


@pytest.mark.parametrize(
    ("left_out", "put"),
    [
        ("Health Care | 300 | 250\n", ""),  # a row of another passage
        ("\nTotal Company | $1,000 | $1,000", ""),
        ("300 | 250\nConsumer | 120", "110 | 250\nConsumer | 120"),  # does not add up
        ("$600 | $620\nHealth Care | 300", "$450 | $620\nHealth Care | 450"),  # two are first
    ],
)
def test_a_comparison_that_is_not_whole_names_nobody(cut, left_out, put):
    assert left_out in SEGMENTS
    text = SEGMENTS.replace(left_out, put)
    assert CALCULATOR.calculate("Which segment had the highest net sales in 2022?", cut(text)) is None


def test_columns_without_their_total_name_nobody(cut):
    text = COLUMNS.replace(" | Total 2021", "").replace(" | $29", "").replace(" | 12", "")
    assert CALCULATOR.calculate("Which segment had the highest net revenue in 2021?", cut(text)) is None


def test_months_are_no_year(cut):
    assert CALCULATOR.calculate("Which region had the highest revenues in 2023?", cut(REGIONS)) is None


def test_amount_and_share_must_name_the_same(cut):
    text = REGIONS.replace("100 | 300", "40 | 100").replace("600 | 950", "540 | 750")
    question = "Which region had the biggest drop in revenues in Q2 2023"
    assert CALCULATOR.calculate(f"{question}?", cut(text)) is None
    found = CALCULATOR.calculate(f"{question} in per cent?", cut(text))
    assert found is not None
    assert found.text.startswith("Emerging Markets fell most")


def test_of_two_companies_the_larger_is_not_taken(cut):
    other = SEGMENTS.replace("$600", "$100").replace("120", "6,120").replace("$1,000 |", "$6,500 |")
    others = [
        dataclasses.replace(unit, passage=dataclasses.replace(unit.passage, document_id="other", id=9))
        for unit in cut(other)
    ]
    question = "Which segment had the highest net sales in 2022?"
    assert CALCULATOR.calculate(question, others).text.startswith("Consumer is highest")
    assert CALCULATOR.calculate(question, [*cut(SEGMENTS), *others]) is None


def test_tables_that_disagree_name_nobody(cut):
    other = SEGMENTS.replace("Industrial | $600", "Industrial | $200").replace(
        "Consumer | 120", "Consumer | 520"
    )
    assert (
        CALCULATOR.calculate("Which segment had the highest net sales in 2022?", cut(SEGMENTS, other)) is None
    )
