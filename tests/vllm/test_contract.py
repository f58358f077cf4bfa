"""The contract of chat engines, kept by a real vLLM. Runs before `test_vllm.py`, which ends by killing it."""

from collections.abc import Iterator

import pytest

from ragslm.generation.choose import build_engine
from ragslm.protocols import ChatEngine, TokenCount
from ragslm.settings import GenerationSettings
from ragslm.testing.engine_contract import QUESTION, UNITS, ChatEngineContract
from tests.vllm.conftest import Server

pytestmark = [pytest.mark.vllm, pytest.mark.models, pytest.mark.timeout(900)]


class TestVllm(ChatEngineContract):
    @pytest.fixture
    def engine(self, server: Server) -> Iterator[ChatEngine]:
        engine = build_engine(
            GenerationSettings(vllm_url=server.url),
            prompt="Answer from the numbered sources only.",
            chat_model="smollm2-135m-instruct",
            folder=None,
        )
        yield engine
        engine.close()

    def test_it_learns_what_is_served(self, engine: ChatEngine) -> None:
        assert (engine.name, engine.default_mode) == ("vllm", "near")
        engine.select(QUESTION, UNITS, most=1, count=TokenCount())
        assert engine.model.name == "smollm2"
        assert engine.model.sha256 is None
