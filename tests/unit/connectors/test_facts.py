"""Every fact of the tables stands where its table says it does, and there are enough of them."""

from functools import cache
from pathlib import Path

import pytest

from ragslm.evaluate.facts import Fact, holds, parsed, tables

DATA = Path(__file__).parents[2] / "data"
TABLES = [*tables(DATA / "facts"), *tables(DATA / "facts-check")]
ROWS = [(domain, fact) for domain, _, facts in TABLES for fact in facts]
parsed_once = cache(parsed)


@pytest.mark.parametrize(("domain", "fact"), ROWS, ids=[fact.id for _, fact in ROWS])
def test_the_answer_stands_in_its_element(domain: str, fact: Fact) -> None:
    document = parsed_once(fact.file, domain)
    places = [(section.path, section.start, section.end) for section in document.sections]
    places += [("", block.start, block.end) for block in document.blocks]
    assert any(holds(fact, path, document.text[start:end]) for path, start, end in places)


@pytest.mark.parametrize(("name", "facts"), [(name, facts) for _, name, facts in TABLES])
def test_there_are_enough_and_no_two_are_the_same(name: str, facts: list[Fact]) -> None:
    assert len({(fact.file, fact.question) for fact in facts}) == len(facts) >= 18
