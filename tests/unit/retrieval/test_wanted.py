"""Which questions want an amount, a time, a day, a reference or a name, and what has one."""

import numpy as np
import pytest

from ragslm.retrieval.index import Found
from ragslm.retrieval.wanted import wanted_first
from ragslm.types import Passage


def order(question, *texts, score=0.78):
    """Ids of texts, the first scored 0.8 and the others `score`, as the question wants them."""
    passages = {
        id_: Passage(
            id=id_, document_id="d", uri="u", title="t", page=None, section=None, text=text, start=0,
            end=len(text),
        )
        for id_, text in enumerate(texts, 1)
    }  # fmt: skip
    scores = np.array([0.8, *[score] * (len(texts) - 1)])
    found = wanted_first(question, Found(np.array(list(passages)), scores), passages)
    assert found.scores.max() <= 1
    return found.ids.tolist()


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
    assert order(question, "head", "took 5 EUR, 55 %") == ([2, 1] if asks else [1, 2])


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
    assert order("How much?", "head", text) == ([2, 1] if gains else [1, 2])


def test_a_share_is_wanted_as_a_share():
    share = "Of 100 leukocytes 55 % are neutrophils"
    assert order("What percentage are neutrophils?", "Blood with neutrophils 58 10*3/uL", share) == [2, 1]


def test_an_amount_does_not_outweigh_what_is_said():
    assert order("How much?", "head", "5 EUR", score=0.6) == [1, 2]


@pytest.mark.parametrize(
    ("question", "text", "gains"),
    [
        ("the balance on 22 May 2011", "Closing balance on 2011-05-22", True),
        ("the balance on 2011-05-22", "Closing balance, May 22nd, 2011", True),  # another writing
        ("the balance on 22 May 2011", "Closing balance on 2011-05-23", False),  # another day
        ("the balance in May 2011", "Closing balance on 2011-05-22", False),  # no day
        ("When was mandate M-0471 signed?", "Paper of mandate M-0471, 2021", True),
        ("When was mandate M-0471 signed?", "Paper of mandate M-0472, 2021", False),
        ("Is it diabetes type 2?", "Notes on diabetes, type 2", True),  # something numbered
        ("Is it diabetes type 2?", "Notes on diabetes, type 2a", False),
        ("Which part has Information V2?", "Remittance information V2", True),
        ("Which part has Information V2?", "Remittance information V3", False),
        ("Is a dose of 2.5 mg usual, over 10%?", "Notes on a dose of 2 mg, over 10 mg", False),  # an amount
        ("sales of FY2018", "Yearly sales of FY2018", False),  # a period
    ],
)
def test_what_has_the_day_or_the_reference(question, text, gains):
    assert order(question, "head", text) == ([2, 1] if gains else [1, 2])


@pytest.mark.parametrize(
    ("question", "gains"),
    [
        ("When was it verified?", True),
        ("On which date is it due?", True),
        ("What must be sent when an error is found?", False),  # not asked, told
        ("Who verified it?", False),
    ],
)
def test_a_time_is_wanted_as_a_day(question, gains):
    assert order(question, "head", "All signed by A. B. on 2001-02-13") == ([2, 1] if gains else [1, 2])


def test_what_is_called_so_comes_before_what_has_a_longer_name():
    longer, own = "Cholesterol in HDL: 1.3 mmol/L", "Cholesterol: 6.3 mmol/L"
    assert order("What is the cholesterol?", longer, own) == [2, 1]
    assert order("What is the cholesterol in the HDL?", longer, own) == [1, 2]


def test_a_question_made_of_numbers_wants_a_few_of_them():
    many = " ".join(f"Grade {number}" for number in range(100))
    assert order(many, "head", "notes on grade 90", score=0.79) == [1, 2]
    assert order(many, "head", "notes on grade 2", score=0.79) == [2, 1]
