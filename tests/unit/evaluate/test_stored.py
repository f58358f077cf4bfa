"""Suites over stored documents, in a workspace with words for meaning."""

import gzip
import json
from types import SimpleNamespace

import pytest

from ragslm.errors import ConfigError
from ragslm.evaluate.retrieval import EVERYTHING, Ground, ablate_retrieval, evaluate_retrieval
from ragslm.evaluate.variants import VARIANTS
from ragslm.retrieval.retriever import HybridRetriever
from ragslm.settings import RetrievalSettings, Settings
from ragslm.store.catalogue import Catalogue
from ragslm.store.records import IndexIdentity, NewDocument, NewPassage
from ragslm.types import Identity, ParsedDocument, Passage, Section, SourceDocument
from tests.unit.retrieval.conftest import DIM, KEY, WordEmbedder

OWNER = Identity.local_owner()
PARAGRAPHS = {
    "6(a) Loss": "A lost card costs the customer fifty dollars.",
    "6(b) Delay": "Who reports late pays five hundred dollars.",
    "7 Fees": "A fee is announced thirty days before.",
}


class _Assistant:
    """Stands over a real catalogue and retriever; ingest stores what a test prepared, once."""

    user = OWNER
    domain = "banking"

    def __init__(self, folder, documents):
        fresh = not folder.exists()
        self._prepared = documents if fresh else []
        self.brought = []
        catalogue = (Catalogue.create if fresh else Catalogue.open)(folder, KEY)
        catalogue.set_identity(IndexIdentity(embedder="words@1", dim=DIM, chunker="1", scrubber="1"))
        embedder, retrieval = WordEmbedder(), RetrievalSettings()
        self._parts = SimpleNamespace(
            catalogue=catalogue,
            embedder=embedder,
            question_embedder=lambda domain: embedder,
            retriever=HybridRetriever(catalogue, embedder, lambda domain: retrieval, bytes(32)),
            scrubber=SimpleNamespace(scrub=lambda text: SimpleNamespace(text=text)),
            settings_of=lambda domain: Settings(retrieval=retrieval),
            known_questions=lambda domain: None,
            late_interaction=lambda domain: None,
            reranker=lambda domain: None,
        )

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self._parts.catalogue.close()

    def ingest(self, path, *, progress):
        self.brought.append(path)
        for document in self._prepared:
            self._parts.catalogue.put_document(document, identity=OWNER)
        if progress:
            progress(len(self._prepared), None, "read")

    def documents(self):
        return self._parts.catalogue.documents(self.domain)

    def search(self, question, k):
        return self._parts.retriever.search(question, k=k, identity=OWNER, domain=self.domain)


def _document(name, passages):
    """`passages`: (page, section, text), one after the other."""
    text, stored, sections = "", [], []
    for number, (page, section, words) in enumerate(passages):
        start, end = len(text), len(text) + len(words)
        text += words + "\n"
        if section:
            sections.append(Section(f"Rules › {section}", start, end))
        passage = Passage(
            id=abs(hash((name, number))) >> 2,
            document_id=f"{name:0>16}",
            uri=f"file:///x/{name}.pdf",
            title=name,
            page=page,
            section=section,
            text=words,
            start=start,
            end=end,
        )
        vector = WordEmbedder().embed([f"{name}\n{words}"])[0]
        stored.append(NewPassage(passage=passage, header=name, vector=vector))
    return NewDocument(
        source=SourceDocument(uri=f"file:///x/{name}.pdf", content=b"x", title=name),
        id=f"{name:0>16}",
        domain="banking",
        sha256="0" * 64,
        parsed=ParsedDocument(text=text, sections=tuple(sections)),
        media_type="text/plain",
        parser="text",
        title=name,
        effective_date=None,
        scope=None,
        readers=None,
        passages=stored,
    )


def _ground(documents, opened, kept=None):
    def assistant(folder, key):
        opened.append((_Assistant(folder, documents), key))
        return opened[-1][0]

    return Ground(
        embedder=WordEmbedder, assistant=assistant, settings=RetrievalSettings(), glossary={}, kept=kept
    )


def _questions(folder, rows):
    (folder / "questions.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))


@pytest.fixture
def rules(tmp_path):
    data = tmp_path / "rules"
    (data / "documents").mkdir(parents=True)
    (data / "documents/rules.txt.gz").write_bytes(gzip.compress(b"rules"))
    _questions(
        data,
        [
            {"id": "q1", "question": "lost card customer", "paragraphs": ["6(a)"]},
            {"id": "q2", "question": "announced fee", "paragraphs": ["7", "6(b)"]},
            {"id": "q3", "question": "zebra", "paragraphs": ["6(b)"]},
        ],
    )
    return data


def test_paragraphs(rules):
    document = _document("rules", [(None, name, text) for name, text in PARAGRAPHS.items()])
    opened, seen = [], []
    report = evaluate_retrieval(
        rules, _ground([document], opened), progress=lambda done, total: seen.append((done, total))
    )
    assistant, key = opened[0]
    assert [path.name for path in assistant.brought] == ["documents"]
    assert len(key) == 64
    assert seen == [(1, 1)]
    assert (report.suite, report.documents) == ("paragraphs", 1)
    assert [metric.n for metric in report.metrics] == [3, 3]
    stages = ["dense", "lexical", "fused", "reranked", "shown"]
    assert [list(row) for row in report.rows] == [["id", *stages, "lost_at"]] * 3
    assert report.rows[0] == {"id": "q1", **dict.fromkeys(stages, 1), "lost_at": None}
    assert report.rows[1]["shown"] == 1
    assert report.rows[2]["lexical"] is None
    assert "card" not in json.dumps(report.as_dict())


def test_a_paragraph_that_no_document_has(rules):
    document = _document("rules", [(None, "6(a) Loss", "Words.")])
    with pytest.raises(ConfigError, match=r"6\(b\).*7"):
        evaluate_retrieval(rules, _ground([document], []))


def test_documents_stay_in_a_kept_folder(rules, tmp_path):
    document = _document("rules", [(None, name, text) for name, text in PARAGRAPHS.items()])
    opened: list = []
    ground = _ground([document], opened, kept=tmp_path / "kept")
    reports = [evaluate_retrieval(rules, ground) for _ in range(2)]
    assert reports[0] == reports[1]
    assert [key for _, key in opened] == [None, None]
    assert (tmp_path / "kept/documents/rules.txt").read_bytes() == b"rules"


def test_every_way_of_searching(rules):
    document = _document("rules", [(None, name, text) for name, text in PARAGRAPHS.items()])
    report = ablate_retrieval(rules, _ground([document], []))
    assert list(report.variants) == [*(variant.name for variant in VARIANTS), EVERYTHING]
    assert {tuple(m.name for m in metrics) for metrics in report.variants.values()} == {
        ("paragraph among the first 3 passages", "paragraph in the first passage")
    }


def test_filings(tmp_path):
    (tmp_path / "pdfs").mkdir()
    for name in ("acme_2022", "bolt_2022"):
        (tmp_path / "pdfs" / f"{name}.pdf").write_bytes(b"")
    documents = [
        _document("acme_2022", [(1, None, "Sales grew."), (2, None, "Purchases of plant were 12.")]),
        _document("bolt_2022", [(1, None, "Sales fell."), (2, None, "Purchases of plant were 99.")]),
    ]
    _questions(
        tmp_path,
        [
            {"id": i, "doc_name": d, "question": q, "evidence": [{"doc_name": d, "page_num_0based": p}]}
            for i, d, q, p in [
                ("q1", "acme_2022", "acme purchases of plant", 1),
                ("q2", "bolt_2022", "acme sales", 0),  # asks for the wrong one
                ("q3", "gone_2022", "sales", 0),  # its PDF is not there
            ]
        ],
    )
    report = evaluate_retrieval(tmp_path, _ground(documents, []))
    page, filing = report.metrics
    assert (report.suite, report.documents, page.n) == ("filings", 2, 2)
    assert page.value == 1.0
    assert filing.value == 0.5
    assert [(row["shown"] == 1, row["filing first"]) for row in report.rows] == [(True, True), (False, False)]
