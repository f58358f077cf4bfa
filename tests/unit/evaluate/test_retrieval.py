"""Reports over a tiny judged corpus."""

import gzip
import json
from dataclasses import replace

import pytest

from ragslm.errors import ConfigError
from ragslm.evaluate.retrieval import EVERYTHING, Ground, ablate_retrieval, evaluate_retrieval
from ragslm.settings import RetrievalSettings
from tests.unit.retrieval.conftest import WordEmbedder


def _lines(path, rows):
    text = "".join(json.dumps(row) + "\n" for row in rows)
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())


GROUND = Ground(
    embedder=WordEmbedder,
    assistant=lambda folder, key: pytest.fail("A corpus needs no workspace."),
    settings=RetrievalSettings(),
    glossary={"itchy": "makes skin itch"},
)


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
    report = evaluate_retrieval(judged, GROUND, progress=lambda done, total: seen.append((done, total)))
    assert (report.suite, report.documents) == ("judged corpus", 4)
    assert [(m.name, m.value, m.n) for m in report.metrics] == [("ndcg@10", 1.0, 2), ("recall@10", 1.0, 2)]
    assert [row["shown"] for row in report.rows] == [1, 1]  # the twin of 3 counts as 3
    assert [row["lost_at"] for row in report.rows] == [None, None]
    assert seen == [(4, 4)]
    assert "artery" not in json.dumps(report.as_dict())


def test_a_sample_of_the_queries(judged):
    assert evaluate_retrieval(judged, GROUND, queries=1).metrics[0].n == 1
    assert (
        evaluate_retrieval(judged, GROUND, queries=1).rows
        == evaluate_retrieval(judged, GROUND, queries=1).rows
    )


def test_only_some_queries_are_asked(judged):
    some = replace(GROUND, asks=lambda query: query["text"].startswith("what"))
    report = evaluate_retrieval(judged, some)
    assert [row["id"] for row in report.rows] == ["b"]
    with pytest.raises(ConfigError, match="no query"):
        evaluate_retrieval(judged, replace(GROUND, asks=lambda query: False))


def test_documents_have_no_held_out_subjects(tmp_path):
    (tmp_path / "pdfs").mkdir()
    (tmp_path / "questions.jsonl").write_text("")
    with pytest.raises(ConfigError, match="--held-out"):
        evaluate_retrieval(tmp_path, replace(GROUND, asks=lambda query: True))


def test_a_ranking_is_made_once_for_both_who_look_at_it(judged):
    """The last way of searching and what is shown of a corpus are one ranking; a reranker takes its time."""
    read = []

    class Reranker:
        def order(self, question, found, texts):
            read.append(question)
            return found

    ablate_retrieval(judged, replace(GROUND, reranker=Reranker))
    assert len(read) == 2


def test_neither_layout(tmp_path):
    with pytest.raises(ConfigError, match="neither"):
        evaluate_retrieval(tmp_path, GROUND)


def test_every_way_of_searching(judged):
    with (judged / "queries.jsonl").open("a") as queries:
        queries.write(json.dumps({"_id": "d", "text": "itchy"}) + "\n")
    with (judged / "qrels.tsv").open("a") as qrels:
        qrels.write("d\t2\t1\n")
    report = ablate_retrieval(judged, GROUND)
    found = {name: metrics[1].value for name, metrics in report.variants.items()}
    assert list(found) == [
        "BM25 alone",
        "dense alone",
        "fused",
        "+ titles",
        "+ glossary",
        "+ asides",
        "+ question adapter",
        "+ known questions",
        "+ late interaction",
        "+ reranker",
        "+ amounts, days",
        EVERYTHING,
    ]
    assert found["BM25 alone"] == pytest.approx(2 / 3)
    assert found["+ glossary"] == found[EVERYTHING] == 1.0


class _Turned(WordEmbedder):
    """Embeds every question as if it asked for bones."""

    def embed(self, texts):
        return super().embed(["bones carry weight" for _ in texts])


def test_what_embeds_questions_embeds_no_passage(judged):
    found = ablate_retrieval(judged, replace(GROUND, questions=_Turned)).variants
    dense, adapted = (found[name][0].value for name in ("+ asides", "+ question adapter"))
    assert adapted < dense == 1.0
