"""How the curve of answerability is fitted, and what it is fitted on."""

import gzip
import json

import pytest

from ragslm.grounding.answerability import Meeting
from ragslm.ingest.passages import Origin, cut
from ragslm.specialise import answerability_cases
from ragslm.specialise.answerability import FEW, MANY, Met, described, fit, refused, weights
from ragslm.specialise.answerability_cases import Case, WordStore, first_by_hash
from ragslm.types import ParsedDocument


def met(name, answerable, relevance, group="g"):
    return Met(Case(name, answerable, group, "?", ()), 0.4, Meeting(0.0, relevance))


MET = [met("a", i % 2 == 0, 3.0 if i % 2 == 0 else -3.0, str(i)) for i in range(40)]


def test_sets_and_labels_weigh_the_same_and_few_questions_at_most_three_times():
    many = [met("a", True, 0.0)] * 80 + [met("a", False, 0.0)] * 5
    found = weights(many)
    assert sum(found[:80]) == pytest.approx(FEW)
    assert found[80:] == [MANY] * 5


def test_what_is_read_speaks_for_it():
    curve = fit(MET)
    assert curve.relevance > 0
    assert curve == fit(MET)
    assert curve.probability(Meeting(0.0, 3.0)) > 0.5 > curve.probability(Meeting(0.0, -3.0))


def test_what_is_held_out_is_counted_by_set():
    assert refused(MET) == {
        "answerable": {"all": [20, 20, 0], "a": [20, 20, 0]},
        "unanswerable": {"all": [20, 20, 20], "a": [20, 20, 20]},
    }
    assert described(MET, fit(MET), "by hand")["sets"] == {"a": [20, 20]}


def cuts(*texts):
    return [
        one
        for name, text in enumerate(texts)
        for one in cut(
            ParsedDocument(text=text, title=""),
            (),
            Origin(document_id=str(name), uri="u", title=""),
            target=900,
        )
    ]


def test_a_store_finds_by_words_and_then_shows_what_else_there_is():
    store = WordStore(cuts("Gout is painful.", "Measles is a rash.", "Gout is treated."))
    assert [one.document_id for one in store.best("How is gout treated?")] == ["2", "0", "1"]
    assert [one.document_id for one in store.best("gout", frozenset(["0", "1"]))] == ["2"]


def test_a_larger_draw_holds_the_smaller():
    texts = [str(i) for i in range(20)]
    assert set(first_by_hash(texts, 3)) < set(first_by_hash(reversed(texts), 6))


def _compressed(path, *rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress("\n".join(map(json.dumps, rows)).encode()))


def test_what_measures_is_not_learnt_from(tmp_path):
    abstracts = [{"id": str(i), "question": f"Does {i} help?", "contexts": [f"It is {i}."]} for i in range(4)]
    _compressed(tmp_path / "pubmedqa_dev.jsonl.gz", *abstracts)
    found = list(answerability_cases._pubmedqa(tmp_path, frozenset(["Does 2 help?"])))
    assert {one.group for one in found} == {"0", "1", "3"}
    for one in found:
        assert (one.group in {passage.document_id for passage in one.passages}) is one.answerable


def test_a_subject_that_measures_is_not_learnt_from(tmp_path, monkeypatch):
    monkeypatch.setattr(answerability_cases, "held_out", lambda subject: True)
    names = ("Gout", "Measles", "Mumps", "Gout of the toe")
    pages = [{"_id": name, "title": name, "text": f"{name} is rare."} for name in names]
    asked = [
        {"text": f"{verb} {name}?", "focus": name} for name in names[:3] for verb in ("What is", "Who gets")
    ]
    _compressed(tmp_path / "corpus.jsonl.gz", *pages)
    _compressed(tmp_path / "queries.jsonl.gz", *asked)
    found = list(answerability_cases._medquad(tmp_path, frozenset(["What is Measles?"])))
    assert {(one.group, one.answerable) for one in found} == {
        (name, known) for name in ("Gout", "Mumps") for known in (True, False)
    }
    without = next(one for one in found if one.group == "Gout" and not one.answerable)
    assert {passage.title for passage in without.passages} == {"Measles", "Mumps"}, "none shares the name"
