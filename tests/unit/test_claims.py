"""Labelled claims: parts never share a passage or a question."""

import gzip
import json
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from ragslm._claims import SETS, claims, part_of, parts_of, texts


@given(st.lists(st.lists(st.sampled_from("abcdefghijkl"), min_size=1, max_size=3), max_size=20))
def test_what_shares_a_key_shares_its_part(keys: list[list[str]]) -> None:
    parts = parts_of(keys)
    for i, own in enumerate(keys):
        for j, other in enumerate(keys):
            if set(own) & set(other):
                assert parts[i] == parts[j]


@given(st.lists(st.text(min_size=1), min_size=1, max_size=20))
def test_parts_do_not_depend_on_the_order(keys: list[str]) -> None:
    straight = parts_of([[key] for key in keys])
    assert straight == parts_of([[key] for key in keys[::-1]])[::-1]
    assert straight == [part_of(key) for key in keys]


def write(path: Path, rows: list[dict[str, object]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)


def test_sets_are_read_and_absent_ones_are_empty(tmp_path: Path) -> None:
    begin = {"begin_label": "Fully attributable", "response": "r", "knowledge": "k", "data_source": "wow"}
    write(
        tmp_path / "begin_dev" / "begin_dev.jsonl.gz",
        [begin, begin | {"begin_label": "Generic"}, begin | {"begin_label": "Not fully attributable"}],
    )
    evidence = [{"doc_id": 1, "label": "SUPPORT", "sentences": [0]}]
    write(tmp_path / "scifact_dev" / "corpus.jsonl.gz", [{"_id": "1", "sentences": ["One.", "Two."]}])
    query = {"text": "c", "cited_doc_ids": [1, 2], "evidence": evidence}
    write(tmp_path / "scifact_dev" / "queries.jsonl.gz", [query, query | {"evidence": []}])
    found = {name: [claim for _, claim in claims(tmp_path, name)] for name in SETS}
    assert [claim.supported for claim in found["BEGIN"]] == [True, False]
    assert [(claim.supported, claim.kind) for claim in found["SciFact"]] == [
        (True, "SUPPORT"),
        (False, "NOT ENOUGH"),
    ]
    assert found["HaluEval"] == found["ExpertQA"] == []
    assert list(texts(tmp_path)) == []
    assert "'r'" not in repr(found["BEGIN"][0])


def test_answers_to_one_question_lie_in_one_part(tmp_path: Path) -> None:
    row = {"knowledge": "k", "question": "q", "answer": "a", "hallucinated": False, "style": "right"}
    rows = [row, row | {"knowledge": "other", "hallucinated": True}, row | {"question": "r"}]
    write(tmp_path / "halueval_qa_dev" / "halueval_qa_dev.jsonl.gz", rows)
    assert len({part for part, _ in claims(tmp_path, "HaluEval")}) == 1
