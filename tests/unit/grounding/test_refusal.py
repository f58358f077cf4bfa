"""Whether evidence answers: what the judgement is made of, and when passages are read for it."""

import pytest

from ragslm.grounding.refusal import answerability_features, judge_answerable
from ragslm.protocols import Unit
from ragslm.types import Passage

TEXT = "Usher syndrome causes loss of hearing. Cohen disease is rare."
PASSAGE = Passage(
    id=7, document_id="d", uri="d", title="Usher syndrome", page=None, section="Causes", text=TEXT, start=0,
    end=len(TEXT),
)  # fmt: skip


def unit(score):
    return Unit(label="1", text=TEXT[:38], passage=PASSAGE, start=0, end=38, score=score)


class Reader:
    """A cross-encoder that always says the same, and remembers what it was given."""

    def __init__(self, relevance):
        self.relevance = relevance
        self.given = []

    def scores(self, question, passages):
        self.given.append((question, *passages))
        return [self.relevance] * len(passages)


@pytest.mark.parametrize(
    ("question", "brief", "apart", "missing"),
    [
        ("What causes Usher syndrome?", 1 / 2, 0, 0),  # a generic word says nothing of the subject
        ("What causes Cohen syndrome?", 1 / 2, 1 / 2, 0),  # both words are there, not together
        ("What causes Ushers?", 1, 0, 0),  # another ending
        ("What causes gout?", 1, 1, 1),
        ("What?", 1, 0, 0),
    ],
)
def test_features(question, brief, apart, missing):
    seen = answerability_features(question, [unit(0.5)], {7: PASSAGE})
    assert (seen.score, seen.brief, seen.apart, seen.missing) == pytest.approx((0, brief, apart, missing))


def test_another_subject_in_the_same_words_is_less_answerable():
    right, wrong = (
        judge_answerable(f"What causes {what} syndrome?", [unit(0.9)]) for what in ("Usher", "Cohen")
    )
    assert wrong < 0.5 < right


def test_in_doubt_the_passage_is_read_below_its_title_and_section():
    question = "What makes people with Usher syndrome go deaf early in childhood?"
    yes, no = Reader(9.0), Reader(-9.0)
    assert judge_answerable(question, [unit(0.5)], yes) > 0.5 > judge_answerable(question, [unit(0.5)], no)
    assert yes.given == [(question, f"Usher syndrome › Causes\n{TEXT}")]


def test_what_is_clear_is_not_read():
    reader = Reader(9.0)
    assert judge_answerable("What causes Usher syndrome?", [unit(0.9999)], reader) > 0.9
    assert judge_answerable("What causes gout?", [unit(0.01)], reader) < 0.2
    assert judge_answerable("", [unit(0.9)], reader) == judge_answerable("What?", [], reader) == 0
    assert reader.given == []
