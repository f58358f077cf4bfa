"""One person's data is never the answer about another."""

import hashlib

import numpy as np
import pytest

from ragslm._persons import of_the_person_asked, persons
from ragslm._questions import parts
from ragslm.grounding.answerability import Judge, fitted
from ragslm.grounding.ranker import Ranker
from ragslm.types import Passage

ANN, BEN = "PERSON_7K3QXA", "PERSON_8M4RYB"


def passage(number: int, text: str, document: str | None = None, title: str = "Record") -> Passage:
    return Passage(
        id=number, document_id=document or f"d{number}", uri="u", title=title, page=None, section=None,
        text=text, start=0, end=len(text),
    )  # fmt: skip


def passages(*texts: str) -> list[Passage]:
    return [passage(number, text) for number, text in enumerate(texts, 1)]


@pytest.mark.parametrize(
    ("question", "found", "left"),
    [
        # the other patient's value is no answer
        (f"What was {ANN}'s BMI?", passages(f"BMI 30, patient {BEN}.", f"BMI 22, patient {ANN}."), [2]),
        # nothing is said about a person: general knowledge stays
        (f"Is {ANN} overweight?", passages("A BMI above 25 is overweight.", f"BMI 22, patient {BEN}."), [1]),
        # nobody is asked about
        ("What was the BMI?", passages(f"BMI 30, patient {BEN}.", f"BMI 22, patient {ANN}."), [1, 2]),
        # both are asked about
        (f"Did {ANN} pay {BEN}?", passages(f"Debit to {BEN}.", "Nothing else."), [1, 2]),
        # only the other one is known
        (f"What was {ANN}'s BMI?", passages(f"BMI 30, patient {BEN}."), []),
        # named in the title alone
        (f"What was {ANN}'s BMI?", [passage(1, "BMI 30.", title=f"Patient {BEN}")], []),
        # a statement names its owner in its head alone
        (f"How much rent did {ANN} pay?",
         [passage(1, f"Debit to {BEN}, rent.", "s"), passage(2, f"Owner {ANN}.", "s")], [1, 2]),
    ],
)  # fmt: skip
def test_who_is_asked_about(question: str, found: list[Passage], left: list[int]) -> None:
    assert [one.id for one in of_the_person_asked(question, found)] == left


def test_each_person_is_told_once_in_order() -> None:
    assert persons(f"{BEN}, {ANN} and {BEN} of ORGANIZATION_7K3QXA") == [BEN, ANN]


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        # the second part means the person of the first
        (
            f"What is the creatinine of {ANN}, and what was the last haemoglobin?",
            [f"What is the creatinine of {ANN}", f"what was the last haemoglobin? ({ANN})"],
        ),
        # it names its own
        (
            f"What is the BMI of {ANN}, and what is the BMI of {BEN}?",
            [f"What is the BMI of {ANN}", f"what is the BMI of {BEN}?"],
        ),
        # nobody
        ("What is the fee, and what is the limit?", ["What is the fee", "what is the limit?"]),
    ],
)
def test_a_part_of_a_question_is_about_the_same_person(question: str, asked: list[str]) -> None:
    assert parts(question) == asked


class Words:
    """Embeds a text as the bag of its words."""

    dim = 64

    def embed(self, texts):
        rows = np.zeros((len(texts), self.dim), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in text.lower().split():
                row[hashlib.sha256(word.encode()).digest()[0] % self.dim] += 1
        return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6)


class Convinced:
    """A cross-encoder that finds everything relevant."""

    def scores(self, question, passages):
        return [9.0] * len(passages)


@pytest.mark.parametrize("judges", [[], [Judge(Convinced(), fitted())]])
def test_a_reader_is_shown_nothing_of_another_patient(judges) -> None:
    ranker = Ranker(Words(), judges=judges)
    ben = passage(1, f"{BEN} is allergic to penicillin (rash).", "ben")
    ann = passage(2, f"{ANN} came for a check of the blood pressure.", "ann")
    question = f"Is {ANN} allergic to penicillin?"
    assert ranker.answerable(question, ranker.units(question, [ben])) == 0
    units = ranker.units(question, [ben, ann])
    assert [unit.passage.id for unit in units] == [2]
    assert [unit.passage.id for unit in ranker.select(units, 3)] == [2]
