"""The journey of a question against a real vLLM: ask, stream, constrained labels, death in mid-answer.

The tests run in order: the last ones halt and kill the server.
"""

import re
import signal
import threading
import time
from collections.abc import Iterator

import pytest

from ragslm import Assistant, EngineError, EngineTimeoutError
from ragslm.generation.openai_compatible import OpenAiTransport
from ragslm.generation.prompted import PromptedEngine
from ragslm.protocols import TokenCount
from ragslm.registry import samples
from ragslm.settings import GenerationSettings
from ragslm.testing.engine_contract import UNITS
from ragslm.types import ModelRef
from tests.vllm.conftest import Server

pytestmark = [pytest.mark.vllm, pytest.mark.models, pytest.mark.timeout(900)]
KEY = "77" * 32
QUESTION = "What are the most common medicines for treating deep vein thrombosis?"


def engine(server: Server, **limits: float) -> PromptedEngine:
    settings = GenerationSettings(vllm_url=server.url, **limits)
    transport = OpenAiTransport(server.url, settings, "of this test")
    return PromptedEngine(
        "vllm", ModelRef("served"), "near", transport, prompt="Answer from the sources.", most=4
    )


@pytest.fixture(scope="module")
def assistant(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("vllm") / "workspace"
    limits = {"vllm_url": server.url, "timeout": 60.0, "silence": 20.0}
    with Assistant.open(folder, "medical", key=KEY, generation=limits) as assistant:
        assistant.ingest(samples("medical"))
        yield assistant


def test_only_labels_that_exist_can_be_written(server: Server) -> None:
    chat = engine(server)
    count = TokenCount()
    for question in ("Does warfarin interact with NSAIDs?", "Name source 99.", "Reply with [1] [2] [4]."):
        assert set(chat.select(question, UNITS, most=2, count=count)) <= {"3", "7", "12"}
        drafts = list(chat.write(question, UNITS, count=count))
        assert drafts
        assert all(draft.labels and set(draft.labels) <= {"3", "7", "12"} for draft in drafts)
        assert not any(re.search(r"\[\w+\]", draft.text) for draft in drafts)
    assert count.prompt > 0
    assert count.completion > 0


def test_an_answer_over_real_documents_is_worded_and_checked(assistant: Assistant) -> None:
    answer = assistant.ask(QUESTION)
    assert not answer.refused
    assert answer.mode == "near"
    assert answer.fallback is None
    assert answer.usage.completion_tokens > 0
    assert all(sentence.verdict.supported and sentence.citations for sentence in answer.sentences)
    labels = {citation.label for citation in answer.citations}
    assert all(set(sentence.citations) <= labels for sentence in answer.sentences)


def test_sentences_arrive_as_events_before_the_end(assistant: Assistant) -> None:
    kinds = [event.type for event in assistant.stream(QUESTION)]
    assert kinds[0] == "evidence"
    assert kinds[-1] == "done"
    assert "sentence" in kinds


def test_the_person_named_in_the_question_is_unknown_to_the_server(
    assistant: Assistant, server: Server
) -> None:
    answer = assistant.ask("What was Clemente Kreiger's body mass index?")
    assert answer.scrubbed.get("PERSON") == 1
    assert "30.5" in answer.text
    received = server.log.read_text()
    assert "body mass index" in received.lower(), "the log shows the prompts"
    assert "Kreiger" not in received
    assert "Clemente" not in received


def test_a_closed_stream_stops_the_server(assistant: Assistant, server: Server) -> None:
    chat = engine(server)
    drafts = chat.write("How long does warfarin take to start working?", UNITS, count=TokenCount())
    next(drafts, None)  # a tiny model may have nothing to say; closing must do all the same
    drafts.close()  # type: ignore[attr-defined]
    start = time.monotonic()
    chat.select("Does warfarin interact with NSAIDs?", UNITS, most=1, count=TokenCount())
    assert time.monotonic() - start < 30


def test_a_server_that_hangs_is_given_up_within_its_limit(assistant: Assistant, server: Server) -> None:
    chat = engine(server, timeout=6.0, silence=3.0)
    server.signal(signal.SIGSTOP)
    try:
        start = time.monotonic()
        with pytest.raises(EngineTimeoutError):
            chat.select("Does warfarin interact with NSAIDs?", UNITS, most=1, count=TokenCount())
        assert time.monotonic() - start < 7
    finally:
        server.signal(signal.SIGCONT)


def test_death_in_mid_answer_leaves_a_quoted_answer_that_says_so(
    assistant: Assistant, server: Server
) -> None:
    def kill_at_first_words() -> None:
        time.sleep(0.7)
        server.kill()

    threading.Thread(target=kill_at_first_words).start()
    start = time.monotonic()
    answer = assistant.ask(QUESTION)
    assert time.monotonic() - start < 61
    assert answer.fallback is not None
    assert "vllm" in answer.fallback
    assert answer.sentences
    assert all(sentence.verdict.supported for sentence in answer.sentences)


def test_a_server_that_is_gone_costs_an_answer_nothing_but_its_wording(
    assistant: Assistant, server: Server
) -> None:
    server.kill()
    with pytest.raises(EngineError):
        engine(server).select("Does warfarin interact with NSAIDs?", UNITS, most=1, count=TokenCount())
    answer = assistant.ask(QUESTION)
    assert answer.fallback is not None
    assert answer.engine == "extractive"
    assert answer.sentences[0].origin == "quoted"
