"""Any LangChain chat model as an engine keeps the engines' contract, and costs no more than its limits."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel, FakeListChatModel
from langchain_core.language_models.fake_chat_models import FakeMessagesListChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGenerationChunk, ChatResult

from ragslm.errors import EngineError, EngineTimeoutError
from ragslm.integrations.langchain import as_engine
from ragslm.protocols import ChatEngine, TokenCount
from ragslm.settings import GenerationSettings
from ragslm.testing.engine_contract import QUESTION, UNITS, ChatEngineContract

# The model sees the units numbered 1, 2, 3; their labels are 3, 7 and 12.
REPLY = "Warfarin interacts with NSAIDs. [1]\nHeparin works right away. [3]"


class TestContract(ChatEngineContract):
    """A model that streams letter by letter."""

    @pytest.fixture
    def engine(self) -> ChatEngine:
        return as_engine(FakeListChatModel(responses=[REPLY]), prompt="From the sources.")


class TestContractWithoutStreaming(ChatEngineContract):
    """A model that gives its reply at once."""

    @pytest.fixture
    def engine(self) -> ChatEngine:
        return as_engine(FakeMessagesListChatModel(responses=[AIMessage(REPLY)]))


def test_an_invented_label_does_not_count() -> None:
    engine = as_engine(FakeListChatModel(responses=["[99][1]", "All is well. [99]\nHeparin works. [3]"]))
    assert engine.select(QUESTION, UNITS, most=3, count=TokenCount()) == ("3",)
    drafts = list(engine.write(QUESTION, UNITS, count=TokenCount()))
    assert [(draft.text, draft.labels) for draft in drafts] == [
        ("All is well.", ()),
        ("Heparin works.", ("12",)),
    ]


def test_tokens_are_counted() -> None:
    usage = {"input_tokens": 70, "output_tokens": 9, "total_tokens": 79}
    engine = as_engine(FakeMessagesListChatModel(responses=[AIMessage("[3]", usage_metadata=usage)]))
    count = TokenCount()
    engine.select(QUESTION, UNITS, most=2, count=count)
    assert (count.prompt, count.completion) == (70, 9)


def test_a_model_that_breaks_off_is_an_engine_error_after_its_sentences() -> None:
    model = FakeListChatModel(responses=[REPLY], error_on_chunk_number=REPLY.index("Heparin"))
    drafts = as_engine(model).write(QUESTION, UNITS, count=TokenCount())
    assert next(drafts).labels == ("3",)
    with pytest.raises(EngineError, match="FakeListChatModelError"):
        next(drafts)


class Behaving(BaseChatModel):
    """Streams what a test says."""

    seconds: float = 0.0
    pieces: int = 0
    sent: int = 0

    @property
    def _llm_type(self) -> str:
        return "behaving"

    def _generate(self, messages: list[BaseMessage], *args: Any, **kwargs: Any) -> ChatResult:
        raise NotImplementedError

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        time.sleep(self.seconds)
        for _ in range(self.pieces):
            self.sent += 1
            yield ChatGenerationChunk(message=AIMessageChunk(content="and so on "))


def test_a_model_that_hangs_costs_no_more_than_its_limit() -> None:
    engine = as_engine(Behaving(seconds=3.0), settings=GenerationSettings(timeout=0.2, silence=0.2))
    started = time.monotonic()
    with pytest.raises(EngineTimeoutError):
        engine.select(QUESTION, UNITS, most=2, count=TokenCount())
    assert time.monotonic() - started < 2.0


def test_a_model_that_never_ends_is_stopped() -> None:
    model = Behaving(pieces=1_000_000)
    assert list(as_engine(model).write(QUESTION, UNITS, count=TokenCount())) == []
    assert model.sent < 10_000
