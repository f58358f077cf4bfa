"""The bench of search, over few passages and a fake encoder."""

import gzip
import json

import numpy as np
import pytest

from ragslm.errors import ConfigError
from ragslm.evaluate import growth, search_bench
from ragslm.evaluate.growth import corpus_texts, grown, seeds_of, store, vectors_of
from ragslm.settings import RetrievalSettings
from ragslm.store.catalogue import Catalogue


class Encoder:
    """A fixed direction per text."""

    identity = "fake@1"
    dim = 16

    def embed(self, texts):
        found = np.stack([np.random.default_rng(len(t)).normal(size=16) for t in texts]).astype(np.float32)
        return found / np.linalg.norm(found, axis=1, keepdims=True)


TEXTS = [f"Subject {i}\n" + " ".join(f"word{i * j % 17}" for j in range(20 + i)) for i in range(9)]


@pytest.fixture
def seeds():
    return seeds_of(TEXTS, Encoder(), [])


def test_copies_differ_a_little_and_are_the_same_at_every_run(seeds, monkeypatch):
    monkeypatch.setattr(growth, "BLOCK", 8)
    rows = [change.added for block in grown(seeds, 30) for change in block]
    again = [change.added for block in grown(seeds, 30) for change in block]
    assert [row.id for row in rows] == list(range(30))
    assert [row.text for row in rows] == [row.text for row in again]
    assert all((a.vector == b.vector).all() for a, b in zip(rows, again, strict=True))
    assert np.allclose(rows[4].vector, seeds.vectors[4])
    assert rows[4].text.partition("\n")[2] == TEXTS[4].partition("\n")[2]
    assert 0.7 < rows[13].vector @ seeds.vectors[4] < 0.999
    assert rows[13].text != rows[4].text
    assert (vectors_of(seeds, 8, 16)[5] == rows[13].vector).all()


def test_a_block_is_stored_under_its_own_ids(seeds, tmp_path):
    block = next(grown(seeds, 12))
    with Catalogue.create(tmp_path / "workspace", bytes(32)) as catalogue:
        store(catalogue, block)
        kept = catalogue.vectors([3, 11, 99])
    assert sorted(kept) == [3, 11]
    assert np.allclose(kept[11], block[11].added.vector, atol=1e-3)


def test_everything_is_reported(seeds, monkeypatch):
    monkeypatch.setattr(search_bench, "QUESTIONS", 5)
    report = search_bench.time_search(seeds, Encoder(), 300, RetrievalSettings())
    assert report["passages"] == 300
    assert report["recall@10 of vectors"] == 1
    assert (report["added found"], report["deleted found"]) == (1, 0)
    for name in ("build, seconds", "save, seconds", "open, seconds", "ranking, median ms"):
        assert report[name] > 0


def test_every_passage_is_read_again(seeds):
    asked = []

    class Scorer:
        def scores(self, question, passages):
            asked.append((question, len(passages)))
            return [0.0] * len(passages)

    report = search_bench.time_reading(seeds, Scorer())
    assert sorted(report) == ["reading 30 again, median ms", "reading 50 again, median ms"]
    assert sum(n for _, n in asked) == len(seeds.questions) * 80


def test_passages_are_compared_under_the_question_s_vector(seeds):
    compared = []

    class Comparing:
        def order(self, question, vector, found, texts):
            compared.append(len(texts))
            assert vector == pytest.approx(Encoder().embed([question])[0])
            return found

    report = search_bench.time_comparing(seeds, Encoder(), Comparing(), 20)
    assert list(report) == ["comparing 20 by sentences, median ms"]
    assert compared == [20] * len(seeds.questions)


def test_a_corpus_is_cut_into_passages(tmp_path):
    items = [{"_id": "1", "title": "A", "text": "word " * 400}, {"_id": "2", "sentences": ["One.", "Two."]}]
    with gzip.open(tmp_path / "corpus.jsonl.gz", "wt") as file:
        file.writelines(json.dumps(item) + "\n" for item in items)
    texts, questions = corpus_texts(tmp_path, 100)
    assert sorted(len(text.split()) for text in texts) == [2, 41, 181, 181]
    assert questions == []
    assert len(corpus_texts(tmp_path, 2)[0]) == 2


def test_a_folder_without_a_corpus_is_refused(tmp_path):
    with pytest.raises(ConfigError, match=r"corpus\.jsonl\.gz"):
        corpus_texts(tmp_path, 10)
