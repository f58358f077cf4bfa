"""Every fact of the tables stands where its table says it does."""

import json
from pathlib import Path
from typing import Any

import pytest

from ragslm.registry import find_parser
from ragslm.types import SourceDocument
from ragslm_connectors.medical import DOMAIN

FACTS = Path(__file__).parents[2] / "data" / "facts"
TABLES = ("hl7v2", "ccda", "dicom", "fhir")
ROWS = [
    json.loads(line)
    for file in (FACTS / f"{name}.jsonl" for name in TABLES)
    for line in file.read_text(encoding="utf-8").splitlines()
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_the_answer_stands_in_its_element(row: dict[str, Any]) -> None:
    path = (FACTS / row["file"]).resolve()
    parser = find_parser([DOMAIN], path.read_bytes()[:4096], path.suffix)
    assert parser is not None
    parsed = parser.parse(SourceDocument(uri=path.as_uri(), content=path.read_bytes()))
    texts = [parsed.text[s.start : s.end] for s in parsed.sections if row["element"] in s.path]
    assert any(row["answer"] in text for text in texts)


@pytest.mark.parametrize("name", TABLES)
def test_there_are_enough_and_no_two_are_the_same(name: str) -> None:
    rows = [row for row in ROWS if row["id"].startswith(f"{name}-")]
    assert len({(row["file"], row["question"]) for row in rows}) == len(rows) >= 20
