"""The engine that needs no model keeps the contract. llama.cpp: tests/integration, vLLM: tests/vllm."""

import pytest

from ragslm.generation.extractive import ExtractiveEngine
from ragslm.protocols import TokenCount
from ragslm.testing.engine_contract import UNITS, ChatEngineContract


class TestExtractive(ChatEngineContract):
    @pytest.fixture
    def engine(self):
        return ExtractiveEngine()

    def test_selects_by_score(self, engine):
        assert engine.select("?", UNITS[::-1], most=2, count=TokenCount()) == ("3", "7")

    def test_writes_the_units_verbatim_in_the_given_order(self, engine):
        drafts = list(engine.write("?", UNITS[::-1], count=TokenCount()))
        assert [draft.text for draft in drafts] == [unit.text for unit in UNITS[::-1]]
        assert [draft.labels for draft in drafts] == [("12",), ("7",), ("3",)]

    def test_costs_no_tokens(self, engine):
        count = TokenCount()
        engine.select("?", UNITS, most=2, count=count)
        list(engine.write("?", UNITS, count=count))
        assert count == TokenCount(0, 0)
