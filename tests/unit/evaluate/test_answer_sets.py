"""Layouts of questions with answers."""

import gzip
import json

import pytest

from ragslm.errors import ConfigError
from ragslm.evaluate.answers.sets import read_set


def lines(path, *rows):
    content = "".join(json.dumps(row) + "\n" for row in rows).encode()
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)


def test_filings_leave_out_questions_whose_pdf_is_not_here(tmp_path):
    (tmp_path / "pdfs").mkdir()
    (tmp_path / "pdfs" / "A_2018.pdf").write_bytes(b"%PDF-1.4")
    row = {
        "question": "How much?",
        "answer": "$1",
        "evidence": [{"doc_name": "A_2018", "page_num_0based": 4}],
    }
    lines(
        tmp_path / "questions.jsonl",
        {"id": 1, "doc_name": "A_2018", **row},
        {"id": 2, "doc_name": "B_2018", **row},
    )
    found = read_set(tmp_path)
    assert (found.suite, found.folder) == ("filings", tmp_path / "pdfs")
    (asked,) = found.questions
    assert asked.gold.answers == ("$1",)
    assert asked.places == {("A_2018", 5)}


def test_abstracts_are_documents_without_their_conclusion(tmp_path):
    row = {"id": "7", "question": "Is it?", "contexts": ["We looked.", "We saw."], "long_answer": "It is."}
    lines(tmp_path / "pubmedqa.jsonl.gz", {**row, "label": "yes"})
    found = read_set(tmp_path)
    found.write(tmp_path / "documents")
    assert (tmp_path / "documents" / "7.txt").read_text() == "We looked.\n\nWe saw."
    (asked,) = found.questions
    assert asked.gold.label == asked.gold.decision == "yes"
    assert asked.proof == ("We looked.", "We saw.", "It is.")
    assert "It is." not in found.texts["7.txt"]


def test_a_table_is_looked_for_in_its_own_report(tmp_path):
    lines(
        tmp_path / "tatqa.jsonl",
        {
            "table": {"uid": "t1", "table": [["", "2019"], ["Sales", "$ 5"]]},
            "paragraphs": [{"order": 2, "text": "After."}, {"order": 1, "text": "Before."}],
            "questions": [{"uid": "q", "question": "Sales?", "answer": [5, "6"], "scale": "million"}],
        },
    )
    found = read_set(tmp_path)
    assert found.texts["t1.md"] == "Before.\n\nAfter.\n\n|  | 2019 |\n| --- | --- |\n| Sales | $ 5 |"
    (asked,) = found.questions
    assert asked.within == "t1.md"
    assert (asked.gold.answers, asked.gold.scale) == (("5", "6"), "million")


def test_documents_may_lie_elsewhere_and_packed(tmp_path):
    (tmp_path / "set").mkdir()
    with gzip.open(tmp_path / "note.txt.gz", "wt") as out:
        out.write("Hello.")
    lines(
        tmp_path / "set" / "questions.jsonl",
        {"id": "a", "question": "What?", "answer": "Hello", "document": "../note.txt.gz"},
    )
    found = read_set(tmp_path / "set")
    found.write(tmp_path / "documents")
    assert [path.name for path in (tmp_path / "documents").iterdir()] == ["note.txt"]
    assert (tmp_path / "documents" / "note.txt").read_text() == "Hello."


def test_a_larger_sample_holds_the_smaller(tmp_path):
    (tmp_path / "documents").mkdir()
    rows = [{"id": str(i), "question": "What?", "paragraphs": ["1.1(a)"]} for i in range(50)]
    lines(tmp_path / "questions.jsonl", *rows)
    found = read_set(tmp_path)
    ten = [one.id for one in found.sample(10, 0)]
    assert ten == [one.id for one in found.sample(20, 0)][:10]
    assert ten != [one.id for one in found.sample(10, 1)]
    assert len(found.sample(None, 0)) == 50


def test_a_folder_without_a_set_is_refused(tmp_path):
    with pytest.raises(ConfigError, match=r"docs/evaluation\.md"):
        read_set(tmp_path)
