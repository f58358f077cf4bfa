"""What comparing sentences and pieces does to the order, with words that are near themselves alone."""

import time
from collections.abc import Sequence

import numpy as np
import pytest

from ragslm.retrieval.in_time import BLOCK
from ragslm.retrieval.index import Found
from ragslm.retrieval.late_interaction import LateInteraction, Read

WIDTH = 64


class Words:
    """Reads each word as a direction of its own; remembers what it read."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.texts: list[str] = []
        self._known: dict[str, int] = {}
        self._seconds = seconds

    def read(self, texts: Sequence[str]) -> Sequence[Read]:
        time.sleep(self._seconds)
        self.texts += texts
        return [self._read(text) for text in texts]

    def _read(self, text: str) -> Read:
        words = [word.strip(".?").lower() for word in ("[", *text.split(), "]")]
        pieces = [self._known.setdefault(word, len(self._known)) for word in words]
        states = np.eye(WIDTH, dtype=np.float32)[[piece % WIDTH for piece in pieces]]
        total = states.sum(axis=0)
        return Read(pieces, states, total / np.linalg.norm(total))


def found(scores: Sequence[float]) -> Found:
    return Found(np.arange(len(scores), dtype=np.int64), np.array(scores))


def ordered(question: str, scores: Sequence[float], texts: Sequence[str], most: int = 10) -> Found:
    reader = Words()
    compared = LateInteraction(reader, most=most, seconds=1)
    vector = reader.read([question])[0].vector
    return compared.order(question, vector, found(scores), dict(enumerate(texts)))


def test_a_sentence_that_says_it_outweighs_the_same_words_apart() -> None:
    said = "Terms\nFees are due monthly. Cards look nice on trains."
    apart = "Terms\nFees look nice. Cards are due on trains monthly."
    assert ordered("Fees are due monthly?", [0.8, 0.78], [apart, said]).ids.tolist() == [1, 0]


def test_a_piece_that_few_passages_hold_weighs_more() -> None:
    texts = [f"T\nThe bank may charge {word} for it." for word in ("fees", "fees", "interest", "fees")]
    ranked = ordered("May the bank charge interest fees?", [0.8, 0.79, 0.78, 0.77], texts)
    assert ranked.ids[0] == 2


def test_a_header_is_compared_too() -> None:
    texts = ["Income\nTotal | 5", "Cash flows\nTotal | 7"]
    assert ordered("Total of cash flows?", [0.8, 0.79], texts).ids.tolist() == [1, 0]


def test_scores_fall_and_stay_below_the_best_fused_one() -> None:
    texts = ["a\nOne thing.", "b\nFees are due.", "c\nAnother thing.", "d\nFees here."]
    ranked = ordered("Fees are due?", [0.9, 0.5, 0.5, 0.49], texts, most=2)
    assert ranked.scores.tolist() == sorted(ranked.scores.tolist(), reverse=True)
    assert ranked.scores[0] == pytest.approx(0.9)
    assert sorted(ranked.ids[:2].tolist()) == [0, 1]
    assert ranked.ids[2:].tolist() == [2, 3]
    assert (ranked.scores >= 0).all()


def test_what_is_not_read_scores_below_what_was_read_and_says_little() -> None:
    texts = ["a\nFees are due.", "b\nTrains look nice.", "c\nFees are due."]
    ranked = ordered("Fees are due?", [0.9, 0.89, 0.88], texts, most=2)
    assert ranked.ids.tolist() == [0, 1, 2]
    assert ranked.scores.tolist() == sorted(ranked.scores.tolist(), reverse=True)


def test_what_is_not_read_stays_behind_in_its_order() -> None:
    reader = Words(seconds=0.05)
    compared = LateInteraction(reader, most=30, seconds=0.01)
    texts = {i: f"t\nPassage number {i}." for i in range(30)}
    vector = reader.read(["number 29"])[0].vector
    ranked = compared.order("number 29", vector, found(np.linspace(0.9, 0.5, 30).tolist()), texts)
    assert ranked.ids[BLOCK:].tolist() == list(range(BLOCK, 30))
    assert "Passage number 29." not in reader.texts


def test_a_sentence_of_many_passages_is_read_once() -> None:
    reader = Words()
    texts = {i: "Notice\nThe same words in every letter." for i in range(5)}
    LateInteraction(reader, most=5, seconds=1).order(
        "What?", reader.read(["What"])[0].vector, found([0.5] * 5), texts
    )
    assert reader.texts.count("The same words in every letter.") == 1


def test_a_passage_of_full_stops_is_not_read_to_its_end() -> None:
    reader = Words()
    texts = {i: "h\n" + "\n".join(f"{i} x{j}." for j in range(5000)) for i in range(2)}
    LateInteraction(reader, most=2, seconds=1).order(
        "What?", reader.read(["What"])[0].vector, found([0.5, 0.4]), texts
    )
    assert len(reader.texts) < 250


@pytest.mark.parametrize("texts", [{}, {0: "a\nOnly one."}, {0: "", 1: "\n"}, {1: "t\n", 2: "x"}])
@pytest.mark.parametrize("question", ["", "?", "Fees?"])
def test_little_to_compare(texts: dict[int, str], question: str) -> None:
    reader = Words()
    vector = reader.read([question])[0].vector
    ranked = LateInteraction(reader, most=9, seconds=1).order(question, vector, found([0.5, 0.4, 0.0]), texts)
    assert sorted(ranked.ids.tolist()) == [0, 1, 2]
    assert np.isfinite(ranked.scores).all()


def test_nothing_found() -> None:
    nothing = found([])
    vector = np.ones(WIDTH, dtype=np.float32)
    assert LateInteraction(Words(), most=9, seconds=1).order("q", vector, nothing, {}) is nothing
