"""Formulas in words: what is divided by what, of which years, and what is no formula."""

import pytest

from ragslm._periods import Period
from ragslm.grounding.calculation.formulas import read_formula
from ragslm.grounding.calculation.quantities import CalculationError


def written(expression):
    if expression.name or expression.constant is not None:
        return expression.name or str(expression.constant)
    inside = [written(part) for part in expression.parts]
    if expression.operator == "avg":
        return f"avg({', '.join(inside)})"
    return f"({inside[0]} {expression.operator} {inside[1]})"


@pytest.mark.parametrize(
    ("text", "expression", "words"),
    [
        ("revenue / total assets", "(t1 / t2)", ["revenue", "total assets"]),
        ("total current assets divided by total current liabilities", "(t1 / t2)", None),
        ("revenue - COGS - SG&A", "((t1 - t2) - t3)", ["revenue", "COGS", "SG&A"]),
        ("(revenue minus COGS) / revenue", "((t1 - t2) / t1)", ["revenue", "COGS"]),
        (
            "operating income plus D&A (from the cash flow statement)",
            "(t1 + t2)",
            ["operating income", "D&A"],
        ),
        ("365 * accounts receivable / revenue", "((365 * t1) / t2)", None),
        ("365 days × inventory ÷ COGS", "((365 * t1) / t2)", None),
        ("ratio of net income to revenue", "(t1 / t2)", ["net income", "revenue"]),
        ("capex as a percentage of revenue", "(t1 / t2)", ["capex", "revenue"]),
        ("long-term debt / year-end equity", "(t1 / t2)", ["long-term debt", "year-end equity"]),
        ("COGS over average inventory", "(t1 / avg(t2, t3))", ["COGS", "inventory", "inventory"]),
        ("COGS + change in inventory", "(t1 + (t3 - t2))", None),
    ],
)
def test_reads_signs_and_words(text, expression, words):
    found = read_formula(text)
    assert written(found.expression) == expression
    assert words is None or [term.words for term in found.terms.values()] == words


def test_a_mean_without_years_is_of_the_year_asked_for_and_the_one_before():
    before, of_year = list(read_formula("COGS / average inventory").terms.values())[1:]
    assert (before.of(Period(2022)), of_year.of(Period(2022))) == (Period(2021), Period(2022))


def test_a_term_says_its_own_years():
    found = read_formula("FY2020 COGS + change in inventory between FY2019 and FY2020")
    years = [term.of(Period(2022)).year for term in found.terms.values()]
    assert years == [2020, 2020, 2019] or years == [2020, 2019, 2020]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "revenue /",
        "/ revenue",
        "(revenue / assets",
        "revenue / assets)",
        "revenue * 1.5",
        "revenue * 37",  # stands for nothing
        "365 / 4",  # no value of a source
        "average / revenue",
        "inventory in 2019 and 2020 / COGS",  # of which year?
        "(" * 9 + "revenue" + ")" * 9,
        " + ".join(f"part{letter}" for letter in "abcdefghi"),
        "revenue / " + "a" * 700,
    ],
)
def test_what_is_no_formula_is_refused(text):
    with pytest.raises(CalculationError):
        read_formula(text)


@pytest.mark.parametrize(
    "text",
    [
        "net income less dividends over revenue",
        "current assets over debt plus equity",
        "(capex + D&A) less dividends divided by revenue",
    ],
)
def test_what_words_divide_is_not_guessed(text):
    with pytest.raises(CalculationError, match="leaves open"):
        read_formula(text)


@pytest.mark.parametrize(
    "text", ["net income less dividends, divided by revenue", "(net income less dividends) over revenue"]
)
def test_behind_a_comma_all_is_divided(text):
    assert read_formula(text).expression.operator == "/"
