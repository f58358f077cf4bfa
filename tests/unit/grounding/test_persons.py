"""One person's data is never the answer about another."""

import pytest

from ragslm.grounding.persons import ANOTHER_PERSON, lower_other_persons
from ragslm.protocols import Unit
from ragslm.types import Passage

ANN, BEN = "PERSON_7K3QXA", "PERSON_8M4RYB"


def unit_of(number: int, text: str, document: str, score: float, title: str = "Record") -> Unit:
    passage = Passage(
        id=number, document_id=document, uri="u", title=title, page=None, section=None, text=text,
        start=0, end=len(text),
    )  # fmt: skip
    return Unit(label=str(number), text=text, passage=passage, start=0, end=len(text), score=score)


@pytest.mark.parametrize(
    ("question", "texts", "best"),
    [
        # the other patient's value scores higher, the asked one's is taken
        (f"What was {ANN}'s BMI?", [f"BMI 30, patient {BEN}.", f"BMI 22, patient {ANN}."], "2"),
        # nothing is said about a person: general knowledge stays
        (f"Is {ANN} overweight?", ["A BMI above 25 is overweight.", f"BMI 22, patient {BEN}."], "1"),
        # nobody is asked about
        ("What was the BMI?", [f"BMI 30, patient {BEN}.", f"BMI 22, patient {ANN}."], "1"),
        # both are asked about
        (f"Did {ANN} pay {BEN}?", [f"Debit to {BEN}.", "Nothing else."], "1"),
    ],
)
def test_who_is_asked_about(question: str, texts: list[str], best: str) -> None:
    units = [unit_of(i, text, f"d{i}", 1 - i / 10) for i, text in enumerate(texts, 1)]
    ranked = lower_other_persons(question, units, [unit.passage for unit in units])
    assert ranked[0].label == best


def test_only_another_patient_is_no_answer() -> None:
    units = [unit_of(1, f"BMI 30, patient {BEN}.", "d", 0.97)]
    ranked = lower_other_persons(f"What was {ANN}'s BMI?", units, [units[0].passage])
    assert ranked[0].score == ANOTHER_PERSON


def test_a_statement_names_its_owner_in_its_head_alone() -> None:
    units = [unit_of(1, f"Debit to {BEN}, rent.", "s", 0.9), unit_of(2, f"Owner {ANN}.", "s", 0.2)]
    ranked = lower_other_persons(f"How much rent did {ANN} pay?", units, [unit.passage for unit in units])
    assert ranked[0].score == 0.9
