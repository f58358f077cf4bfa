"""Every fact of the tables stands in the element that they name."""

import json
from pathlib import Path

import pytest

from ragslm.registry import find_parser
from ragslm.types import SourceDocument
from ragslm_connectors.generic import DOMAIN

FACTS = Path(__file__).parents[2] / "data" / "facts"
TABLES = {
    name: [json.loads(line) for line in (FACTS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]
    for name in ("office", "eml")
}


@pytest.mark.parametrize(
    "fact", [fact for table in TABLES.values() for fact in table], ids=lambda fact: fact["id"]
)
def test_the_element_holds_the_answer(fact: dict[str, str]) -> None:
    file = (FACTS / fact["file"]).resolve()
    content = file.read_bytes()
    parser = find_parser([DOMAIN], content[:4096], file.suffix)
    assert parser is not None
    parsed = parser.parse(SourceDocument(uri=file.as_uri(), content=content))
    texts = [parsed.text[block.start : block.end] for block in parsed.blocks]
    assert any(text.startswith(fact["element"]) and fact["answer"] in text for text in texts)


@pytest.mark.parametrize("name", TABLES)
def test_there_are_enough_and_none_twice(name: str) -> None:
    assert len(TABLES[name]) >= 20
    assert len({fact["question"] for fact in TABLES[name]}) == len(TABLES[name])
