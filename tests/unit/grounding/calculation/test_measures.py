"""Measures out of a report's statements: by definition, by name and by shape; and whatever leaves a doubt."""

import pytest

from ragslm.errors import ConfigError
from ragslm.grounding.calculation.calculator import EvidenceCalculator
from ragslm.grounding.calculation.measures import LONGEST_QUESTION, Measures
from ragslm.grounding.calculation.statements import Statements
from ragslm.grounding.units import cut_units
from ragslm.types import Passage

STATEMENTS = {
    "income statement, statement of income, statement of operations": {
        "revenue, net sales": "total revenues; net sales; revenues",
        "COGS, cost of goods sold": "-cost of sales",
        "operating income": "operating income",
        "net income": "net income",
    },
    "balance sheet, statement of financial position": {
        "inventory": "inventories",
        "current assets": "total current assets",
        "current liabilities": "total current liabilities",
    },
    "cash flow statement, statement of cash flows": {
        "capex": "-purchases of property, plant and equipment",
        "cash from operations, operating cash flow": "net cash provided by operating activities",
        "D&A": "depreciation and amortization",
    },
}
MEASURES = {
    "working capital": "current assets - current liabilities",
    "EBITDA": "operating income + D&A",
    "EBITDA margin": "(operating income + D&A) / revenue",
    "inventory turnover": "COGS / average inventory",
    "net margin, net profit margin": "net income / revenue",
    "free cash flow": "cash from operations - capex",
}
INCOME = (
    "Acme Inc. and Subsidiaries Consolidated Statements of Income",
    "(in millions)\n2022 | 2021 | 2020\nNet sales | $1,000 | $900 | $800\n"
    "Cost of sales (Note 2) | (600) | (500) | (450)\n"
    "Operating income | 120 | 110 | 90\nNet income | 80 | 70 | 60\n"
    "Net income attributable to Acme Inc. | 75 | 66 | 57",
)
BALANCE = (
    "CONSOLIDATED BALANCE SHEE TS",
    "December 31, | 2022 | 2021\nInventories, net of reserves of $5 | 200 | 100\n"
    "Total current assets | 500 | 400\n"
    "Total current liabilities | 250 | 200",
)
FLOWS = (
    "Consolidated Statements of Cash Flows (continued)",
    "2022 | 2021 | 2020\nNet cash provided by (used in) operating activities | 150 | 140 | 130\n"
    "Depreciation and amortization | 30 | 20 | 10\n"
    "Purchases of property, plant and equipment (PP&E) | (50) | (45) | (40)",
)
REPORT = (INCOME, BALANCE, FLOWS)
STORE = Statements(STATEMENTS)
CALCULATOR = EvidenceCalculator(measures=Measures(MEASURES, STORE))


def units(*sections, title="ACME 2022 10K", document="d"):
    return cut_units(
        [
            Passage(
                id=number, document_id=document, uri=f"file:///{document}", title=title, page=number,
                section=section, text=text, start=0, end=len(text),
            )
            for number, (section, text) in enumerate(sections, start=1)
        ]
    )  # fmt: skip


@pytest.mark.parametrize(
    ("question", "text"),
    [
        (
            "What is the FY2022 operating cash flow ratio for Acme? Operating cash flow ratio is defined as: "
            "cash from operations / total current liabilities. Round your answer to two decimal places.",
            "Operating cash flow ratio in FY2022: 0.6 (60 %) (150 ÷ 250).",
        ),
        (
            "Based on the balance sheet, what is Acme's FY2022 current cover? Define current cover as total "
            "current assets divided by total current liabilities.",
            "Current cover in FY2022: 2 (500 ÷ 250).",
        ),
        (
            "What was Acme's days in inventory (DII) for FY2022? DII = 365 * average inventory / COGS",
            "DII in FY2022: 91.25 (365 × ((100 + 200) ÷ 2) ÷ 600).",
        ),
        (
            "What was Acme's stock cover in 2022, using inventory as the numerator and COGS as the "
            "denominator?",
            "Stock cover in 2022: 0.33 (33.33 %) (200 ÷ 600, rounded).",
        ),
        (
            "What is Acme's acid test for 2022? Define it as (current assets - inventory) / current "
            "liabilities.",
            "Acid test in 2022: 1.2 ((500 − 200) ÷ 250).",
        ),
        (
            "What was Acme's FY2022 cash yield, calculated as free cash flow / net sales?",
            "Cash yield in FY2022: 0.1 (10 %) ((150 − 50) ÷ 1,000).",
        ),
        (
            "How much did Acme plough back? Compute (capex - D&A) / FY2022 revenue, rounded.",
            "The result in FY2022: 0.02 (2 %) ((50 − 30) ÷ 1,000).",
        ),
        (
            "Help me: what share of Acme's FY2022 operating cash went into capex? Take the cash reinvestment "
            "ratio, calculated as capex over operating cash flow, both from the cash flow statement.",
            "Cash reinvestment ratio in FY2022: 0.33 (33.33 %) (50 ÷ 150, rounded).",
        ),
        (
            "I need Acme's working capital at year-end 2022, please.",
            "Working capital in FY2022: $250 million (500 − 250).",
        ),
        ("What is Acme's working capital in FY2022?", "Working capital in FY2022: $250 million (500 − 250)."),
        (
            "How much free cash flow did Acme generate in FY2022 if you simply take cash from operations "
            "less capex?",
            "The result in FY2022: $100 million (150 − 50).",
        ),
        (
            "What was Acme's net margin for 2022, taking net income attributable to the company?",
            "Net margin based on net income attributable to the company in 2022: 7.5 % (75 ÷ 1,000).",
        ),
        (
            "What is Acme's net margin based on net income attributable to Acme Inc. for 2022?",
            "Net margin based on net income attributable to Acme Inc in 2022: 7.5 % (75 ÷ 1,000).",
        ),
        (
            "What was the year-over-year growth of Acme's operating income in FY2022?",
            "Growth of operating income in FY2022: 9.09 % ((120 − 110) ÷ 110, rounded).",
        ),
        (
            "By what percentage did Acme's net income go up from FY2020 to FY2022?",
            "Growth of net income since FY2020 in FY2022: 33.33 % ((80 − 60) ÷ 60, rounded).",
        ),
        (
            "How fast did revenue grow at Acme in 2021?",
            "Growth of revenue in 2021: 12.5 % ((900 − 800) ÷ 800).",
        ),
        ("What is Acme's 2022 EBITDA margin?", "EBITDA margin in 2022: 15 % ((120 + 30) ÷ 1,000)."),
        (
            "What is the FY2022 inventory turnover of Acme?",
            "Inventory turnover in FY2022: 4 (600 ÷ ((100 + 200) ÷ 2)).",
        ),
        (
            "What was Acme's capex as a percentage of revenue in 2022?",
            "Capex as a percentage of revenue in 2022: 5 % (50 ÷ 1,000).",
        ),
        (
            "What is the FY2020 - FY2022 3 year average of capex as a % of revenue for Acme?",
            "Capex as a percentage of revenue in FY2020, FY2021 and FY2022: 5 % "
            "((40 ÷ 800 + 45 ÷ 900 + 50 ÷ 1,000) ÷ 3).",
        ),
        (
            "What is Acme's FY2021 unadjusted operating income % margin?",
            "Operating income as a percentage of revenue in FY2021: 12.22 % (110 ÷ 900, rounded).",
        ),
    ],
)
def test_works_out_a_measure(question, text):
    found = CALCULATOR.calculate(question, units(*REPORT))
    assert found is not None
    assert found.text == text
    assert found.origin == "calculated"


@pytest.mark.parametrize(
    ("question", "text"),
    [
        (
            "Does Acme have positive working capital based on FY2022 data? If it is not useful, state that.",
            "Yes. Working capital in FY2022: $250 million (500 − 250).",
        ),
        (
            "Is Acme's working capital negative in FY2022?",
            "No. Working capital in FY2022: $250 million (500 − 250).",
        ),
        (
            "Does Acme have an improving net margin as of FY2022?",
            "Yes. Net margin in FY2021: 7.78 % (70 ÷ 900, rounded). Net margin in FY2022: 8 % (80 ÷ 1,000).",
        ),
        (
            "Has Acme's working capital declined between FY2021 and FY2022?",
            "No. Working capital in FY2021: $200 million (400 − 200). "
            "Working capital in FY2022: $250 million (500 − 250).",
        ),
    ],
)
def test_decides_what_hangs_on_a_measure(question, text):
    found = CALCULATOR.calculate(question, units(*REPORT))
    assert found is not None
    assert found.text == text


@pytest.mark.parametrize(
    "question",
    [
        "Does Acme have healthy working capital in FY2022?",
        "Does Acme have positive working capital?",
        "Has Acme's working capital improved in FY2022?",  # is more better?
        "Does Beta have positive working capital in FY2022?",
        "Would Acme have positive working capital in FY2022 without inventory?",
        "Does Acme's consumer segment have positive working capital in FY2022?",
    ],
)
def test_leaves_judgement_to_the_reader(question):
    assert CALCULATOR.calculate(question, units(*REPORT)) is None


def test_every_value_is_cited():
    found = CALCULATOR.calculate("What is Acme's working capital in FY2022?", units(*REPORT))
    assert [unit.text.partition(" |")[0] for unit in found.units] == [
        "Total current assets",
        "Total current liabilities",
    ]


@pytest.mark.parametrize(
    "question",
    [
        "What is Acme's working capital?",  # of which year?
        "What is Acme's working capital in Q2 2022?",
        "What is Acme's working capital in FY2023?",
        "What is Beta's working capital in FY2022?",
        "What was Beta's yield in 2022, calculated as net income divided by revenue?",
        "What was the yield of Beta in 2022, calculated as net income divided by revenue?",
        "what was beta's yield in 2022, calculated as net income divided by revenue?",
        "What is AC's working capital in FY2022?",  # a part of a name
        "What is Acme's FY2022 load? Treat load as capex plus D&A, and divide it by revenue.",
        "What is the working capital of Acme's consumer segment in FY2022?",
        "Why did Acme's working capital change in FY2022?",
        "What would Acme's working capital in FY2022 be if inventory doubled?",
        "What is Acme's adjusted EBITDA in FY2022?",
        "What is the FY2022 quality of Acme? Quality is defined as: goodwill / revenue.",  # no such line
        "What is the FY2022 load of Acme? Load is defined as: capex / 37.",
        "What is Acme's working capital in FY2022 and FY2021?",
        "What was the growth of rooms revenue at Acme in FY2022?",
        "What was the operating income growth of Acme's consumer segment in FY2022?",
        "What is Acme's working capital in FY2022? " + "x" * LONGEST_QUESTION,
    ],
)
def test_gives_nothing_where_something_is_left_open(question):
    assert CALCULATOR.calculate(question, units(*REPORT)) is None


RATIOS = (
    "Ratios",
    "2022 | 2021\nTotal current assets | 500 | 400\nQuick ratio | 1.2 | 1.5\nThe ratio is quick.",
)


@pytest.mark.parametrize(
    ("question", "quoted"),
    [
        ("What was the quick ratio in 2022? Quick ratio = (current assets - inventory) / debt.", ["Quick"]),
        ("What was it in 2022, using current assets as the numerator and debt as the denominator?", []),
        ("What was the working capital of Acme in Q2 2022?", []),
        ("What were total current assets in 2022?", ["Total", "Quick", "The"]),
        ("Why did working capital rise in 2022?", ["Total", "Quick", "The"]),
        ("Is working capital healthy in 2022?", ["Total", "Quick", "The"]),
        ("What is working capital?", ["Total", "Quick", "The"]),
        ("New owners, a couple, take over a mortgage in 2022. What do we report?", ["Total", "Quick", "The"]),
        ("What was it in 2022? Define segment yield as Adjusted EBIT divided by segment assets.", []),
        ("On the price sheet, may the fee be scattered over the page?", ["Total", "Quick", "The"]),
    ],
)
def test_what_does_not_name_a_measure_is_not_quoted_for_it(question, quoted):
    assert [unit.text.split()[0] for unit in CALCULATOR.quotable(question, units(RATIOS))] == quoted


@pytest.mark.parametrize(
    "section",
    [
        "Deed of Cross Guarantee Consolidated Balance Sheets",
        "Balance Sheet for Obligor Group",
        "Note 7. Supplemental Balance Sheet Information",
        None,
    ],
)
def test_only_the_reporting_party_s_statements_count(section):
    assert (
        CALCULATOR.calculate("What is Acme's working capital in FY2022?", units((section, BALANCE[1])))
        is None
    )


@pytest.mark.parametrize(
    "question",
    ["What was Acme's net income growth in FY2022?", "What was Acme's payout ratio in FY2021?"],
)
def test_nothing_is_measured_by_a_loss(question):
    loss = (INCOME[0], INCOME[1].replace("80 | 70 | 60", "80 | (70) | 60"))
    measures = Measures({"payout ratio": "operating income / net income"}, STORE)
    assert EvidenceCalculator(measures=measures).calculate(question, units(loss)) is None


def test_a_report_that_gives_two_values_gives_none():
    other = (BALANCE[0], BALANCE[1].replace("500", "510"))
    assert CALCULATOR.calculate("What is Acme's working capital in FY2022?", units(BALANCE, other)) is None


def test_a_year_that_ends_in_january_is_not_guessed():
    early = (
        BALANCE[0],
        BALANCE[1].replace("December 31, | 2022 | 2021", "January 28, 2022 | January 29, 2021"),
    )
    assert CALCULATOR.calculate("What is Acme's working capital in FY2022?", units(early)) is None


def test_reports_that_disagree_give_nothing():
    own = units(*REPORT)
    restated = units((BALANCE[0], BALANCE[1].replace("500", "510")), document="restated")
    assert CALCULATOR.calculate("What is Acme's working capital in FY2022?", [*own, *restated]) is None


def test_without_a_scale_only_pure_numbers_are_told():
    bare = [(section, text.replace("(in millions)\n", "")) for section, text in REPORT]
    assert CALCULATOR.calculate("What is Acme's working capital in FY2022?", units(*bare)) is None
    assert CALCULATOR.calculate("What is Acme's inventory turnover in FY2022?", units(*bare)) is not None


def test_of_two_reports_one_must_be_named():
    both = [*units(*REPORT), *units(INCOME, title="BETA 2021 10K", document="beta")]
    question = "What was the yield in 2022? Yield is defined as: net income / net sales"
    assert CALCULATOR.calculate(question, both) is None
    assert CALCULATOR.calculate(question.replace("the yield", "Acme's yield"), both) is not None


def test_what_a_source_states_otherwise_is_quoted():
    stated = (None, "Working capital | 2022: $250 | 2021: $200")
    question = "What is Acme's working capital in FY2022?"
    assert CALCULATOR.calculate(question, units(*REPORT, stated)) is not None
    stated = (None, "Working capital | 2022: $251 | 2021: $200")
    question = "What is Acme's working capital in FY2022?"
    assert CALCULATOR.calculate(question, units(*REPORT, stated)) is None
    assert CALCULATOR.calculate(question, units(*REPORT, stated), quoted=False) is not None


def test_every_line_is_searched_for_and_only_statements_are_kept():
    asked = []

    def search(query):
        asked.append(query)
        found = units(BALANCE, ("Note 4. Inventories", BALANCE[1]))
        return [unit.passage for unit in found]

    (passage,) = CALCULATOR.values("What is Acme's FY2022 inventory turnover?", search)
    assert passage.section == BALANCE[0]
    assert asked == [
        "Acme FY2022 income statement: cost of sales",
        "Acme FY2022 balance sheet: inventories",
    ]
    assert CALCULATOR.values("What are the balance sheet risks?", search) == []


@pytest.mark.parametrize(
    ("statements", "measures"),
    [
        ({"balance sheet": {"inventory": " ; "}}, {}),
        ({}, {"working capital": "current assets -"}),
    ],
)
def test_a_profile_that_cannot_be_read_is_refused(statements, measures):
    with pytest.raises(ConfigError):
        Measures(measures, Statements(statements))
