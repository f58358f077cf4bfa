"""Every question's element is in its document and holds the answer."""

import json
from pathlib import Path
from typing import Any

import pytest

import ragslm_connectors
from ragslm.registry import find_parser
from ragslm.types import SourceDocument
from ragslm_connectors.banking import DOMAIN

DATA = Path(__file__).parents[2] / "data"
FOLDERS = (DATA / "formats", Path(ragslm_connectors.__file__).parent / "samples" / "banking")
TABLES = ("camt", "pain", "mt940", "ofx", "statement_csv", "regml")


def facts(name: str) -> list[dict[str, Any]]:
    lines = (DATA / "facts" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def at(file: str, element: str) -> list[str]:
    """The texts of the sections whose path ends with the element."""
    path = next(folder / file for folder in FOLDERS if (folder / file).exists())
    content = path.read_bytes()
    parser = find_parser([DOMAIN], content[:4096], path.suffix)
    assert parser is not None
    parsed = parser.parse(SourceDocument(uri=path.as_uri(), content=content))
    last = ((s, s.path.rpartition(" › ")[2]) for s in parsed.sections)
    return [
        parsed.text[s.start : s.end] for s, name in last if name == element or name.startswith(f"{element} ")
    ]


@pytest.mark.parametrize("table", TABLES)
def test_there_are_at_least_twenty_questions_with_their_answers(table: str) -> None:
    rows = facts(table)
    assert len(rows) >= 20
    assert len({row["id"] for row in rows}) == len(rows)
    for row in rows:
        assert any(row["answer"].lower() in text.lower() for text in at(row["file"], row["element"])), row[
            "id"
        ]
