"""One table: what a written answer and a reply make of each other."""

import pytest

from ragslm.evaluate.answers.amounts import amounts, declared_scale, periods
from ragslm.evaluate.answers.matcher import Gold, judge
from ragslm.evaluate.answers.wording import decision, refuses

CAPEX = "What is the FY2018 capital expenditure amount (in USD millions)?"
PPE = "What is the year end FY2018 net PPE? Answer in USD billions."
GROWTH = (
    "What is the FY2019 - FY2020 total revenue growth rate? Answer in percents, round to one decimal place."
)
CHANGE = "What is the change in Other in 2019 from 2018?"
DEBT = "Has the company increased its debt between 2022 and 2021?"
WHICH = "Which segment had the lowest net revenue in 2021 Q1?"
SALES = "What is the amount of total sales in 2019?"
RATIO = "What is the quick ratio for FY2022?"
LIST = "What are three main companies acquired by Pfizer?"
EBITDA = "What was adjusted EBITDA in FY 2023?"
SHARE = "How much dividend was paid per share?"


def gold(*answers, scale=""):
    return Gold(answers=answers, scale=scale)


ROWS = [
    # the same amount, written differently
    (CAPEX, gold("$1577.00"), "$1,577 million", "right"),
    (CAPEX, gold("$1577.00"), "3M spent $1.577 billion on PP&E in 2018.", "right"),
    (CAPEX, gold("$1577.00"), "The amount was USD 1,577 mn [1].", "right"),
    (CAPEX, gold("$1577.00"), "It was $1,577.", "right"),
    (CAPEX, gold("$1577.00"), "$1,577,000,000", "right"),
    (CAPEX, gold("$1577.00"), "Capital expenditures amounted to $1.58 billion in FY2018.", "right"),
    (CAPEX, gold("$1577.00"), "Purchases of property (PP&E) | (1,577) | (1,373) | (1,420)", "right"),
    (CAPEX, gold("$1577.00"), "Purchases of property were (1,577) in 2018 and (1,373) in 2017.", "right"),
    (PPE, gold("$8.70"), "Net PPE was $8.738 billion at year end 2018.", "right"),
    (PPE, gold("$8.70"), "Property, plant and equipment - net | 8,738 | 8,866", "right"),
    (PPE, gold("$8.70"), "Net PPE (in millions) was 8,738.", "right"),
    (PPE, gold("$8.70"), "$8,738 million", "right"),
    (GROWTH, gold("101.5%"), "Revenue grew by 101.5 percent.", "right"),
    (GROWTH, gold("101.5%"), "The growth rate was 101.49%.", "right"),
    (GROWTH, gold("101.5%"), "1.015", "right"),
    (SALES, gold("$1,496.5", scale="million"), "Total sales were $1,496.5 million in 2019.", "right"),
    (SALES, gold("$1,496.5", scale="million"), "1,496.5", "right"),
    (SALES, gold("$1,496.5", scale="million"), "$1.4965 billion", "right"),
    (CHANGE, gold("-12.6", scale="million"), "It decreased by $12.6 million.", "right"),
    (CHANGE, gold("-12.6", scale="million"), "The change was -12.6 million.", "right"),
    (CHANGE, gold("-12.6", scale="million"), "A decrease of 12.6.", "right"),
    (CHANGE, gold("-12.6", scale="million"), "The change is $(12.6) million.", "right"),
    (CHANGE, gold("-22.22", scale="percent"), "Other fell by 22.2%.", "right"),
    (RATIO, gold("0.69 times"), "The quick ratio was 0.69x in FY2022.", "right"),
    (RATIO, gold("0.69 times"), "The quick ratio is 69%.", "right"),
    (SHARE, gold("$0.55"), "CVS paid $0.55 per share.", "right"),
    ("How much is the spread?", gold("0.25%"), "It is 25 basis points.", "right"),
    ("How many sites are there?", gold("12"), "There are 12 sites.", "right"),
    (EBITDA, gold("Adj. EBITDA was $2,018mn in FY 2023"), "It was $2,018 million.", "right"),
    (EBITDA, gold("Adj. EBITDA was $2,018mn in FY 2023"), "It was $2,117 million.", "wrong", "other amount"),
    # scale
    (CAPEX, gold("$1577.00"), "$1,577 billion", "wrong", "wrong scale"),
    (CAPEX, gold("$1577.00"), "$1.577 million", "wrong", "wrong scale"),
    (PPE, gold("$8.70"), "Net PPE was $8.738 million.", "wrong", "wrong scale"),
    (PPE, gold("$8.70"), "Net PPE was $8,738.", "wrong", "wrong scale"),
    (PPE, gold("$8.70"), "Net PPE (in thousands) was 8,700.", "wrong", "wrong scale"),
    (SALES, gold("$1,496.5", scale="million"), "They were $1,496.5 thousand.", "wrong", "wrong scale"),
    (SALES, gold("$1,496.5", scale="million"), "$1,496.5 billion", "wrong", "wrong scale"),
    # sign and direction
    (CHANGE, gold("-12.6", scale="million"), "It increased by $12.6 million.", "wrong", "wrong sign"),
    (CHANGE, gold("-12.6", scale="million"), "The change was 12.6 million.", "wrong", "wrong sign"),
    (CHANGE, gold("12.6", scale="million"), "The change was -12.6 million.", "wrong", "wrong sign"),
    (CHANGE, gold("12.6", scale="million"), "It decreased by $12.6 million.", "wrong", "wrong sign"),
    (CHANGE, gold("-22.22", scale="percent"), "A 22.22% increase.", "wrong", "wrong sign"),
    ("What was the net revenue?", gold("-$473 million"), "It was $473 million.", "wrong", "wrong sign"),
    ("What was the net revenue?", gold("-$473 million"), "Net revenue was $(473) million.", "right"),
    ("What was the net revenue?", gold("-$473 million"), "There was a net loss of $473 million.", "right"),
    # unit
    (GROWTH, gold("101.5%"), "$101.5 million", "wrong", "other unit"),
    (SHARE, gold("$0.55"), "0.55%", "wrong", "other unit"),
    (SHARE, gold("$0.55"), "€0.55 per share", "wrong", "other unit"),
    # another amount, or none
    (CAPEX, gold("$1577.00"), "$1,420 million", "wrong", "other amount"),
    (CAPEX, gold("$1577.00"), "about $2 billion", "wrong", "other amount"),
    (GROWTH, gold("101.5%"), "102%", "right"),  # rounded more coarsely, within a hundredth
    (GROWTH, gold("101.5%"), "110%", "wrong", "other amount"),
    (RATIO, gold("0.69 times"), "0.67", "wrong", "other amount"),
    (CAPEX, gold("$1577.00"), "Capital expenditure is money spent on fixed assets.", "wrong", "no amount"),
    (CAPEX, gold("$1577.00"), "In 2018 it was as stated in Note 4 on December 31, 2018.", "wrong"),
    # period
    (CAPEX, gold("$1577.00"), "Capital expenditure was $1,577 million in 2017.", "wrong", "wrong period"),
    (CAPEX, gold("$1577.00"), "In FY2016, $1,577 million were spent.", "wrong", "wrong period"),
    (CAPEX, gold("$1577.00"), "It was $1,373 million in 2017 and $1,577 million in 2018.", "right"),
    (SALES, gold("$1,496.5", scale="million"), "Sales were 1,202.9 in 2018 and 1,496.5 in 2019.", "right"),
    (SALES, gold("$1,496.5", scale="million"), "Sales were 1,496.5 in 2018 and 1,202.9 in 2019.", "wrong"),
    (CAPEX, gold("$1577.00"), "Purchases of PP&E | 2018: (1,577) | 2017: (1,373)", "right"),
    (CAPEX, gold("$1577.00"), "Purchases of PP&E | 2018: (1,373) | 2017: (1,577)", "wrong", "wrong period"),
    ("In which year were sales the largest?", gold("2019"), "Sales were the largest in 2019.", "right"),
    ("In which year were sales the largest?", gold("2019"), "2018, before 2019.", "wrong", "other year"),
    ("Which years does the table show?", gold("2019", "2018"), "It shows 2018 and 2019.", "right"),
    ("Which years does the table show?", gold("2019", "2018"), "2019, 2017 and 2018.", "wrong", "other year"),
    ("What is the average?", gold("1972", scale="million"), "1,972 million on average.", "right"),
    # more numbers than one
    (CAPEX, gold("$1577.00"), "It was either $1,577 million or $1,420 million.", "wrong", "hedged"),
    (CAPEX, gold("$1577.00"), "Somewhere between $1,420 million and $1,577 million.", "wrong", "hedged"),
    (CAPEX, gold("$1577.00"), "1, 2, 3, 4, 5, 6, 7, 8, 1,577", "wrong", "one of many"),
    (CAPEX, gold("$1577.00"), "Sales were $32,765 million; $1,577 million were invested.", "right"),
    # yes and no
    (DEBT, gold("No. Its debt fell by $229 million."), "No, it fell.", "right"),
    (DEBT, gold("No. Its debt fell by $229 million."), "Yes, by $229 million.", "wrong", "opposite"),
    (DEBT, gold("No. Its debt fell by $229 million."), "Debt decreased by $229 million.", "right"),
    (DEBT, gold("No. Its debt fell by $229 million."), "Debt increased by $229 million.", "wrong"),
    (DEBT, gold("Yes, it did"), "Debt is a liability.", "wrong", "undecided"),
    (DEBT, gold("Yes, it did"), "Based on the balance sheet, yes.", "right"),
    (DEBT, gold("Yes, it did"), "The debt rose. Therefore, yes.", "right"),
    (DEBT, gold("Yes, it did"), "Perhaps.", "wrong", "undecided"),
    # words and lists
    (WHICH, gold("Corporate. Its revenue was -$473 million."), "Corporate had the lowest.", "right"),
    (WHICH, gold("Corporate. Its revenue was -$473 million."), "Consumer banking.", "wrong", "other words"),
    (LIST, gold("Trillium, Array, and Therachon"), "Array, Therachon and Trillium [1].", "right"),
    ("How did sales change?", gold("Growth was flat."), "Price growth was 5%.", "wrong", "other words"),
    (LIST, gold("Trillium", "Array", "Therachon"), "Array and Therachon.", "wrong", "other words"),
    ("Which types?", gold("fixed-price type", "cost-plus type"), "Fixed-price and cost-plus.", "right"),
    # refusals in words
    (CAPEX, gold("$1577.00"), "", "refused"),
    (CAPEX, gold("$1577.00"), "I don't know.", "refused"),
    (CAPEX, gold("$1577.00"), "I'm sorry, but I cannot determine that.", "refused"),
    (CAPEX, gold("$1577.00"), "The provided context does not contain this information.", "refused"),
    (CAPEX, gold("$1577.00"), "The capital expenditure is not mentioned in the sources.", "refused"),
    (CAPEX, gold("$1577.00"), "There is not enough information to answer the question.", "refused"),
    (CAPEX, gold("$1577.00"), "It was $1,577 million. The reason is not stated.", "right"),
    (DEBT, gold("Yes, it did"), "No information is given about the debt.", "refused"),
]  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=[f"{i}: {row[2][:40]}" for i, row in enumerate(ROWS)])
def test_outcome(row):
    question, wanted, reply, outcome, *reason = row
    judged = judge(question, wanted, reply)
    assert judged.outcome == outcome, judged.reason
    assert not reason or judged.reason == reason[0]


def test_a_reader_decides_where_the_reply_does_not():
    wanted = Gold(label="yes")
    assert judge("Is it?", wanted, "It was seen in most patients.").reason == "undecided"
    assert judge("Is it?", wanted, "It was seen in most patients.", said="yes").outcome == "right"
    assert judge("Is it?", wanted, "No. It was not seen.", said="yes").outcome == "wrong"


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("$(473) million and (370)", [-473_000_000, -370]),
        ("fell 5 to 10% [3] in FY2022 (Q3)", [5, 10]),
        ("a 10-K of 2018, dated July 1, 2022", []),
        ("3M has 4 segments; COVID19 cost $1.2bn", [4, 1_200_000_000]),
        ("12x, 3.5 times, 40 basis points", [12, 3.5, 0.4]),
        ("−7 and -8", [-7, -8]),
    ],
)
def test_amounts(text, values):
    assert [float(one.value) for one in amounts(text)] == values


def test_years_and_scales():
    assert [one.year for one in periods("FY22, 2021 and fiscal 2020, not $2019 million or 2,018")] == [
        2022,
        2021,
        2020,
    ]
    assert declared_scale("(in thousands, except shares)") == 3
    assert declared_scale("Answer in USD billions.") == 9
    assert declared_scale("The amount in dollars") is None


def test_a_refusal_is_the_first_thing_said():
    assert refuses("Unfortunately, I do not know that.")
    assert not refuses("Sales rose. The cause is not stated.")
    assert not refuses("No, debt fell; details are not provided.")
    assert decision("**Yes**, it did [1].") == "yes"
    assert decision("No data are given.") is None
