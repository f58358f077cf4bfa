"""Hand-made claims against one sentence or row of banking text. The last column says why."""

import pytest

from ragslm.grounding.literal.compare import compare
from ragslm.grounding.reading.text import read

SALES = "Net sales were $1,577 million in 2018 and $1,373 million in 2017."
ROW = "Net sales | 2018: 32,765 | 2017: 31,657"
COST = "Cost of sales | 2018: 16,682 | 2017: 16,055"
LOSS = "Net income (loss) | 2018: (370) | 2017: 1,205"
MONEY = "Total sales | 2019: $  1,496.5 | 2018: $  1,202.9"
PLANS = "Discount rate | Domestic 2019: 4.00% | International 2019: 1.90%"
QUARTER = "Revenue for the three months ended June 30, 2020 was $12.4 billion."
YEAR = "Revenue for the fiscal year ended September 30, 2018 was $265.6 billion."
Q2 = "In Q2 2023 deposits fell by 5% to $1.2 trillion."
FIRST = "Operating costs in the first quarter of 2020 were €48 million."
NOTICE = "The bank must notify the consumer within 10 business days after receiving the notice."
LIABLE = "The consumer's liability shall not exceed $50 or the amount of unauthorized transfers."
FEE = "A fee of at least $25 but not more than $35 applies if the balance is below $1,500."
POINTS = "The net interest margin rose 12 basis points to 3.25% in 2021."
GAP = "The ratio increased by 2 percentage points."
DEAL = "Alpha Bank Inc. acquired Beta Trust for $300 million in March 2019."
DEBT = "The borrower pays the lender 5% interest monthly."
EXCEPT = "All accounts are insured except brokerage accounts."
NOT = "The institution is not required to disclose the rate."
SOME = "Some lenders may charge a prepayment fee."
FLOW = "Net cash used in investing activities | 2018: (5,100) | 2017: (4,200)"
EURO = "Net debt was €2.5 billion, or 1.8 times EBITDA."
GROUPED = "Total equity amounted to 1 577,0 million euros."
FROM = "The dividend was raised from $0.50 to $0.55 per share."
EMPLOYER = "The employer contributes 6% of salary to the plan."
RATE = "The prime rate was 4.75 percent on December 31, 2018."
BEFORE = "The consumer may stop payment up to three business days before the scheduled transfer."
RESP = "Revenue was $90 million and $70 million in 2020 and 2019, respectively."
THOUSAND = "The loan amounts to USD 250 thousand and is repaid within thirty years."
CHECK = "The transfer was made from the savings account to the checking account."

SAME = [
    (SALES, "Net sales were $1.577 billion in 2018.", "scale"),
    (SALES, "Net sales were $1,577,000,000 in 2018.", "scale written out"),
    (SALES, "Net sales were USD 1,577 million in 2018.", "code for the sign"),
    (SALES, "In 2017, net sales were $1,373 million.", "year to the front"),
    (SALES, "Net sales were 1,577 million dollars in 2018.", "currency after the number"),
    (ROW, "Net sales were 32,765 in 2018.", "cell of its column"),
    (ROW, "Net sales were 31,657 in 2017.", "the other column"),
    (ROW, "Net sales were 32,765 in 2018 and 31,657 in 2017.", "both cells"),
    (ROW, "In 2018, net sales were 32,765, compared with 31,657 in 2017.", "year before, then after"),
    (ROW, "Net sales rose from 31,657 in 2017 to 32,765 in 2018.", "earlier year first"),
    (ROW, "Net sales were 32,765 and 31,657 in 2018 and 2017, respectively.", "respectively"),
    (ROW, "Net sales were 32,765 in fiscal 2018.", "fiscal year of a column"),
    (COST, "Cost of sales was 16,682 in 2018.", "whole label"),
    (LOSS, "Net loss was 370 in 2018.", "loss in brackets"),
    (LOSS, "Net income was -370 in 2018.", "brackets are a minus"),
    (LOSS, "Net income was 1,205 in 2017.", "profit without brackets"),
    (MONEY, "Total sales were $1,496.5 in 2019.", "blanks after the sign"),
    (PLANS, "The domestic discount rate was 4% in 2019.", "column by a word; zeros"),
    (QUARTER, "Revenue for the three months ended June 30, 2020 was $12,400 million.", "scale"),
    (QUARTER, "Revenue for the quarter ended June 30, 2020 was $12.4 billion.", "three months are a quarter"),
    (YEAR, "Revenue for fiscal year 2018 was $265.6 billion.", "less precise period"),
    (YEAR, "Revenue for FY2018 was $265.6 billion.", "short for the fiscal year"),
    (YEAR, "Revenue for the year ended September 30, 2018 was $265.6 billion.", "year ended"),
    (Q2, "In the second quarter of 2023 deposits fell by 5% to $1.2 trillion.", "quarter in words"),
    (Q2, "In Q2 2023 deposits fell by five percent.", "number word"),
    (Q2, "In Q2 2023 deposits fell by 5% to $1,200 billion.", "scale"),
    (FIRST, "Operating costs in Q1 2020 were €48 million.", "quarter in short"),
    (FIRST, "Operating costs in the first quarter of 2020 were EUR 48m.", "scale in short"),
    (
        NOTICE,
        "The bank must notify the consumer within ten business days after receiving the notice.",
        "word",
    ),
    (NOTICE, "The bank must notify the customer within 10 business days.", "synonym; less said"),
    (LIABLE, "The consumer's liability must not exceed $50.", "must is shall"),
    (LIABLE, "The consumer's liability shall be at most $50.", "not exceed is at most"),
    (FEE, "A fee of at least $25 but no more than $35 applies if the balance is below $1,500.", "no more"),
    (FEE, "A fee of at least $25 applies if the balance is less than $1,500.", "below is less than"),
    (POINTS, "The net interest margin rose 0.12 percentage points to 3.25% in 2021.", "basis points"),
    (POINTS, "The net interest margin rose 12 bps to 3.25% in 2021.", "short for basis points"),
    (DEAL, "Alpha Bank acquired Beta Trust for $300 million in March 2019.", "legal form left out"),
    (DEAL, "Alpha Bank Inc. acquired Beta Trust for $0.3 billion in 2019.", "scale; less precise date"),
    (DEBT, "The borrower pays the lender 5 percent interest every month.", "monthly is every month"),
    (EXCEPT, "All accounts are insured, except brokerage accounts.", "comma"),
    (NOT, "The institution isn't required to disclose the rate.", "contraction"),
    (SOME, "Some lenders might charge a prepayment fee.", "might is may"),
    (FLOW, "Net cash used in investing activities was 5,100 in 2018.", "used is the minus"),
    (EURO, "Net debt was EUR 2,500 million.", "code and scale"),
    (GROUPED, "Total equity amounted to €1,577 million.", "blank as thousands separator"),
    (GROUPED, "Total equity amounted to 1.577 billion euros.", "and in billions"),
    (FROM, "The dividend was raised to $0.55 per share.", "the end of a change"),
    (RATE, "The prime rate was 4.75% on 31 December 2018.", "date turned"),
    (RATE, "The prime rate was 4.75% in December 2018.", "less precise date"),
    (BEFORE, "The consumer may stop payment up to 3 business days before the scheduled transfer.", "digit"),
    (RESP, "Revenue was $90 million in 2020.", "respectively taken apart"),
    (RESP, "Revenue was $70 million in 2019.", "the second of each"),
    (THOUSAND, "The loan amounts to $250,000.", "thousand written out"),
    (THOUSAND, "The loan is repaid within 30 years.", "number word"),
]
OTHER = [
    (SALES, "Net sales were $1,373 million in 2018.", "years exchanged"),
    (SALES, "Net sales were $1,577 million in 2017.", "years exchanged"),
    (SALES, "Net sales were $1,577 billion in 2018.", "scale"),
    (SALES, "Net sales were €1,577 million in 2018.", "currency"),
    (SALES, "Net sales were $1,577 million in 2019.", "year"),
    (SALES, "Net sales were $1,578 million in 2018.", "digit"),
    (ROW, "Net sales were 31,657 in 2018.", "cell of the other column"),
    (ROW, "Net sales were 32,765 in 2017.", "cell of the other column"),
    (ROW, "Net sales were 32,765 in 2017 and 31,657 in 2018.", "columns exchanged"),
    (ROW, "Net sales were 31,657 and 32,765 in 2018 and 2017, respectively.", "respectively, exchanged"),
    (ROW, "In 2018, net sales were 31,657, compared with 32,765 in 2017.", "cells exchanged"),
    (ROW, "Net sales rose from 32,765 in 2018 to 31,657 in 2017.", "it fell"),
    (ROW, "Net income was 32,765 in 2018.", "another row"),
    (COST, "Sales were 16,682 in 2018.", "row label cut to another one"),
    (LOSS, "Net income was 370 in 2018.", "loss as income"),
    (LOSS, "Net loss was 1,205 in 2017.", "income as loss"),
    (MONEY, "Total sales were $1,202.9 in 2019.", "column"),
    (MONEY, "Total sales were $1,496.5 million in 2019.", "scale that nobody declared"),
    (PLANS, "The international discount rate was 4% in 2019.", "column by a word"),
    (PLANS, "The domestic discount rate was 1.9% in 2019.", "column by a word"),
    (QUARTER, "Revenue for the six months ended June 30, 2020 was $12.4 billion.", "length of the period"),
    (QUARTER, "Revenue for 2020 was $12.4 billion.", "a quarter as a year"),
    (QUARTER, "Revenue for the three months ended March 31, 2020 was $12.4 billion.", "quarter"),
    (QUARTER, "Revenue for the year ended June 30, 2020 was $12.4 billion.", "a quarter as a year"),
    (YEAR, "Revenue for the quarter ended September 30, 2018 was $265.6 billion.", "a year as a quarter"),
    (YEAR, "Revenue for fiscal year 2017 was $265.6 billion.", "year"),
    (Q2, "In Q3 2023 deposits fell by 5% to $1.2 trillion.", "quarter"),
    (Q2, "In Q2 2022 deposits fell by 5% to $1.2 trillion.", "year of the quarter"),
    (Q2, "In Q2 2023 deposits rose by 5% to $1.2 trillion.", "direction"),
    (Q2, "In Q2 2023 deposits fell by 5 percentage points to $1.2 trillion.", "points for percent"),
    (Q2, "In 2023 deposits fell by 5% to $1.2 trillion.", "a quarter as a year"),
    (FIRST, "Operating costs in the fourth quarter of 2020 were €48 million.", "quarter"),
    (FIRST, "Operating costs in the first half of 2020 were €48 million.", "half for quarter"),
    (NOTICE, "The bank may notify the consumer within 10 business days after receiving the notice.", "may"),
    (NOTICE, "The consumer must notify the bank within 10 business days.", "parties exchanged"),
    (NOTICE, "The bank must notify the consumer after 10 business days.", "within turned"),
    (NOTICE, "The bank must notify the consumer within 10 business hours.", "unit"),
    (LIABLE, "The consumer's liability shall exceed $50.", "not left out"),
    (LIABLE, "The consumer's liability shall be at least $50.", "limit turned"),
    (FEE, "A fee of at most $25 applies if the balance is below $1,500.", "limit turned"),
    (FEE, "A fee of at least $35 applies if the balance is below $1,500.", "number of another limit"),
    (FEE, "A fee of at least $25 applies if the balance is above $1,500.", "limit turned"),
    (FEE, "A fee of at least $25 applies.", "condition left out"),
    (POINTS, "The net interest margin rose 12% to 3.25% in 2021.", "percent for basis points"),
    (POINTS, "The net interest margin rose 3.25% in 2021.", "level as change"),
    (POINTS, "The net interest margin fell 12 basis points to 3.25% in 2021.", "direction"),
    (GAP, "The ratio increased by 2%.", "percent for percentage points"),
    (DEAL, "Beta Trust acquired Alpha Bank Inc. for $300 million in March 2019.", "buyer and target"),
    (DEAL, "Alpha Bank Inc. sold Beta Trust for $300 million in March 2019.", "bought and sold"),
    (DEBT, "The lender pays the borrower 5% interest monthly.", "creditor and debtor"),
    (DEBT, "The borrower pays the lender 5% interest annually.", "period"),
    (EXCEPT, "All accounts are insured.", "exception left out"),
    (EXCEPT, "All accounts are insured including brokerage accounts.", "exception turned"),
    (NOT, "The institution is required to disclose the rate.", "not left out"),
    (NOT, "The institution is required not to disclose the rate.", "scope of not"),
    (SOME, "All lenders may charge a prepayment fee.", "quantity"),
    (SOME, "Some lenders must charge a prepayment fee.", "obligation"),
    (FLOW, "Net cash provided by investing activities was 5,100 in 2018.", "direction of cash"),
    (EURO, "Net debt was 2.5 times EBITDA.", "number of another measure"),
    (GROUPED, "Total equity amounted to €1,577.0.", "scale left out"),
    (FROM, "The dividend was raised from $0.55 to $0.50 per share.", "ends of a change exchanged"),
    (FROM, "The dividend was raised to $0.50 per share.", "start as end"),
    (EMPLOYER, "The employee contributes 6% of salary to the plan.", "one letter, other party"),
    (RATE, "The prime rate was 4.75 percent on December 31, 2017.", "year"),
    (RATE, "The prime rate was 4.75 on the dollar on December 31, 2018.", "unit"),
    (
        BEFORE,
        "The consumer may stop payment up to three business days after the scheduled transfer.",
        "after",
    ),
    (RESP, "Revenue was $90 million in 2019.", "respectively, exchanged"),
    (THOUSAND, "The loan amounts to USD 250 million.", "scale"),
    (CHECK, "The transfer was made from the checking account to the savings account.", "direction"),
]


@pytest.mark.parametrize(("source", "claim", "why"), SAME)
def test_nothing_stands_against_the_same_said_otherwise(source, claim, why):
    assert compare(read(claim), read(source)).reasons == (), why


@pytest.mark.parametrize(("source", "claim", "why"), OTHER)
def test_something_else_is_not_let_through(source, claim, why):
    assert compare(read(claim), read(source)).reasons, why
