"""Which questions want an amount, a day or a reference, and what has one."""

import numpy as np
import pytest

from ragslm.retrieval.index import Found
from ragslm.retrieval.wanted import asks_amount, wanted_first


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("How much was paid to the grocer?", True),  # money
        ("Which amount was settled on 4 June 2024?", True),  # named
        ("How much does the patient weigh?", True),  # a quantity
        ("Who bears the charges?", False),  # a party
        ("How many entries are there?", False),  # a count
        ("What is the platelet count?", True),  # a result
        ("What was the potassium level on 2 March 2024?", True),  # with its day
        ("Which dose of atenolol is prescribed?", True),  # a quantity by its name
        ("What percentage of the white cells are neutrophils?", True),  # a share
        ("Which events count as an error?", False),  # a verb
        ("What is a level of care?", False),  # a grade
    ],
)
def test_what_asks_for_an_amount(question, asks):
    assert asks_amount(question) is asks


@pytest.mark.parametrize(
    ("text", "gains"),
    [
        ("credit transfer of 10.00 EUR", True),  # code after
        ("liable for up to $50", True),  # sign before
        ("Body Weight: 86.8 kg", True),  # a unit
        ("saturation 98%", True),  # percent
        ("Batch 7, due on 2024-06-04, number of payments 1", False),  # numbers alone
        ("Ibuprofen 400 MG", True),  # records write units in capitals
        ("0.5 g twice a day", True),  # one letter, small
        ("Section 5 G of the agreement", False),  # a letter of a list
        ("as in Article 5 m", False),  # the same, small
        ("a 5g network", False),  # a technique
        ("Platelets 210000 {cells}/uL", True),  # as UCUM writes what is counted
        ("Leukocytes 6.7 10*9/L", True),  # and powers of ten
        ("12 megabytes", False),  # a word that begins like a unit
        ("", False),  # nothing
    ],
)
def test_what_has_an_amount(text, gains):
    found = wanted_first("How much?", Found(np.array([1, 2]), np.array([0.80, 0.78])), {1: "head", 2: text})
    assert found.ids.tolist() == ([2, 1] if gains else [1, 2])
    assert found.scores.max() <= 1


def test_a_share_is_wanted_as_a_share():
    texts = {1: "Neutrophils 58 10*3/uL", 2: "Neutrophils/100 leukocytes 55 %"}
    found = wanted_first(
        "What percentage are neutrophils?", Found(np.array([1, 2]), np.array([0.80, 0.78])), texts
    )
    assert found.ids.tolist() == [2, 1]


def test_an_amount_does_not_outweigh_what_is_said():
    found = wanted_first(
        "How much?", Found(np.array([1, 2]), np.array([0.80, 0.60])), {1: "head", 2: "5 EUR"}
    )
    assert found.ids.tolist() == [1, 2]


@pytest.mark.parametrize(
    ("question", "text", "gains"),
    [
        ("the balance on 22 May 2011", "Closing balance on 2011-05-22", True),
        ("the balance on 2011-05-22", "Closing balance, May 22nd, 2011", True),  # another writing
        ("the balance on 22 May 2011", "Closing balance on 2011-05-23", False),  # another day
        ("the balance in May 2011", "Closing balance on 2011-05-22", False),  # no day
        ("When was mandate M-0471 signed?", "mandate M-0471, of 2021", True),
        ("When was mandate M-0471 signed?", "mandate M-0472, of 2021", False),
        ("sales of FY2018", "sales of FY2018", False),  # a period
    ],
)
def test_what_has_the_day_or_the_reference(question, text, gains):
    found = wanted_first(question, Found(np.array([1, 2]), np.array([0.80, 0.78])), {1: "head", 2: text})
    assert found.ids.tolist() == ([2, 1] if gains else [1, 2])
