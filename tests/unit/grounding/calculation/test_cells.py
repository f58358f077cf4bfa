"""Numbers in table cells."""

from decimal import Decimal

import pytest

from ragslm.grounding.calculation.cells import read_cell
from ragslm.grounding.calculation.headings import above, declared_scale


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("1,577", "1577", "bare"),  # valid
        ("$ 1,452.4", "1452.4", "usd"),  # currency
        ("(123 )", "-123", "bare"),  # an accounting negative, as filings write it
        ("$(28,237)", "-28237", "usd"),
        ("($28,237)", "-28237", "usd"),
        ("−4", "-4", "bare"),  # a true minus
        ("13.1%", "13.1", "percent"),
        ("(3.5%)", "-3.5", "percent"),
        ("(3.5)%", "-3.5", "percent"),
        ("1,000.00 EUR", "1000.00", "eur"),
        ("500 mg", "500", "mass"),
        ("1,234 (1)", "1234", "bare"),  # a footnote
        (".5", "0.5", "bare"),
        ("C$12", "12", "c$"),  # a dollar of its own
    ],
)
def test_reads(text, value, unit):
    cell = read_cell(text)
    assert (cell.value, cell.unit) == (Decimal(value), unit)


@pytest.mark.parametrize(
    "text", ["—", "-", "n/a", "", "2017 restated", "12/31", "1,23", "(12", "3 to 5", "1-2", "x"]
)
def test_holds_no_number(text):
    assert read_cell(text) is None


@pytest.mark.parametrize(
    ("text", "power"),
    [
        ("(in millions)", 6),
        ("US$’000 | US$’000", 3),
        ("consist of (in thousands):", 3),
        ("£m | £m", 6),
        ("in thousands, except in millions", None),  # two: not known
        ("Net sales | 1,000", None),
        ("sold 3,000 of them", None),
    ],
)
def test_declared_scale(text, power):
    assert declared_scale(text) == power


def test_headings_of_two_lines_are_put_together():
    text = "Fiscal 2018 | Fiscal 2017\nNet sales | Share | Net sales | Share\nAPAC | 10 | 40% | 8 | 38%"
    found = above(text, text.index("APAC"), 4)
    assert found.columns == (
        "Fiscal 2018 Net sales", "Fiscal 2018 Share", "Fiscal 2017 Net sales", "Fiscal 2017 Share",
    )  # fmt: skip


def test_without_a_line_of_as_many_headings_there_are_none():
    text = "2018 | 2017 | Change\nNet sales | 10 | 8"
    assert above(text, text.index("Net"), 2).columns == ()


def test_a_total_closes_its_group():
    text = "2018 | 2017\nAssets:\nCash | 5 | 4\nTotal | 9 | 8\nDebt | 3 | 2"
    assert above(text, text.index("Cash"), 2).group == ""  # a line above the first values heads the table
    text = "2018 | 2017\nOther | 1 | 1\nAssets:\nCash | 5 | 4\nTotal | 9 | 8\nDebt | 3 | 2"
    assert above(text, text.index("Cash"), 2).group == "Assets:"
    assert above(text, text.index("Debt"), 2).group == ""


@pytest.mark.timeout(5)  # blanks that five patterns may share took minutes
def test_blanks_without_end():
    assert read_cell("(" + " " * 10_000 + "x") is None
    assert read_cell("(" + " " * 10_000 + "5)") == read_cell("(5)")
