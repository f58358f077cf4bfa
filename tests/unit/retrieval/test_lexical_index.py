"""The lexical index against BM25 written out, whatever its runs look like."""

import math
import random
from collections import Counter

import numpy as np
import pytest

from ragslm.retrieval import lexical_index as module
from ragslm.retrieval import postings
from ragslm.retrieval.lexical_index import LexicalIndex
from ragslm.retrieval.scoring import K1, B
from ragslm.retrieval.tokens import tokens
from ragslm.store.records import IndexRow

VECTOR = np.zeros(1, dtype=np.float32)
COUNT = 700


def _row(id_, document, text):
    return IndexRow(id=id_, document=document, text=text, vector=VECTOR)


def _texts(count, seed=0):
    """Words as unevenly frequent as in a language: w0 in most texts, w300 in hardly one."""
    draw = random.Random(seed)
    return [
        "Title › part\n" + " ".join(f"w{int(300 * draw.random() ** 3)}" for _ in range(draw.randint(5, 60)))
        for _ in range(count)
    ]


def _bm25(texts, query):
    """BM25 as in the books; texts: {id: text}. Section words count double, as in the index."""
    bags = {}
    for id_, text in texts.items():
        header, _, body = text.partition("\n")
        bags[id_] = Counter(tokens(body)) + Counter(2 * tokens(header.partition(" › ")[2]))
    average = sum(sum(bag.values()) for bag in bags.values()) / len(bags)
    scores = dict.fromkeys(bags, 0.0)
    for word in set(tokens(query)):
        df = sum(word in bag for bag in bags.values())
        idf = math.log1p((len(bags) - df + 0.5) / (df + 0.5))
        for id_, bag in bags.items():
            norm = K1 * (1 - B + B * sum(bag.values()) / average)
            scores[id_] += idf * bag[word] * (K1 + 1) / (bag[word] + norm)
    return scores


QUERIES = ["w0", "w1 w250", "w0 w1 w2 w3 w120 w7", "part w299", "w0 w0 w5", "unknown", "unknown w9", ""]


def _check(index, texts, documents=None, k=10):
    for query in QUERIES:
        expected = _bm25(texts, query)
        allowed = [id_ for id_ in expected if documents is None or id_ // 10 in documents]
        best = sorted((-expected[id_], id_) for id_ in allowed if expected[id_] > 0)[:k]
        found = index.search(query, k, None if documents is None else np.array(documents))
        assert np.allclose(found.scores, [-score for score, _ in best])
        assert [round(expected[id_], 9) for id_ in found.ids.tolist()] == [round(-s, 9) for s, _ in best]
        ids = np.array(list(expected), dtype=np.int64)
        assert np.allclose(index.scores(query, ids), list(expected.values()))


@pytest.fixture(params=[1 << 16, 128], ids=["one run", "full runs"])
def index(request, monkeypatch):
    for place in (module, postings):
        monkeypatch.setattr(place, "FULL", request.param)
    made = LexicalIndex()
    rows = [_row(i, i // 10, text) for i, text in enumerate(_texts(COUNT))]
    for start in range(0, COUNT, 37):
        made.add(rows[start : start + 37])
    return made


@pytest.mark.parametrize("documents", [None, [3], [1, 5, 9, 60], list(range(0, 70, 2)), [500]])
@pytest.mark.parametrize("k", [1, 10, 100])
def test_the_best_are_those_of_bm25(index, documents, k):
    _check(index, dict(enumerate(_texts(COUNT))), documents, k)


def test_after_many_removals_and_additions(index):
    texts = dict(enumerate(_texts(COUNT)))
    draw = random.Random(4)
    for round_ in range(6):
        gone = draw.sample(sorted(texts), 90)
        index.remove(gone)
        for id_ in gone:
            del texts[id_]
        fresh = {id_: text for id_, text in zip(gone[:40], _texts(40, seed=round_ + 10), strict=True)}
        index.add([_row(id_, id_ // 10, text) for id_, text in fresh.items()])
        texts |= fresh
        assert len(index) == len(texts)
    _check(index, texts)
    _check(LexicalIndex.load(index.save()), texts)
    assert sum(len(run) for run in index._runs) < 1.5 * len(texts)


def test_runs_are_few_and_not_overfull(index):
    sizes = [len(run) for run in index._runs]
    assert max(sizes) <= module.FULL
    assert len(sizes) <= 2 * COUNT / module.FULL + 8


def test_no_word_is_left_in_the_files(index):
    index.add([_row(9999, 9999, "Title\nzyzzyva")])
    assert b"zyzzyva" not in b"".join(index.save().values())


def test_a_word_oftener_than_a_byte_holds():
    index = LexicalIndex()
    index.add([_row(1, 1, "T\n" + "w " * 300), _row(2, 1, "T\nw other")])
    assert index.search("w", 2).ids.tolist() == [1, 2]


@pytest.mark.parametrize(
    "name", ["sizes", "ids", "documents", "lengths", "terms", "holding", "slots", "counts"]
)
def test_parts_that_do_not_fit_are_refused(index, name):
    other = LexicalIndex()
    other.add([_row(1, 1, "T\nalpha bravo charlie")])
    with pytest.raises(ValueError):
        LexicalIndex.load(index.save() | {f"lexical.{name}": other.save()[f"lexical.{name}"]})
