"""What the reader of rules is trained on, and how it learns."""

import json
from pathlib import Path
from random import Random

import numpy as np

from ragslm._sentences import content_words
from ragslm.grounding.answerability import FITTED_RULES, fitted
from ragslm.retrieval.cross_encoder import RULES
from ragslm.specialise import rule_reader
from ragslm.specialise.mining import Nearest
from ragslm.specialise.rule_reader import drawn, other_rules
from ragslm.specialise.sources import Asked, Pool, Source

DATA = Path(__file__).parents[2] / "data"


class Words:
    """Embeds a text as the words it shares with a few; no model."""

    dim = 4

    def embed(self, texts):
        rows = [[float(word in text.lower()) for word in ("fee", "loan", "card")] + [0.1] for text in texts]
        return np.array([np.array(row) / np.linalg.norm(row) for row in rows], dtype=np.float32)


def test_questions_of_other_rules_are_trained_on_or_left_for_the_curve():
    taught, left = other_rules(taught=True), other_rules(taught=False)
    assert len(taught) > len(left) > 80
    assert not set(taught) & set(left)


def test_no_question_of_other_rules_measures():
    lines = (DATA / "unanswerable" / "questions.jsonl").read_text("utf-8").splitlines()
    measuring = [set(content_words(json.loads(line)["text"])) for line in lines]
    for question in other_rules(taught=True) + other_rules(taught=False):
        words = set(content_words(question))
        assert all(len(words & one) < 0.6 * len(words | one) for one in measuring), question


def test_the_nearest_passages_come_first():
    nearest = Nearest(["\nA fee is told.", "\nA card is sent.", "\nA loan is made."], Words())
    assert nearest("What does a loan cost?")[0] == 2


def test_pairs_hold_what_answers_and_what_only_looks_like_it(monkeypatch):
    rules = Pool(
        ["\nA fee is told before.", "\nA card is sent on request.", "\nA loan is refused in writing."],
        [Asked("When do I hear of the fee?", frozenset([0]), "1005.7")],
    )
    reports = Pool(
        ["\nSales | 4"],
        [
            Asked("What were sales?", frozenset([0]), "a"),
            Asked("What was measured?", frozenset([0]), "b"),
        ],
    )
    monkeypatch.setattr(rule_reader, "REGULATIONS", Source("rules", "", 9, lambda data: rules))
    monkeypatch.setattr(rule_reader, "TATQA", Source("reports", "", 9, lambda data: reports))
    monkeypatch.setattr(rule_reader, "held_out", lambda group: False)
    monkeypatch.setattr(rule_reader, "other_rules", lambda taught: ["Is my loan insured?"])
    monkeypatch.setattr("ragslm.specialise.mining.HARD", 1)
    pairs = list(drawn(Path(), frozenset(["What was measured?"]), Words(), Random(0)))
    answered = [(one.question, one.passage) for one in pairs if one.answers]
    assert answered == [
        ("When do I hear of the fee?", rules.passages[0]),
        ("What were sales?", reports.passages[0]),
    ]
    others = {(one.question, one.passage) for one in pairs if not one.answers}
    assert ("Is my loan insured?", rules.passages[2]) in others
    assert ("When do I hear of the fee?", rules.passages[0]) not in others
    assert {question for question, _ in others} == {
        "When do I hear of the fee?",
        "Is my loan insured?",
        "What were sales?",
    }


def test_what_is_shipped_speaks_for_what_is_read():
    assert RULES.stat().st_size < 5_000_000
    curve = fitted(FITTED_RULES)
    assert curve.relevance > 0
