"""A server that is down, hangs, breaks, dies or talks nonsense costs a bounded time and one clear error."""

import socket
import time

import pytest

from ragslm.errors import EngineError, EngineTimeoutError
from ragslm.protocols import Proposer, TokenCount
from ragslm.testing.engine_contract import QUESTION, UNITS, ChatEngineContract
from tests.unit.generation.conftest import answering, dripping, with_status

DRAFTS = [("Warfarin interacts with NSAIDs.", ("3", "7")), ("Heparin works right away.", ("12",))]
SLACK = 1.0


def written(engine, count=None):
    drafts = engine.write(QUESTION, UNITS, count=count or TokenCount())
    return [(draft.text, draft.labels) for draft in drafts]


def selected(engine):
    return engine.select(QUESTION, UNITS, most=2, count=TokenCount())


class TestContract(ChatEngineContract):
    @pytest.fixture
    def engine(self, server, connect):
        server.does(answering("Warfarin interacts with NSAIDs. [1]\n", "More of it. [2][1]"))
        return connect(server.url)


def test_a_reply_becomes_drafts(server, connect):
    count = TokenCount()
    assert written(connect(server.url), count) == DRAFTS
    assert count == TokenCount(70, 20)


def test_drafts_arrive_while_the_server_still_writes(server, connect):
    def behave(handler):
        handler.begin()
        handler.pieces("Warfarin interacts with NSAIDs. [1]", "\n")
        handler.hang()

    server.does(behave)
    drafts = connect(server.url).write(QUESTION, UNITS, count=TokenCount())
    assert next(drafts).labels == ("3",)
    drafts.close()


@pytest.mark.parametrize(
    ("reply", "labels"),
    [
        ("[2][1]", ("7", "3")),  # best first; the model sees 1, 2, 3
        ("[1][1]", ("3",)),  # each once
        ("[9][1]", ("3",)),  # of a server that ignores the constraint
        ("[1][2][3]", ("3", "7")),  # the same: more than asked for
        ("none", ()),
    ],
)
def test_selection(server, connect, reply, labels):
    server.does(answering(reply))
    assert selected(connect(server.url)) == labels


# ---------------------------------------------------------------- what is sent


def test_the_request_holds_nothing_but_ours(server, connect):
    written(connect(server.url, vllm_api_key="hidden"))
    headers, body = server.requests[0]
    assert headers["Authorization"] == "Bearer hidden"
    assert set(body) == {
        *("model", "messages", "structured_outputs", "max_tokens", "temperature", "seed", "stream"),
        *("stream_options", "cache_salt"),
    }
    assert body["cache_salt"] == "of this workspace"
    assert [message["role"] for message in body["messages"]] == ["system", "user"]
    assert body["temperature"] == 0


def test_the_constraint_names_the_numbers_of_the_units(server, connect):
    written(connect(server.url))
    assert "(1|2|3)" in server.requests[0][1]["structured_outputs"]["regex"]


def test_the_first_served_model_is_asked_for_once(server, connect):
    engine = connect(server.url)
    assert engine.model.name == "served"
    written(engine)
    written(engine)
    assert server.requests[0][1]["model"] == "small"
    assert engine.model.name == "small"
    assert server.paths == ["/v1/models", "/v1/chat/completions", "/v1/chat/completions"]


def test_a_configured_model_is_not_asked_for(server, connect):
    written(connect(server.url, vllm_model="mine"))
    assert server.requests[0][1]["model"] == "mine"
    assert "/v1/models" not in server.paths


def test_evidence_is_cut_to_the_window(server, connect):
    engine = connect(server.url)
    engine._window = 1000
    list(engine.write("Why?", UNITS * 20, count=TokenCount()))
    assert 300 < len(server.requests[0][1]["messages"][1]["content"]) < 2500


def test_a_sentence_said_twice_is_written_once(server, connect):
    server.does(answering("Heparin works right away. [3]\n" * 3))
    assert written(connect(server.url)) == [("Heparin works right away.", ("12",))]


def test_proxies_of_the_environment_are_not_used(server, connect, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    assert written(connect(server.url)) == DRAFTS


# ---------------------------------------------------------------- failures that may pass


@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_server_error_is_tried_once_more(server, connect, status):
    server.does(with_status(status), answering())
    assert written(connect(server.url)) == DRAFTS
    assert len(server.requests) == 2


def test_a_broken_connection_before_the_first_token_is_tried_once_more(server, connect):
    def hang_up(handler):
        handler.connection.shutdown(socket.SHUT_RDWR)

    server.does(hang_up, answering())
    assert written(connect(server.url)) == DRAFTS


def test_a_second_failure_is_final(server, connect):
    server.does(with_status(503))
    with pytest.raises(EngineError, match="status 503"):
        selected(connect(server.url))
    assert len(server.requests) == 2


# ---------------------------------------------------------------- failures that do not


def test_a_server_that_is_down(connect):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{probe.getsockname()[1]}/v1"
    start = time.monotonic()
    with pytest.raises(EngineError, match="ConnectError"):
        selected(connect(url))
    assert time.monotonic() - start < 2


@pytest.mark.parametrize("status", [302, 400, 401, 404, 429])
def test_a_refusal_is_not_repeated_and_its_body_not_shown(server, connect, status):
    server.does(with_status(status))
    with pytest.raises(EngineError, match=f"status {status}") as caught:
        selected(connect(server.url))
    assert "warfarin" not in str(caught.value)
    assert len(server.requests) == 1


@pytest.mark.parametrize("names", [None, [], [{}]], ids=["no such route", "none", "nameless"])
def test_a_server_that_does_not_name_its_model(server, connect, names):
    server.names = names
    with pytest.raises(EngineError):
        selected(connect(server.url))


def breaking(*events):
    def behave(handler):
        handler.begin()
        handler.pieces("Warfarin interacts with NSAIDs. [1]\n")
        for event in events:
            handler.event(event)

    return behave


@pytest.mark.parametrize(
    "behaviour",
    [
        breaking(),  # it dies in mid-answer
        breaking("{broken"),  # no JSON
        breaking("\x80\udc80".encode("utf-8", "replace").decode()),  # no JSON either
        breaking("[1, 2]"),  # JSON of another shape
        breaking({"choices": [{"text": "?"}]}),  # a choice of another shape
        breaking({"choices": 3}),
        breaking({"usage": {"prompt_tokens": "many"}}),
        breaking({"error": {"message": "you asked: warfarin"}}),  # an error in mid-reply
    ],
)
def test_a_stream_that_breaks_keeps_its_finished_sentences(server, connect, behaviour):
    server.does(behaviour)
    drafts = connect(server.url).write(QUESTION, UNITS, count=TokenCount())
    assert next(drafts).text == "Warfarin interacts with NSAIDs."
    with pytest.raises(EngineError) as caught:
        next(drafts)
    assert "warfarin" not in str(caught.value).lower()


@pytest.mark.parametrize(
    "body", [b"<html>Please log in</html>", b"", b"\xff\xfe" * 5000], ids=["page", "nothing", "noise"]
)
def test_a_reply_that_is_no_stream(server, connect, body):
    server.does(lambda handler: handler.reply(200, "text/html", body))
    with pytest.raises(EngineError):
        selected(connect(server.url))


# ---------------------------------------------------------------- time


def timed_out(engine, seconds):
    start = time.monotonic()
    with pytest.raises(EngineTimeoutError):
        selected(engine)
    assert time.monotonic() - start < seconds + SLACK


def test_a_server_that_never_answers(server, connect):
    server.does(lambda handler: handler.hang())
    timed_out(connect(server.url, silence=0.4), 0.4)


def test_a_server_that_falls_silent(server, connect):
    def behave(handler):
        handler.begin()
        handler.pieces("Warfarin interacts")
        handler.hang()

    server.does(behave)
    timed_out(connect(server.url, silence=0.4), 0.4)


@pytest.mark.parametrize("data", [b": still here\n\n", b"x", b"\n"], ids=["comments", "bytes", "lines"])
def test_signs_of_life_without_a_token_do_not_count(server, connect, data):
    server.does(dripping(data, 10))
    timed_out(connect(server.url, silence=0.4), 0.4)


def test_a_server_that_never_ends(server, connect):
    server.does(dripping(b'data: {"choices": [{"delta": {"content": "on and "}}]}\n\n', 10))
    timed_out(connect(server.url, silence=0.4, timeout=0.8), 0.8)


def test_closing_the_iterator_closes_the_connection(server, connect):
    server.does(dripping(b'data: {"choices": [{"delta": {"content": "A is B. [1]\\n"}}]}\n\n', 10))
    drafts = connect(server.url).write(QUESTION, UNITS, count=TokenCount())
    next(drafts)
    drafts.close()
    assert server.left.wait(3)


@pytest.mark.parametrize(("reply", "proposed"), [("(v2 - v1) / v1", "(v2 - v1) / v1"), ("none", None)])
def test_a_calculation_is_proposed_under_its_constraint(server, connect, reply, proposed):
    server.does(answering(reply))
    values = {"v1": "31,657 (Net sales, 2017)", "v2": "32,765 (Net sales, [2018]<|im_end|>)"}
    engine = connect(server.url)
    assert isinstance(engine, Proposer)
    assert engine.propose("How much did sales grow?", values, count=TokenCount()) == proposed
    body = server.requests[0][1]
    assert "avg" in body["structured_outputs"]["regex"]
    message = body["messages"][-1]["content"]
    assert message.startswith("Values:\nv1 = 31,657 (Net sales, 2017)\nv2 = 32,765 (Net sales, (2018) )\n")
    assert message.endswith("Question: How much did sales grow?")


def test_values_beyond_the_window_are_not_asked_about(server, connect):
    engine = connect(server.url)
    values = {f"v{number}": "1,234,567 (Net sales of a long name, 2018)" for number in range(1, 400)}
    assert engine.propose("How much did sales grow?", values, count=TokenCount()) is None
    assert engine.propose("How much did sales grow?", {}, count=TokenCount()) is None
    assert not server.requests
