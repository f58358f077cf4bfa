"""A server that speaks the OpenAI dialect on loopback and fails in the ways real ones do."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from ragslm.generation.openai_compatible import OpenAiTransport
from ragslm.generation.prompted import PromptedEngine
from ragslm.settings import GenerationSettings
from ragslm.types import ModelRef

REPLY = ("Warfarin interacts", " with NSAIDs. ", "[1]", "[2]", "\nHeparin works ", "right away. [3]")

Behaviour = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """Answers one request as the next behaviour says; the last one stays."""

    def do_GET(self) -> None:
        self.server.paths.append(self.path)
        if self.server.names is None:
            self.send_error(404)
        else:
            self.reply(200, "application/json", json.dumps({"data": self.server.names}).encode())

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.paths.append(self.path)
        self.server.requests.append((dict(self.headers), json.loads(body)))
        behaviours = self.server.behaviours
        (behaviours.pop(0) if len(behaviours) > 1 else behaviours[0])(self)

    def reply(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def begin(self) -> None:
        self.close_connection = True
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()

    def event(self, data: object) -> None:
        text = data if isinstance(data, str) else json.dumps(data)
        self.raw(f"data: {text}\n\n".encode())

    def raw(self, data: bytes) -> None:
        try:
            self.wfile.write(data)
            self.wfile.flush()
        except OSError:
            self.server.left.set()

    def pieces(self, *pieces: str) -> None:
        for piece in pieces:
            self.event({"choices": [{"delta": {"content": piece}}]})

    def hang(self) -> None:
        """Until the test is over."""
        self.server.ended.wait(30)

    def log_message(self, *args: object) -> None:
        """Nothing on standard error."""


class FakeServer(ThreadingHTTPServer):
    """What it was asked, and what it does next."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.names: list[dict[str, str]] | None = [{"id": "small"}, {"id": "other"}]
        self.behaviours: list[Behaviour] = [answering()]
        self.requests: list[tuple[dict[str, str], dict[str, object]]] = []
        self.paths: list[str] = []
        self.left = threading.Event()
        self.ended = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"

    def does(self, *behaviours: Behaviour) -> None:
        self.behaviours = list(behaviours)


def answering(*pieces: str) -> Behaviour:
    """A whole and proper reply."""

    def behave(handler: Handler) -> None:
        handler.begin()
        handler.event({"choices": [{"delta": {"role": "assistant", "content": ""}}]})
        handler.pieces(*(pieces or REPLY))
        handler.event({"choices": [], "usage": {"prompt_tokens": 70, "completion_tokens": 20}})
        handler.event("[DONE]")

    return behave


def with_status(status: int) -> Behaviour:
    """An error whose body repeats the prompt, as some servers do."""
    return lambda handler: handler.reply(status, "text/plain", b"you asked: warfarin")


def dripping(data: bytes, seconds: float) -> Behaviour:
    """Signs of life without a token."""

    def behave(handler: Handler) -> None:
        handler.begin()
        end = time.monotonic() + seconds
        while time.monotonic() < end and not handler.server.left.is_set():
            handler.raw(data)
            time.sleep(0.05)

    return behave


@pytest.fixture
def server() -> Iterator[FakeServer]:
    server = FakeServer()
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield server
    server.ended.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def connect() -> Iterator[Callable[..., PromptedEngine]]:
    """An engine over a URL, with short limits."""
    made: list[PromptedEngine] = []

    def make(url: str, **given: object) -> PromptedEngine:
        settings = GenerationSettings(**{"vllm_url": url, "timeout": 5.0, "silence": 2.0, **given})
        transport = OpenAiTransport(url, settings, "of this workspace")
        engine = PromptedEngine(
            "vllm", ModelRef("served"), "near", transport, prompt="From the sources.", most=4
        )
        made.append(engine)
        return engine

    yield make
    for engine in made:
        engine.close()
