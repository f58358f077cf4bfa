"""What a cross-encoder is given to read, and what its scores do to the order."""

import re
import time
from collections.abc import Sequence

import numpy as np
import pytest

from ragslm.retrieval.focus import HEADER, MOST, focus
from ragslm.retrieval.in_time import BLOCK
from ragslm.retrieval.index import Found
from ragslm.retrieval.reranker import Reranker

ROWS = "\n".join(f"Row {i} of other things | {i}00 | {i}50" for i in range(40))


class Scorer:
    """Scores by the number in front of the text; remembers how much it read."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.read = 0
        self._seconds = seconds

    def scores(self, question: str, passages: Sequence[str]) -> Sequence[float]:
        time.sleep(self._seconds)
        self.read += len(passages)
        return [float(passage.split("\n")[1]) for passage in passages]


def found(n: int) -> Found:
    return Found(np.arange(n, dtype=np.int64), np.linspace(0.9, 0.5, n))


def test_a_short_passage_is_read_whole() -> None:
    assert focus("what?", "Title › page 1\nOne sentence. Another one.") == (
        "Title › page 1\nOne sentence. Another one."
    )


def test_of_a_long_table_the_rows_asked_for_are_read() -> None:
    text = f"Report\n{ROWS}\nNet sales | 1,577 | 1,489"
    read = focus("What were the net sales?", text)
    assert "Net sales | 1,577 | 1,489" in read
    assert len(read) <= len("Report\n") + MOST + 10


@pytest.mark.parametrize("text", ["", "\n", "Title", "Title\n", "\n" + "x" * 5000, "h" * 500 + "\nbody"])
def test_any_passage_can_be_cut(text: str) -> None:
    header, _, rest = focus("x y", text).partition("\n")
    assert len(header) <= HEADER
    assert len(rest) <= MOST + 20


def test_relevance_moves_what_answers_to_the_front() -> None:
    texts = {0: "h\n0", 1: "h\n1", 2: "h\n9"}
    ranked = Reranker(Scorer(), most=3, seconds=1, weight=0.2).order("q", found(5), texts)
    assert ranked.ids.tolist() == [2, 1, 0, 3, 4]
    assert ranked.scores.tolist() == sorted(ranked.scores.tolist(), reverse=True)


def test_a_small_difference_in_relevance_does_not_outweigh_the_fused_score() -> None:
    texts = {0: "h\n1.0", 1: "h\n1.1"}
    assert Reranker(Scorer(), most=3, seconds=1, weight=0.1).order("q", found(2), texts).ids.tolist() == [
        0,
        1,
    ]


def test_out_of_time_the_rest_keeps_the_fused_order() -> None:
    scorer = Scorer(seconds=0.05)
    texts = {i: f"h\n{i}" for i in range(3 * BLOCK)}
    ranked = Reranker(scorer, most=3 * BLOCK, seconds=0.01, weight=1.0).order("q", found(3 * BLOCK), texts)
    assert scorer.read == BLOCK
    assert ranked.ids.tolist() == [*reversed(range(BLOCK)), *range(BLOCK, 3 * BLOCK)]


def test_nothing_found_stays_nothing() -> None:
    ranked = Reranker(Scorer(), most=3, seconds=1, weight=1.0).order("q", found(0), {})
    assert len(ranked.ids) == 0


def test_passages_of_other_kinds_keep_their_places() -> None:
    texts = {0: "12 CFR 1005\n0", 1: "Annual report\n99", 2: "12 CFR 1030\n9", 3: "Memo on 12 CFR 1005\n50"}
    scorer = Scorer()
    rules = Reranker(scorer, most=4, seconds=1, weight=1.0, reads=re.compile(r"^12 CFR \d"))
    assert rules.order("q", found(4), texts).ids.tolist() == [2, 1, 0, 3]
    assert scorer.read == 2


def test_where_nothing_is_to_be_read_nothing_moves() -> None:
    texts = {i: f"Annual report\n{i}" for i in range(4)}
    rules = Reranker(Scorer(), most=4, seconds=1, weight=1.0, reads=re.compile("^12 CFR"))
    assert rules.order("q", found(4), texts).ids.tolist() == [0, 1, 2, 3]
