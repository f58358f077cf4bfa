"""Reports over tiny folders in both layouts."""

import gzip
import json
from contextlib import contextmanager
from types import SimpleNamespace

import pytest

from ragslm.errors import ConfigError
from ragslm.evaluate.retrieval import evaluate_retrieval
from ragslm.settings import RetrievalSettings
from ragslm.types import Hit, Passage
from tests.unit.retrieval.conftest import WordEmbedder


def _lines(path, rows):
    text = "".join(json.dumps(row) + "\n" for row in rows)
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())


def _evaluate(folder, **more):
    arguments = {"embedder": WordEmbedder, "assistant": None, "settings": RetrievalSettings()} | more
    return evaluate_retrieval(folder, **arguments)


@pytest.fixture
def judged(tmp_path):
    corpus = [
        {"_id": "1", "title": "Aorta", "text": "The aorta is the largest artery."},
        {"_id": "2", "title": "Skin", "text": "Eczema makes the skin itch.", "dup_group": "g"},
        {"_id": "3", "title": "Skin", "text": "Eczema makes the skin itch.", "dup_group": "g"},
        {"_id": "4", "title": "Bone", "sentences": ["Bones carry weight.", "They heal."]},
    ]
    queries = [
        {"_id": "a", "text": "largest artery"},
        {"_id": "b", "text": "what makes skin itch"},
        {"_id": "c", "text": "artery that carries no judgement"},
    ]
    _lines(tmp_path / "corpus.jsonl.gz", corpus)
    _lines(tmp_path / "queries.jsonl", queries)
    (tmp_path / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\na\t1\t1\nb\t3\t1\na\t4\t0\n")
    return tmp_path


def test_a_judged_corpus(judged):
    seen = []
    report = _evaluate(judged, progress=lambda done, total: seen.append((done, total)))
    assert (report.suite, report.documents) == ("judged corpus", 4)
    assert [(m.name, m.value, m.n) for m in report.metrics] == [("ndcg@10", 1.0, 2), ("recall@10", 1.0, 2)]
    assert [row["rank"] for row in report.rows] == [1, 1]  # the twin of 3 counts as 3
    assert seen == [(4, 4)]
    assert "artery" not in json.dumps(report.as_dict())


def test_a_sample_of_the_queries(judged):
    assert _evaluate(judged, queries=1).metrics[0].n == 1
    assert _evaluate(judged, queries=1).rows == _evaluate(judged, queries=1).rows


def test_neither_layout(tmp_path):
    with pytest.raises(ConfigError, match="neither"):
        _evaluate(tmp_path)


class _Assistant:
    """Finds page 3 of A, then page 1 of B, twice each."""

    def __init__(self):
        self.ingested = []

    def ingest(self, path, *, progress=None):
        self.ingested.append(path.name)

    def search(self, question, k):
        pages = [("A", 3), ("A", 3), ("B", 1)]
        return [
            Hit(
                1.0,
                Passage(
                    id=i,
                    document_id=d,
                    uri=f"file:///x/{d}.pdf",
                    title=d,
                    page=p,
                    section=None,
                    text="",
                    start=0,
                    end=0,
                ),
            )
            for i, (d, p) in enumerate(pages)
        ]


def test_filings(tmp_path):
    (tmp_path / "pdfs").mkdir()
    for name in "AB":
        (tmp_path / "pdfs" / f"{name}.pdf").write_bytes(b"")
    asked = [("q1", "A", 2), ("q2", "B", 0), ("q3", "B", 5), ("q4", "C", 0)]
    questions = [
        {"id": i, "doc_name": d, "question": "?", "evidence": [{"doc_name": d, "page_num_0based": p}]}
        for i, d, p in asked
    ]
    _lines(tmp_path / "questions.jsonl.gz", questions)
    fake, opened = _Assistant(), SimpleNamespace()

    @contextmanager
    def assistant(workspace, key):
        opened.key = key
        yield fake

    report = _evaluate(tmp_path, assistant=assistant)
    assert fake.ingested == ["pdfs"]
    assert len(opened.key) == 64
    assert [(row["page_rank"], row["filing_first"]) for row in report.rows] == [
        (1, True),
        (2, False),
        (None, False),
    ]
    page, filing = report.metrics
    assert (page.value, filing.value, page.n) == (pytest.approx(2 / 3), pytest.approx(1 / 3), 3)
    assert page.low < page.value < page.high
