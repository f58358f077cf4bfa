"""The retriever over a real catalogue: who sees what, keeping up, and what a broken snapshot costs."""

import datetime as dt
import errno
import logging
import threading

import numpy as np
import pytest

from ragslm.errors import IndexMismatchError
from ragslm.retrieval import retriever as module
from ragslm.retrieval.index import Found
from ragslm.retrieval.reranker import Reranker
from ragslm.retrieval.retriever import HybridRetriever
from ragslm.settings import RetrievalSettings
from ragslm.store.catalogue import Catalogue
from ragslm.types import Filters, Identity

CLERK = Identity(id="clerk", scopes=frozenset())
NURSE = Identity(id="nurse", scopes=frozenset({"patient-1"}))


@pytest.fixture
def make(small):
    """Opens a retriever over a catalogue."""

    def made(catalogue, settings=lambda domain: RetrievalSettings(), **more):
        return HybridRetriever(catalogue, small.embedder, settings, small.key, **more)

    return made


@pytest.fixture
def retriever(catalogue, make):
    made = make(catalogue)
    yield made
    made.close()


def _titles(retriever, question, *, identity=None, k=10, domain="generic", **more):
    identity = identity or Identity.local_owner()
    return [
        h.passage.title for h in retriever.search(question, k=k, identity=identity, domain=domain, **more)
    ]


def test_issuer_and_year_decide(retriever):
    question = "What did 3M spend on purchases of property in FY{}?"
    assert _titles(retriever, question.format(2018), k=1) == ["3M 2018 10-K"]
    assert _titles(retriever, question.format("22"), k=1) == ["3M 2022 10-K"]


def test_hits_are_passages_best_first(retriever, small):
    hits = retriever.search("thirty days of leave", k=3, identity=small.owner, domain="generic")
    assert hits[0].passage.text == "Staff take thirty days of leave."
    assert hits[0].passage.page == 1
    assert [h.score for h in hits] == sorted((h.score for h in hits), reverse=True)
    assert all(0 <= h.score <= 1 for h in hits)


def test_equal_texts_count_once(retriever, small):
    hits = retriever.search("Net sales fell in Asia", k=10, identity=small.owner, domain="generic")
    texts = [h.passage.text for h in hits]
    assert texts.count("Net sales fell in Asia.") == 1


@pytest.mark.parametrize(
    ("identity", "more", "seen"),
    [
        (None, {}, True),  # the owner
        (NURSE, {}, True),  # cleared for the scope
        (CLERK, {}, False),  # not cleared for it
        (NURSE, {"scope": "patient-1"}, True),  # inside the scope
        (NURSE, {"scope": "patient-2"}, False),  # inside another
        (NURSE, {"domain": "banking"}, False),  # another domain
        (NURSE, {"filters": Filters(title="policy")}, False),  # filtered out
        (NURSE, {"filters": Filters(date_from=dt.date(2024, 1, 1))}, True),  # filtered in
    ],
)
def test_who_sees_a_patient(retriever, identity, more, seen):
    assert ("Ann report" in _titles(retriever, "Haemoglobin was low", identity=identity, **more)) is seen


@pytest.mark.parametrize(
    ("question", "filters", "expected"),
    [
        ("net sales in Asia", {"issuer": "3M", "period": "FY2022"}, {"3M 2022 10-K"}),
        ("net sales in Asia", {"type": "10-K"}, {"3M 2018 10-K", "3M 2022 10-K"}),
        ("net sales in Asia", {"issuer": "3M", "period": "2017"}, set()),
        ("net sales of 3M in 2018", {}, {"3M 2018 10-K"}),  # understood from the question
        ("net sales of 3M in 2018", {"period": "2022"}, {"3M 2022 10-K"}),  # gives way to the argument
        ("leave of 3M staff in 2018", {"title": "policy"}, {"Leave policy"}),  # and to any other
    ],
)
def test_issuer_period_and_type(retriever, question, filters, expected):
    assert set(_titles(retriever, question, filters=Filters(**filters))) == expected


def test_readers(retriever):
    assert "Board paper" not in _titles(retriever, "merger", identity=CLERK)
    member = Identity(id="x", groups=frozenset({"board"}), scopes=frozenset())
    assert _titles(retriever, "merger", identity=member)[0] == "Board paper"


def test_the_glossary_of_the_domain_is_spelled_out(catalogue, make):
    retriever = make(catalogue, glossary=lambda domain: {"HB": "haemoglobin"} if domain == "generic" else {})
    assert _titles(retriever, "HB?", k=1) == ["Ann report"]
    retriever.close()


def test_each_domain_embeds_its_questions_its_own_way(catalogue, make, small):
    class Turned:
        identity, dim = "turned", small.embedder.dim

        def embed(self, texts):
            return small.embedder.embed(["haemoglobin" for _ in texts])

    embedders = {"generic": Turned(), "medical": small.embedder}
    retriever = make(catalogue, questions=embedders.__getitem__)
    assert _titles(retriever, "zzzz", k=1) == ["Ann report"]
    assert _titles(retriever, "zzzz", domain="medical") == []
    retriever.close()


def test_the_reranker_reads_the_question_with_its_terms_spelled_out(catalogue, make):
    asked = []

    class Noting:
        def scores(self, question, passages):
            asked.append(question)
            return [0.0] * len(passages)

    reranker = Reranker(Noting(), most=1, seconds=1, weight=1)
    retriever = make(catalogue, glossary=lambda _: {"low blood": "anaemia"}, reranker=lambda _: reranker)
    _titles(retriever, "Why low blood?")
    assert asked == ["Why low blood? anaemia"]
    retriever.close()


def test_candidates_are_compared_before_they_are_read_again(catalogue, make, small):
    """Under the vector of the domain's questions, with the terms spelled out."""
    stages, vectors = [], []

    class Turned:
        identity, dim = "turned", small.embedder.dim

        def embed(self, texts):
            return small.embedder.embed(["haemoglobin" for _ in texts])

    class Noting:
        def __init__(self, name):
            self.name = name

        def order(self, question, *rest):
            stages.append((self.name, question))
            vectors.extend(one for one in rest if isinstance(one, np.ndarray))
            return next(one for one in rest if isinstance(one, Found))

    retriever = make(
        catalogue,
        glossary=lambda _: {"low blood": "anaemia"},
        questions=lambda _: Turned(),
        late_interaction=lambda _: Noting("compared"),
        reranker=lambda _: Noting("read"),
    )
    _titles(retriever, "Why low blood?")
    assert stages == [("compared", "Why low blood? anaemia"), ("read", "Why low blood? anaemia")]
    assert len(vectors) == 1
    assert vectors[0] == pytest.approx(small.embedder.embed(["haemoglobin"])[0])
    retriever.close()


@pytest.mark.parametrize("question", ["", "   ", "the of", "zzzz", "?" * 4000])
def test_questions_without_known_words(retriever, question):
    assert len(_titles(retriever, question)) <= 10


def test_no_passages_asked_for(retriever):
    assert _titles(retriever, "leave", k=0) == []


def test_an_empty_workspace(tmp_path, make, small):
    with Catalogue.create(tmp_path / "empty", small.key) as catalogue:
        retriever = make(catalogue)
        assert _titles(retriever, "leave") == []
        retriever.close()


def test_changes_of_another_process_are_seen(catalogue, make, small):
    mine = make(catalogue)
    _titles(mine, "leave")
    with Catalogue.open(catalogue.path, small.key) as theirs:
        small.put(theirs, "Parking", ["Bicycles stand in the yard."])
        assert _titles(mine, "bicycles", k=1) == ["Parking"]
        small.put(theirs, "Parking", ["Cars stand in the garage."])
        assert _titles(mine, "garage", k=1) == ["Parking"]
        hits = mine.search("bicycles yard", k=10, identity=small.owner, domain="generic")
        assert "Bicycles stand in the yard." not in [h.passage.text for h in hits]
        theirs.remove_document(theirs.find("generic", "file:///Parking"), identity=small.owner)
        assert "Parking" not in _titles(mine, "garage")
    mine.close()


def test_the_snapshot_is_used_and_brought_up_to_date(catalogue, make, small, monkeypatch):
    first = make(catalogue)
    first.refresh()
    first.close()
    seen = catalogue.seq()
    small.put(catalogue, "Parking", ["Bicycles stand in the yard."])
    asked = []
    changes = catalogue.changes
    monkeypatch.setattr(catalogue, "changes", lambda after: asked.append(after) or changes(after))
    second = make(catalogue)
    assert _titles(second, "bicycles", k=1) == ["Parking"]
    assert asked == [seen]
    second.close()


def test_saved_and_opened_answers_the_same(catalogue, make, small):
    questions = ("net sales", "3M 2018", "leave", "merger")
    first = make(catalogue)
    expected = [first.search(q, k=10, identity=small.owner, domain="generic") for q in questions]
    first.close()
    second = make(catalogue)
    assert [second.search(q, k=10, identity=small.owner, domain="generic") for q in questions] == expected
    second.close()


def _flip(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 4
    path.write_bytes(bytes(content))


def _truncate(path):
    path.write_bytes(path.read_bytes()[:-7])


def _remove(path):
    path.unlink()


@pytest.mark.parametrize("damage", [_flip, _truncate, _remove])
def test_a_damaged_file_is_rebuilt_from_the_catalogue(catalogue, make, small, damage, caplog):
    first = make(catalogue)
    expected = first.search("net sales", k=10, identity=small.owner, domain="generic")
    assert first.save()
    names = sorted(
        p.relative_to(catalogue.path) for p in (catalogue.path / "index").rglob("*") if p.is_file()
    )
    assert len(names) == 16
    for name in [p.name for p in names]:
        first = make(catalogue)
        first.refresh()
        first._saved = -1
        first.save()
        damage(next(p for p in (catalogue.path / "index").rglob(name) if p.is_file()))
        again = make(catalogue)
        caplog.clear()
        with caplog.at_level(logging.INFO):
            assert again.search("net sales", k=10, identity=small.owner, domain="generic") == expected
        assert "built from the catalogue" in caplog.text
        assert "sales" not in caplog.text


def test_a_whole_older_snapshot_is_brought_up_to_date(catalogue, make, small):
    """Putting yesterday's snapshot back loses nothing: the catalogue tells what came after it."""
    first = make(catalogue)
    first.refresh()
    first.save()
    folder = catalogue.path / "index"
    old = {p.relative_to(folder): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    small.put(catalogue, "Parking", ["Bicycles stand in the yard."])
    first.close()
    for name, content in old.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(content)
    second = make(catalogue)
    assert _titles(second, "bicycles", k=1) == ["Parking"]


def test_a_snapshot_ahead_of_the_catalogue_is_not_used(catalogue, make, small, monkeypatch):
    first = make(catalogue)
    first.refresh()
    first._indexes.seq += 1000
    first.save()
    second = make(catalogue)
    assert _titles(second, "leave", k=1) == ["Leave policy"]
    assert second._indexes.seq == catalogue.seq()


def test_a_full_disk_is_no_reason_to_stop(catalogue, make, small, monkeypatch, caplog):
    retriever = make(catalogue)
    retriever.refresh()

    def full(*arguments):
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(module, "write", full)
    assert retriever.save() is False
    assert "snapshot not written" in caplog.text
    assert _titles(retriever, "leave", k=1) == ["Leave policy"]
    retriever.close()


def test_a_snapshot_knows_no_change_that_is_not_on_the_disk(catalogue, make, small, monkeypatch):
    steps, settle, write = [], catalogue.settle, module.write
    retriever = make(catalogue)
    retriever.refresh()
    monkeypatch.setattr(catalogue, "settle", lambda: (steps.append("settle"), settle()))
    monkeypatch.setattr(module, "write", lambda *given: (steps.append("write"), write(*given)))
    assert retriever.save()
    assert steps == ["settle", "write"]


def test_another_encoder_is_refused(catalogue, small):
    other = type(small.embedder)()
    other.identity = "other@2"
    retriever = HybridRetriever(catalogue, other, lambda domain: RetrievalSettings(), small.key)
    with pytest.raises(IndexMismatchError, match="other@2"):
        retriever.search("leave", k=1, identity=small.owner, domain="generic")


def test_many_threads_search_while_documents_change(catalogue, make, small):
    retriever, errors = make(catalogue), []
    stop = threading.Event()

    def searching():
        try:
            while not stop.is_set():
                assert _titles(retriever, "thirty days of leave", k=1) == ["Leave policy"]
        except BaseException as error:  # reported by the test itself
            errors.append(error)

    threads = [threading.Thread(target=searching) for _ in range(4)]
    for thread in threads:
        thread.start()
    for i in range(15):
        small.put(catalogue, f"Note {i % 4}", [f"Number {i} of something else."])
    stop.set()
    for thread in threads:
        thread.join(30)
    assert errors == []
    assert len(retriever._indexes) == 8 + 4
    retriever.close()


def test_a_domain_sets_its_asides_back(catalogue, make, small):
    rule, model = "Card holders pay fifty dollars at most.", "Card holders pay fifty dollars."
    small.put(catalogue, "Rules", [rule], section="1.2 Liability", domain="banking")
    small.put(catalogue, "Letters", [model], section="Appendix A › Model letters", domain="banking")
    plain = make(catalogue)
    aside = make(catalogue, lambda domain: RetrievalSettings(asides=("appendix",)))
    question = "What do card holders pay?"
    assert _titles(plain, question, domain="banking") == ["Letters", "Rules"]
    assert _titles(aside, question, domain="banking") == ["Rules", "Letters"]
    assert _titles(aside, f"{question} Which sample is there?", domain="banking")[0] == "Letters"
