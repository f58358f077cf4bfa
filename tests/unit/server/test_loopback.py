"""A real server on loopback: the OpenAI package, both ragslm clients, and clients that leave."""

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import openai
import pytest

from ragslm.client import AsyncClient, Client
from ragslm.errors import ApiError, ConfigError
from ragslm.server import create_app
from ragslm.server.run import bind, make_server, run
from ragslm.settings import ServerSettings, Settings

QUESTION: list[Any] = [{"role": "user", "content": "What helps?"}]
SAID = "Rest helps. [1] Water helps too. [1]"


@pytest.fixture
def url(assistant: Any) -> Iterator[str]:
    app = create_app(assistant, Settings(server=ServerSettings(workers=2), domains=("generic", "medical")))
    held = bind("127.0.0.1", 0)
    server = make_server(app)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [held]})
    thread.start()
    yield f"http://127.0.0.1:{held.getsockname()[1]}"
    server.should_exit = True
    thread.join(10)
    held.close()


def test_openai_client(url: str) -> None:
    with openai.OpenAI(base_url=f"{url}/v1", api_key="rsk_reader") as client:
        assert [model.id for model in client.models.list()] == ["ragslm", "ragslm-generic", "ragslm-medical"]
        answer = client.chat.completions.create(model="ragslm-medical", messages=QUESTION, temperature=0.2)
        assert answer.choices[0].message.content == SAID
        assert answer.usage is not None
        assert answer.usage.total_tokens == 7
        assert answer.model_extra is not None
        assert answer.model_extra["ragslm"]["audit_id"] == "a7"


def test_openai_client_streams(url: str) -> None:
    with openai.OpenAI(base_url=f"{url}/v1", api_key="rsk_reader") as client:
        chunks = list(
            client.chat.completions.create(
                model="ragslm", messages=QUESTION, stream=True, stream_options={"include_usage": True}
            )
        )
    assert "".join(c.choices[0].delta.content or "" for c in chunks if c.choices) == SAID
    assert chunks[-1].usage is not None
    assert (chunks[-2].model_extra or {})["ragslm"]["evidence"][0]["document_id"] == "d1"


def test_openai_client_errors(url: str) -> None:
    stranger = openai.OpenAI(base_url=f"{url}/v1", api_key="rsk_wrong", max_retries=0)
    with stranger, pytest.raises(openai.AuthenticationError):
        stranger.models.list()
    with openai.OpenAI(base_url=f"{url}/v1", api_key="rsk_reader", max_retries=0) as client:
        with pytest.raises(openai.NotFoundError, match="no such model"):
            client.chat.completions.create(model="gpt-4", messages=QUESTION)
        with pytest.raises(openai.BadRequestError, match="empty"):
            client.chat.completions.create(model="ragslm", messages=[{"role": "user", "content": " "}])


def test_both_ragslm_clients(url: str, assistant: Any) -> None:
    async def other() -> list[Any]:
        async with AsyncClient(url, "rsk_owner") as client:
            events = [event async for event in client.stream("What helps?")]
            return [await client.ask("What helps?"), await client.upload("b.txt", b"x"), events]

    with Client(url, "rsk_owner") as client:
        events = list(client.stream("What helps?"))
        assert [event.type for event in events] == ["evidence", "sentence", "sentence", "done"]
        assert asyncio.run(other()) == [client.ask("What helps?"), client.upload("b.txt", b"x"), events]
        assert client.page("d1", 1, marks=[(5, 16)]).image == b"\x89PNG\xff\xfe"
        assert client.health() == assistant.health()


def test_leaving_cancels_the_answer(url: str, assistant: Any) -> None:
    assistant.endless = True
    with Client(url, "rsk_reader") as client:
        events: Any = client.stream("What helps?")
        assert next(events).type == "evidence"
        assert next(events).type == "sentence"
        assert not assistant.closed.is_set()
        events.close()
        begun = time.monotonic()
        assert assistant.closed.wait(5), "the engine was still working"
        assert time.monotonic() - begun < 2


def test_who_leaves_before_the_first_event_is_not_answered(url: str, assistant: Any) -> None:
    assistant.hold, body = threading.Event(), b'{"question": "What helps?", "stream": true}'
    host, port = url.removeprefix("http://").split(":")
    head = f"POST /v1/ask HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer rsk_reader\r\n"
    head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    with socket.create_connection((host, int(port))) as client:
        client.sendall(head.encode() + body)
        time.sleep(0.3)
    time.sleep(0.7)
    assistant.hold.set()
    with Client(url, "rsk_reader") as other:
        assert other.ask("What helps?").text == SAID
    assert _left(url) == 1


def _left(url: str) -> float:
    """How many clients the server says have left before their answer."""
    import httpx2

    line = 'ragslm_requests_total{method="POST",route="/v1/ask",status="499"} '
    return float(httpx2.get(f"{url}/metrics").text.partition(line)[2].partition("\n")[0] or 0)


def test_port_in_use(assistant: Any) -> None:
    with bind("127.0.0.1", 0) as held:
        port = held.getsockname()[1]
        with pytest.raises(ConfigError, match=rf"Port {port} .* is in use.*RAGSLM_SERVER__PORT"):
            run(create_app(assistant, Settings()), "127.0.0.1", port)


def test_address_of_another_machine() -> None:
    with pytest.raises(ConfigError, match=r"server\.host"):
        bind("192.0.2.1", 0)


def test_no_server() -> None:
    with bind("127.0.0.1", 0) as held:
        port = held.getsockname()[1]
    with Client(f"http://127.0.0.1:{port}") as client, pytest.raises(ApiError, match="ragslm serve"):
        client.health()


def test_server_does_not_name_itself(url: str) -> None:
    import httpx2

    assert "server" not in httpx2.get(f"{url}/healthz").headers
