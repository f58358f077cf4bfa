"""Both clients: the same surface, and the same values, requests and errors from the same answers."""

import asyncio
import inspect
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anyio
import httpx2
import pytest

from ragslm import wire
from ragslm.client import AsyncClient, Client, ServerInfo
from ragslm.errors import ApiError, ConfigError, NotFoundError
from ragslm.types import (
    Answer,
    DocumentInfo,
    Entity,
    Event,
    Hit,
    IngestReport,
    ModelRef,
    Passage,
    Scrubbed,
    SourceView,
    Verdict,
)  # fmt: skip

PASSAGE = Passage(
    id=2**62, document_id="d1", uri="u", title="t", page=1, section=None, text="Rest helps.", start=0, end=11
)
INFO = ServerInfo(
    version="1", domain="generic", domains=("generic",), engine="extractive", intended_use="x",
    models=(ModelRef("m"),), health={"ready": True},
)  # fmt: skip
DOCUMENT = DocumentInfo(
    id="d1", uri="u", title="t", domain="generic", media_type="text/plain", pages=None, passages=1, date=None,
    sha256="0", ingested_at="now",
)  # fmt: skip
EVENTS = [Event(type="evidence", evidence=(PASSAGE,)), Event(type="done", answer=Answer(text="a"))]
VIEW = SourceView(document_id="d/1", number=2, pages=3, image=b"\xff\xfe", text="t", marks=((1, 2),))
Run = Callable[[str, dict[str, Any], httpx2.MockTransport], Any]


def run_sync(method: str, given: dict[str, Any], transport: httpx2.MockTransport) -> Any:
    with Client(api_key="rsk_x", domain="medical", transport=transport) as client:
        result = getattr(client, method)(**given)
        return list(result) if method == "stream" else result


def run_async(method: str, given: dict[str, Any], transport: httpx2.MockTransport) -> Any:
    async def run() -> Any:
        async with AsyncClient(api_key="rsk_x", domain="medical", transport=transport) as client:
            result = getattr(client, method)(**given)
            if method == "stream":
                return [event async for event in result]
            return await result

    return asyncio.run(run())


@pytest.fixture(params=[run_sync, run_async], ids=["sync", "async"])
def run(request: pytest.FixtureRequest) -> Run:
    return request.param


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    monkeypatch.setattr("ragslm.client.sync_client.time.sleep", waited.append)
    monkeypatch.setattr(anyio, "sleep", sleep)
    return waited


RECORDED = [  # method, arguments, request line, body holds, recorded answer, value
    ("search", {"question": "q", "k": 3, "filters": {"title": "A"}, "as_of": "2024-02-29"}, "POST /v1/search",
     b'"k":3,"filters":{"title":"A"},"as_of":"2024-02-29","domain":"medical"',
     wire.Hits((Hit(1.0, PASSAGE),)), [Hit(1.0, PASSAGE)]),
    ("ask", {"question": "q", "conversation": "c", "mode": "near"}, "POST /v1/ask", b'"conversation":"c"',
     Answer(text="a", evidence=(PASSAGE,)), Answer(text="a", evidence=(PASSAGE,))),
    ("stream", {"question": "q"}, "POST /v1/ask", b'"stream":true', EVENTS, EVENTS),
    ("scrub", {"text": "Anna"}, "POST /v1/scrub", b'"text":"Anna"',
     Scrubbed("P", (Entity("P", 0, 1, 1.0, "P"),)),
     Scrubbed("P", (Entity("P", 0, 1, 1.0, "P"),))),
    ("verify", {"claim": "c", "passages": ("p",)}, "POST /v1/verify", b'"passages":["p"]', Verdict(True, 0.9),
     Verdict(True, 0.9)),
    ("documents", {}, "GET /v1/documents?domain=medical", b"", wire.Documents((DOCUMENT,)), [DOCUMENT]),
    ("upload", {"name": "a.txt", "content": b"Rest", "readers": {"b", "a"}}, "POST /v1/documents",
     b'filename="a.txt"', IngestReport(added=1), IngestReport(added=1)),
    ("remove_document", {"document_id": "d/1"}, "DELETE /v1/documents/d%2F1?domain=medical", b"", b"", None),
    ("page", {"document_id": "d/1", "number": 2, "marks": [(1, 2)]},
     "GET /v1/documents/d%2F1/pages/2?domain=medical&mark=1-2", b"", VIEW, VIEW),
    ("models", {}, "GET /v1/info?domain=medical", b"", INFO, [ModelRef("m")]),
    ("health", {}, "GET /v1/info?domain=medical", b"", INFO, {"ready": True}),
    ("info", {}, "GET /v1/info?domain=medical", b"", INFO, INFO),
]  # fmt: skip


def _content(recorded: Any) -> bytes:
    if isinstance(recorded, bytes):
        return recorded
    if recorded is EVENTS:
        return wire.HEARTBEAT.join(map(wire.encode_event, EVENTS))
    return wire.dump(recorded)


@pytest.mark.parametrize(("method", "given", "line", "holds", "recorded", "value"), RECORDED)
def test_recorded(
    run: Run, method: str, given: Any, line: str, holds: bytes, recorded: Any, value: Any
) -> None:
    seen: list[httpx2.Request] = []

    async def read(request: httpx2.Request) -> httpx2.Response:
        await request.aread()
        return answer(request)

    def answer(request: httpx2.Request) -> httpx2.Response:
        seen.append(request)
        return httpx2.Response(200, content=_content(recorded))

    handler = read if run is run_async else lambda request: (request.read(), answer(request))[1]
    assert run(method, given, httpx2.MockTransport(handler)) == value
    request = seen[0]
    assert f"{request.method} {request.url.raw_path.decode()}" == line
    assert request.headers["authorization"] == "Bearer rsk_x"
    assert holds in request.content


def always(status: int, content: bytes = b"", **headers: str) -> httpx2.MockTransport:
    return httpx2.MockTransport(lambda request: httpx2.Response(status, content=content, headers=headers))


FAILURE = wire.dump(
    {"error": {"code": "QuestionError", "message": "Empty.", "request_id": "r1", "type": "x"}}
)


@pytest.mark.parametrize("method", ["ask", "stream"])
@pytest.mark.parametrize(
    ("transport", "status", "code", "says"),
    [
        (always(400, FAILURE), 400, "QuestionError", "Empty."),
        (always(401, FAILURE), 401, "QuestionError", "RAGSLM_API_KEY"),
        (always(502, b"<html>"), 502, "HttpError", "502"),  # a proxy's page
        (
            always(200, b"<html>"),
            200,
            "UnreadableAnswer|CutOff",
            "ragslm server|complete",
        ),  # not a ragslm server
        (always(429, FAILURE), 429, "QuestionError", "Empty."),  # without Retry-After
    ],
)
def test_refused(run: Run, method: str, transport: Any, status: Any, code: Any, says: str) -> None:
    with pytest.raises(ApiError, match=says) as raised:
        run(method, {"question": "secret"}, transport)
    assert "secret" not in str(raised.value)
    assert raised.value.code in code.split("|")
    assert raised.value.status in {status, 0}


@pytest.mark.parametrize("method", ["ask", "stream"])
@pytest.mark.parametrize(
    ("error", "code", "says", "tries"),
    [
        (httpx2.ConnectError("x"), "Unreachable", "ragslm serve", 2),
        (httpx2.ReadTimeout("x"), "Timeout", "60 s", 1),
        (httpx2.RemoteProtocolError("x"), "Broken", "Ask again", 1),
    ],
)
def test_no_answer(run: Run, method: str, error: Exception, code: str, says: str, tries: int) -> None:
    seen: list[str] = []

    def fail(request: httpx2.Request) -> httpx2.Response:
        seen.append(request.method)
        raise error

    with pytest.raises(ApiError, match=says) as raised:
        run(method, {"question": "q"}, httpx2.MockTransport(fail))
    assert (raised.value.status, raised.value.code, len(seen)) == (0, code, tries)


@pytest.mark.parametrize(
    ("status", "after", "waits"),
    [
        (429, "2", [2.0, 2.0]),
        (503, "1", [1.0, 1.0]),
        (503, None, []),  # a failure, not a pause
        (429, "3600", []),  # too long to wait for
        (500, "1", []),
    ],
)
def test_busy_server(run: Run, no_waiting: list[float], status: int, after: str | None, waits: Any) -> None:
    transport = always(status, FAILURE, **({"retry-after": after} if after else {}))
    with pytest.raises(ApiError):
        run("search", {"question": "q"}, transport)
    assert no_waiting == waits


def test_busy_then_free(run: Run, no_waiting: list[float]) -> None:
    answers = [
        httpx2.Response(429, headers={"retry-after": "1"}),
        httpx2.Response(200, content=wire.encode_event(EVENTS[1])),
    ]
    transport = httpx2.MockTransport(lambda request: answers.pop(0))
    assert run("stream", {"question": "q"}, transport) == [EVENTS[1]]
    assert no_waiting == [1.0]


def test_stream_cut_off(run: Run) -> None:
    with pytest.raises(ApiError, match="before the answer was complete"):
        run("stream", {"question": "q"}, always(200, wire.encode_event(EVENTS[0])))


def test_ingest_a_folder(run: Run, tmp_path: Path) -> None:
    for name in ("b.txt", "a/b.txt", ".hidden/c.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("Rest helps.")
    told: list[Any] = []
    report = IngestReport(added=1, passages=2, quarantined=(("u", "why"),), stages={"parse": 1.0})
    merged = run(
        "ingest",
        {"path": tmp_path, "progress": lambda *given: told.append(given)},
        always(200, wire.dump(report)),
    )
    assert (merged.added, merged.passages, len(merged.quarantined), merged.stages) == (
        2,
        4,
        2,
        {"parse": 2.0},
    )
    assert told == [(1, 2, "upload"), (2, 2, "upload")]


def test_files_of_one_name_are_refused_before_any_is_sent(run: Run, tmp_path: Path) -> None:
    for name in ("a/b.txt", "a - b.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("Rest helps.")
    with pytest.raises(ConfigError, match=r"'a/b\.txt' and 'a - b\.txt'"):
        run("ingest", {"path": tmp_path}, always(500))


def test_ingest_what_is_not_there(run: Run, tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        run("ingest", {"path": tmp_path / "none"}, always(200))


def test_what_is_no_date_and_no_list_is_refused_before_it_is_sent(run: Run) -> None:
    for method in ("search", "ask"):
        with pytest.raises(ConfigError, match="as_of wants a date as YYYY-MM-DD"):
            run(method, {"question": "q", "as_of": "2020-99-99"}, always(200))
    with pytest.raises(ConfigError, match="passages wants a list"):
        run("verify", {"claim": "c", "passages": "text"}, always(200))


def test_empty_readers_are_not_everyone(run: Run) -> None:
    with pytest.raises(ConfigError, match="readers"):
        run("upload", {"name": "a", "content": b"x", "readers": []}, always(200))


def test_everyone_is_said(run: Run) -> None:
    sent: list[bytes] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        sent.append(request.content)
        return httpx2.Response(200, content=wire.dump(IngestReport()))

    for readers in (None, ["*"]):
        run("upload", {"name": "a", "content": b"x", "readers": readers}, httpx2.MockTransport(answer))
    assert [b'name="readers"' in content for content in sent] == [False, True]


def test_one_reader_is_not_its_letters(run: Run, tmp_path: Path) -> None:
    for method, given in [("upload", {"name": "a", "content": b"x"}), ("ingest", {"path": tmp_path})]:
        with pytest.raises(ConfigError, match="readers wants a list"):
            run(method, {**given, "readers": "ward3"}, always(200))


def test_unknown_filter(run: Run) -> None:
    with pytest.raises(ConfigError, match="author"):
        run("search", {"question": "q", "filters": {"author": "x"}}, always(200))


@pytest.mark.parametrize("url", ["ftp://x", "127.0.0.1:8420", ""])
def test_address(url: str) -> None:
    for kind in (Client, AsyncClient):
        with pytest.raises(ConfigError, match="http"):
            kind(url)


def test_key_from_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAGSLM_API_KEY", "rsk_env")
    with Client() as client:
        assert client._target.api_key == "rsk_env"
        assert "rsk_env" not in repr(client._target)


def public(kind: type) -> dict[str, Any]:
    renamed = {"__aenter__": "__enter__", "__aexit__": "__exit__"}
    kept = {"__init__", "__enter__", "__exit__"}
    members = {renamed.get(name, name): value for name, value in vars(kind).items() if callable(value)}
    return {name: value for name, value in members.items() if name in kept or not name.startswith("_")}


def test_parity() -> None:
    sync, other = public(Client), public(AsyncClient)
    assert sorted(sync) == sorted(other)
    for name, method in sync.items():
        ours, theirs = inspect.signature(method), inspect.signature(other[name])
        assert [p.replace(annotation=None) for p in ours.parameters.values()] == [
            p.replace(annotation=None) for p in theirs.parameters.values()
        ], name
        assert method.__doc__ == other[name].__doc__, name
        assert name in {"__init__", "stream"} or inspect.iscoroutinefunction(other[name])


def test_stays_light() -> None:
    heavy = "{'fastapi', 'numpy', 'torch', 'starlette', 'faiss', 'spacy'}"
    code = f"import sys, ragslm.client; assert not {heavy} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_same_parameters_as_the_assistant() -> None:
    from ragslm.assistant import Assistant

    same = "search ask stream scrub verify documents ingest remove_document page models health".split()
    for name in same:
        ours = inspect.signature(getattr(Client, name)).parameters.values()
        theirs = inspect.signature(getattr(Assistant, name)).parameters.values()
        assert [(p.name, p.kind, p.default) for p in ours] == [
            (p.name, p.kind, p.default) for p in theirs if p.name not in {"user", "rebuild"}
        ], name
