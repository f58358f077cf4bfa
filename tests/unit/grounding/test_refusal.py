"""Whether evidence answers: what the judgement is made of, and what it makes of it."""

import re

import pytest

from ragslm.grounding.answerability import READ, Answerability, Judge, Meeting, fitted, meet
from ragslm.grounding.refusal import judge_answerable
from ragslm.protocols import Unit
from ragslm.types import Passage

TEXT = "Usher syndrome causes loss of hearing. Cohen disease is rare."


def unit(score, text=TEXT, title="Usher syndrome", section="Causes", id_=7):
    passage = Passage(
        id=id_, document_id="d", uri="d", title=title, page=None, section=section, text=text, start=0,
        end=len(text),
    )  # fmt: skip
    return Unit(label="1", text=text, passage=passage, start=0, end=len(text), score=score)


class Reader:
    """A cross-encoder that always says the same, and remembers what it was given."""

    def __init__(self, relevance):
        self.relevance = relevance
        self.given = []

    def scores(self, question, passages):
        self.given.append((question, *passages))
        return [self.relevance] * len(passages)


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("What causes Usher syndrome?", 0),  # a generic word says nothing of the subject
        ("What causes Marfan syndrome?", 1 / 2),
        ("What causes Ushers?", 0),  # another ending
        ("What causes gout?", 1),
        ("What?", 0),
    ],
)
def test_words_that_stand_nowhere_are_missing(question, missing):
    assert meet(question, [unit(0.5)], Reader(1.5)) == Meeting(missing, 1.5)


def test_what_one_passage_lacks_another_may_have():
    both = [unit(0.9), unit(0.5, text="Gout is painful.", title="Gout", id_=8)]
    assert meet("Is gout rarer than Usher syndrome?", both, Reader(0.0)).missing == pytest.approx(1 / 4)


def test_the_passages_of_the_best_units_are_read_below_title_and_section():
    reader = Reader(2.5)
    meet("What causes Usher syndrome?", [unit(0.9, id_=number) for number in range(READ + 2)], reader)
    assert reader.given == [("What causes Usher syndrome?", *[f"Usher syndrome › Causes\n{TEXT}"] * READ)]


def test_what_is_missing_speaks_against_and_what_is_read_for_it():
    curve = fitted()
    assert curve.missing < 0 < curve.relevance
    assert Answerability(-1.0, 1.0, 0.0).probability(Meeting(0.5, 0.5)) == 0.5


def test_a_record_answers_what_stands_in_it_and_no_more():
    balance = unit(0.3, text="Closing balance: 1,204.55 EUR", title="statement", section=None)
    assert judge_answerable("What is the closing balance?", [balance], [Judge(Reader(3.0), fitted())]) > 0.5
    assert judge_answerable("What is the potassium?", [balance], [Judge(Reader(-3.0), fitted())]) < 0.5


def test_what_one_of_two_judges_finds_answered_is():
    usher, answers = [unit(0.3)], Answerability(0.0, 1.0, 0.0)
    no, yes = Judge(Reader(-4.0), answers), Judge(Reader(4.0), answers)
    assert judge_answerable("What causes Usher syndrome?", usher, [no, yes]) > 0.9
    assert judge_answerable("What causes Usher syndrome?", usher, [no, no]) < 0.1


def test_a_judge_reads_as_many_passages_as_its_curve_was_fitted_for():
    reader = Reader(1.0)
    Judge(reader, fitted(), 2).probability(
        "What causes Usher syndrome?", [unit(0.9, id_=i) for i in range(4)]
    )
    assert [len(passages) for _, *passages in reader.given] == [2]


def test_a_judge_of_rules_reads_nothing_else():
    reader, yes = Reader(9.0), Answerability(0.0, 1.0, 0.0)
    judge = Judge(reader, yes, 8, re.compile(r"^12 CFR \d"))
    rule = unit(0.2, title="12 CFR 1005 Electronic Fund Transfers", section="1005.6(b)", id_=8)
    assert judge.probability("What causes Usher syndrome?", [unit(0.9)]) == 0
    assert judge.probability("What causes Usher syndrome?", [unit(0.9), rule]) > 0.9
    assert [passages for _, *passages in reader.given] == [
        [f"12 CFR 1005 Electronic Fund Transfers › 1005.6(b)\n{TEXT}"]
    ]


def test_without_a_judge_the_best_unit_decides():
    assert judge_answerable("What causes Usher syndrome?", [unit(0.4), unit(0.7, id_=8)]) == 0.7


def test_another_drug_and_nothing_at_all_are_no_answer():
    known = unit(0.99, text="Warfarin is taken once a day.", title="Warfarin")
    assert judge_answerable("How often is apixaban taken?", [known], [Judge(Reader(9.0), fitted())]) <= 0.3
    assert judge_answerable("", [known]) == judge_answerable("What?", []) == 0


@pytest.mark.parametrize(
    ("question", "known"),
    [
        ("What was the change in costs from 2018 to 2020?", False),
        ("In which year were the costs largest?", False),
        ("What were the costs in 2021?", True),
        ("What were the costs?", True),
        ("Which rule was in force on 1 March 2019?", True),  # a rule need not name the day
    ],
)
def test_another_year_is_no_answer(question, known):
    text = "Costs are named in the notice. The costs rule applies to the costs."
    costs = unit(0.99, text=f"{text} Costs of 2021 count." if "2021" in question else text, title="Costs")
    assert (judge_answerable(question, [costs], [Judge(Reader(9.0), fitted())]) > 0.3) is known
