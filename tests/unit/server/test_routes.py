"""Every route: who may call it, what it answers, and what it never repeats."""

import json
import logging
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from ragslm import Assistant, Identity, wire
from ragslm.errors import EngineError, ModelError, StorageFullError
from ragslm.server import create_app
from ragslm.types import Answer, IngestReport, SourceView

ASK = {"question": "What helps?"}
CHAT = {"model": "ragslm", "messages": [{"role": "user", "content": "What helps?"}]}
FILE = {"file": ("a.txt", b"Rest helps.")}
SSN = "078-05-1120"

ROUTES = [  # method, path, arguments, status for a reader, for a reader who may not see document d1
    ("POST", "/v1/ask", {"json": ASK}, 200, 200),
    ("POST", "/v1/ask", {"json": {**ASK, "stream": True}}, 200, 200),
    ("POST", "/v1/search", {"json": ASK}, 200, 200),
    ("POST", "/v1/scrub", {"json": {"text": "Anna"}}, 200, 200),
    ("POST", "/v1/verify", {"json": {"claim": "c", "passages": ["p"]}}, 200, 200),
    ("POST", "/v1/chat/completions", {"json": CHAT}, 200, 200),
    ("POST", "/v1/chat/completions", {"json": {**CHAT, "stream": True}}, 200, 200),
    ("GET", "/v1/models", {}, 200, 200),
    ("GET", "/v1/info", {}, 200, 200),
    ("GET", "/v1/documents", {}, 200, 200),
    ("GET", "/v1/documents/d1/pages/1", {}, 200, 404),
    ("GET", "/v1/documents/unknown/pages/1", {}, 404, 404),
    ("POST", "/v1/documents", {"files": FILE}, 403, 403),  # changing is the owner's
    ("DELETE", "/v1/documents/d1", {}, 403, 403),
    ("GET", "/v1/nothing", {}, 404, 404),
    ("GET", "/v1/ask", {}, 405, 405),
    ("GET", "/openapi.json", {}, 200, 200),
]


@pytest.mark.parametrize(("method", "path", "given", "reader", "other"), ROUTES)
def test_who_may_call(serve: Any, method: str, path: str, given: Any, reader: int, other: int) -> None:
    for key, expected in ((None, 401), ("rsk_wrong", 401), ("rsk_reader", reader), ("rsk_other", other)):
        response = serve(key).request(method, path, **given)
        assert response.status_code == expected, key
        if expected == 401:
            assert response.headers["www-authenticate"].startswith("Bearer")
        if expected >= 400:
            assert set(response.json()["error"]) == {"code", "message", "type", "param", "request_id"}


@pytest.mark.parametrize("header", ["rsk_reader", "Basic rsk_reader", "Bearer ", "Bearer " + "x" * 300])
def test_other_ways_to_send_a_key_are_refused(serve: Any, header: str) -> None:
    assert serve(None).get("/v1/models", headers={"Authorization": header}).status_code == 401


def test_open_routes_tell_nothing(serve: Any) -> None:
    client = serve(None)
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json() == {"ready": True}


def test_not_ready_tells_the_kind_of_error_alone(serve: Any, assistant: Any) -> None:
    assistant.broken = ModelError(SSN)
    response = serve(None).get("/readyz")
    assert (response.status_code, response.json()) == (503, {"ready": False, "code": "ModelError"})


def test_who_could_not_be_answered_is_not_told_ready(tmp_path: Path) -> None:
    with Assistant.open(tmp_path / "w", key="9d" * 32, models={"folder": tmp_path / "none"}) as assistant:
        key = assistant.add_api_key(Identity(id="rob"))
        with TestClient(create_app(assistant, assistant.settings)) as client:
            asked = client.post("/v1/ask", json=ASK, headers={"Authorization": f"Bearer {key}"})
            ready = client.get("/readyz")
    assert (asked.status_code, ready.status_code) == (503, 503)
    assert asked.json()["error"]["code"] == ready.json()["code"] == "ModelError"


def test_answers_carry_every_field(serve: Any, assistant: Any) -> None:
    client = serve()
    assert wire.load(Answer, client.post("/v1/ask", json=ASK).content) == assistant.answer(None)
    assert wire.load(wire.Hits, client.post("/v1/search", json=ASK).content).hits[0].passage.id == 2**62
    assert client.get("/v1/info").json()["models"] == [{"name": "encoder", "sha256": "f" * 64}]
    assert [m["id"] for m in client.get("/v1/models").json()["data"]] == [
        "ragslm", "ragslm-generic", "ragslm-medical",
    ]  # fmt: skip


def test_ask_passes_everything_on(serve: Any, assistant: Any) -> None:
    body = {
        **ASK,
        "conversation": "c",
        "scope": "s",
        "as_of": "2024-02-29",
        "mode": "near",
        "domain": "medical",
    }
    assert serve().post("/v1/ask", json={**body, "filters": {"title": "A"}}).status_code == 200
    given = assistant.asked[0]
    assert (given["conversation"], given["scope"], given["mode"]) == ("c", "s", "near")
    assert given["filters"].title == "A"
    assert given["as_of"].isoformat() == "2024-02-29"
    assert (given["user"].id, assistant.domain_asked) == ("rob", "medical")


def test_unconfigured_domain(serve: Any) -> None:
    response = serve().post("/v1/ask", json={**ASK, "domain": "law"})
    assert (response.status_code, response.json()["error"]["code"]) == (400, "ConfigError")


def test_empty_question(serve: Any) -> None:
    for given in ({"question": ""}, {"question": "", "stream": True}):
        response = serve().post("/v1/ask", json=given)
        assert (response.status_code, response.json()["error"]["code"]) == (400, "QuestionError")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/ask", {"question": [SSN]}),  # wrong type
        ("/v1/ask", {"question": "q", "k": SSN}),  # extra field
        ("/v1/ask", {"question": "q", SSN: "x"}),  # extra field's name
        ("/v1/ask", {"question": "q", "as_of": SSN}),  # unreadable date
        ("/v1/ask", {"question": "q", "mode": SSN}),  # not a choice
        ("/v1/ask", {"question": "q", "domain": SSN}),  # pattern
        ("/v1/ask", {"question": "q", "filters": {SSN: SSN}}),  # nested
        ("/v1/search", {"question": "q", "k": SSN}),  # unreadable number
        ("/v1/chat/completions", {"messages": [{"role": SSN, "content": SSN}]}),
        ("/v1/chat/completions", {"messages": [{"role": "user", "content": {SSN: SSN}}]}),
    ],
)
def test_422_never_repeats_input(serve: Any, path: str, body: Any) -> None:
    response = serve().post(path, json=body)
    assert response.status_code == 422
    assert SSN not in response.text
    assert response.json()["error"]["code"] == "InvalidRequest"


def test_broken_json_is_not_repeated(serve: Any) -> None:
    response = serve().post("/v1/ask", content=f'{{"question": "{SSN}'.encode())
    assert response.status_code == 422
    assert SSN not in response.text


def test_marks_are_checked(serve: Any) -> None:
    client = serve()
    view = wire.load(SourceView, client.get("/v1/documents/d1/pages/1?mark=12-40&mark=3-5").content)
    assert view.marks == ((12, 40), (3, 5))
    assert view.image == b"\x89PNG\xff\xfe"
    assert client.get(f"/v1/documents/d1/pages/1?mark={SSN}x").status_code == 422
    assert client.get("/v1/documents/d1/pages/-1").status_code == 422


def test_page_as_picture(serve: Any) -> None:
    client = serve()
    picture = client.get("/v1/documents/d1/pages/1", headers={"Accept": "image/png"})
    assert (picture.headers["content-type"], picture.content) == ("image/png", b"\x89PNG\xff\xfe")
    text = client.get("/v1/documents/d1/pages/2", headers={"Accept": "image/png"})
    assert text.headers["content-type"] == "application/json"


@pytest.mark.parametrize(
    ("name", "stored"),
    [
        ("a.txt", "a.txt"),
        ("../../etc/passwd", "passwd"),
        ("C:\\docs\\a.txt", "a.txt"),
        ("Befund ä.txt", "Befund ä.txt"),
    ],
)
def test_upload(serve: Any, assistant: Any, name: str, stored: str) -> None:
    response = serve("rsk_owner").post("/v1/documents", files={"file": (name, b"Rest")}, data={"scope": "p1"})
    assert wire.load(IngestReport, response.content) == IngestReport(added=1, passages=2)
    assert assistant.uploads == [(stored, b"Rest")]


def test_who_may_not_upload_is_told_before_the_body_is_read(serve: Any) -> None:
    read: list[bytes] = []

    def body() -> Iterator[bytes]:
        for _ in range(100):
            read.append(b"x" * 100_000)
            yield read[-1]

    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    response = serve("rsk_reader").post("/v1/documents", content=body(), headers=headers)
    assert (response.status_code, response.json()["error"]["code"]) == (403, "AccessError")
    assert len(read) < 3


def test_claim_and_passages_to_verify_are_bounded(serve: Any) -> None:
    client, half = serve(), "x" * (wire.MAX_EVIDENCE // 2)
    body = {"claim": "Rest helps.", "passages": [half, half]}
    assert client.post("/v1/verify", json=body).status_code == 200
    refused = client.post("/v1/verify", json={**body, "passages": [half, half, "."]})
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "InvalidRequest")
    assert "body.passages: All passages together should have at most 200000" in refused.text
    long = client.post("/v1/verify", json={**body, "claim": "x" * (wire.MAX_CLAIM + 1)})
    assert (long.status_code, long.json()["error"]["code"]) == (422, "InvalidRequest")


def test_upload_never_touches_the_disk(serve: Any, assistant: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from tempfile import SpooledTemporaryFile

    def rollover(self: Any) -> None:
        raise AssertionError("an upload was about to be written unencrypted")

    monkeypatch.setattr(SpooledTemporaryFile, "rollover", rollover)
    content = b"x" * 3_000_000
    assert serve("rsk_owner").post("/v1/documents", files={"file": ("a", content)}).status_code == 200
    assert len(assistant.uploads[0][1]) == 3_000_000


@pytest.mark.parametrize(
    "given",
    [
        {"json": {}},  # not a form
        {"files": {"other": ("a.txt", b"x")}},  # another part
        {"files": {"file": ("..", b"x")}},  # no name
        {"files": [("file", ("a", b"x")), ("file", ("b", b"y"))]},  # two
    ],
)
def test_bad_uploads(serve: Any, given: Any) -> None:
    assert serve("rsk_owner").post("/v1/documents", **given).status_code == 400


def test_too_large(serve: Any, assistant: Any) -> None:
    client = serve("rsk_owner", max_body=1000)
    assert client.post("/v1/documents", files={"file": ("a.txt", b"x" * 1001)}).status_code == 413
    chunks = (b"x" * 100 for _ in range(20))  # no Content-Length
    assert client.post("/v1/ask", content=chunks).status_code == 413
    assert not assistant.uploads


def test_events_come_in_order(serve: Any) -> None:
    response = serve().post("/v1/ask", json=ASK, headers={"Accept": "text/event-stream"})
    assert response.headers["content-type"].startswith("text/event-stream")
    names = [line[7:] for line in response.text.splitlines() if line.startswith("event: ")]
    assert names == ["evidence", "sentence", "sentence", "done"]


def test_engine_dies_in_mid_stream(serve: Any, assistant: Any) -> None:
    assistant.crash = EngineError("The engine failed.")
    text = serve().post("/v1/ask", json={**ASK, "stream": True}).text
    assert "event: error" in text
    assert "The engine failed." in text
    assistant.crash = ValueError(SSN)
    assert SSN not in serve().post("/v1/ask", json={**ASK, "stream": True}).text


@pytest.mark.parametrize(
    ("error", "status"), [(StorageFullError("full"), 507), (EngineError("down"), 503), (ValueError(SSN), 500)]
)
def test_failures(serve: Any, assistant: Any, caplog: Any, error: Exception, status: int) -> None:
    caplog.set_level(logging.DEBUG)
    assistant.crash = error
    response = serve().post("/v1/ask", json=ASK)
    assert response.status_code == status
    assert response.json()["error"]["request_id"] == response.headers["x-request-id"]
    assert SSN not in response.text + caplog.text


def test_busy(serve: Any, assistant: Any) -> None:
    client, assistant.hold, statuses = serve(workers=1, queue=1), threading.Event(), []

    def search(key: str) -> None:
        headers = {"Authorization": f"Bearer {key}"}
        statuses.append(client.post("/v1/search", json=ASK, headers=headers).status_code)

    threads = [threading.Thread(target=search, args=(key,)) for key in ("rsk_reader", "rsk_other")]
    for thread in threads:
        thread.start()
    desk = client.app.state.desk
    while desk.work._taken < 2:
        threading.Event().wait(0.01)
    response = client.post("/v1/search", json=ASK)
    assistant.hold.set()
    for thread in threads:
        thread.join()
    assert (response.status_code, response.headers["retry-after"]) == (429, "2")
    assert statuses == [200, 200]
    assert client.post("/v1/search", json=ASK).status_code == 200


def test_security_headers(serve: Any) -> None:
    for path in ("/healthz", "/v1/models", "/v1/nothing"):
        headers = serve().get(path, headers={"Origin": "https://evil.example"}).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["content-security-policy"].startswith("default-src 'none'")
        assert "access-control-allow-origin" not in headers


def test_metrics_hold_no_text(serve: Any) -> None:
    client = serve()
    client.post("/v1/ask", json={"question": SSN})
    client.get(f"/v1/documents/{SSN}/pages/1")
    client.get(f"/{SSN}")
    text = client.get("/metrics").text
    assert 'ragslm_requests_total{method="POST",route="/v1/ask",status="200"} 1.0' in text
    assert 'ragslm_stage_seconds_count{stage="search"} 1.0' in text
    assert "ragslm_waiting 0.0" in text
    assert SSN not in text


def test_a_method_of_ones_own_is_no_label(serve: Any, caplog: Any) -> None:
    caplog.set_level(logging.DEBUG, "ragslm")
    client = serve(None)
    for method in ("ANNA", "LEE", "GET"):
        client.request(method, "/healthz")
    text = client.get("/metrics").text
    assert 'ragslm_requests_total{method="other",route="/healthz",status="405"} 2.0' in text
    assert 'ragslm_requests_total{method="GET",route="/healthz",status="200"} 1.0' in text
    assert "ANNA" not in text + caplog.text


def test_log_holds_no_text(serve: Any, caplog: Any) -> None:
    caplog.set_level(logging.DEBUG, "ragslm")
    serve().get(f"/v1/documents/{SSN}/pages/1?domain=medical")
    assert "/v1/documents/{document_id}/pages/{number}" in caplog.text
    assert SSN not in caplog.text


# ---------------------------------------------------------------- OpenAI


def test_chat(serve: Any, assistant: Any) -> None:
    ignored = {"tools": [{"type": "function"}], "logit_bias": {"1": 2}, "guided_json": {}, "temperature": 2}
    body = serve().post("/v1/chat/completions", json={**CHAT, **ignored, "model": "ragslm-medical"}).json()
    assert body["choices"][0]["message"]["content"] == "Rest helps. [1] Water helps too. [1]"
    assert body["usage"]["total_tokens"] == 7
    assert body["ragslm"]["audit_id"] == "a7"
    assert body["ragslm"]["citations"][0]["quote"] == "Rest helps."
    assert not set(ignored) & set(assistant.asked[0])


def test_chat_stream_says_the_same(serve: Any) -> None:
    response = serve().post("/v1/chat/completions", json={**CHAT, "stream": True})
    *lines, last = [line[6:] for line in response.text.splitlines() if line]
    chunks = [json.loads(line) for line in lines]
    said = "".join(chunk["choices"][0]["delta"].get("content", "") for chunk in chunks)
    assert said == "Rest helps. [1] Water helps too. [1]"
    assert (chunks[-1]["ragslm"]["audit_id"], last) == ("a7", "[DONE]")


def test_chat_goes_on_as_one_conversation(serve: Any, assistant: Any) -> None:
    client, messages = serve(), [{"role": "system", "content": "x"}, *CHAT["messages"]]
    for stream in (False, True, False):
        client.post("/v1/chat/completions", json={"messages": messages, "stream": stream})
        answer = {"role": "assistant", "content": "Rest helps. [1] Water helps too. [1]"}
        messages = [*messages, answer, {"role": "user", "content": "And then?"}]
    client.post("/v1/chat/completions", json=CHAT)
    ids = [asked["conversation"] for asked in assistant.asked]
    assert ids[0] == ids[1] == ids[2] != ids[3]
    assert assistant.asked[1]["question"] == "And then?"


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"model": "gpt-4"}, 404),
        ({"model": "ragslm-law"}, 404),
        ({"messages": [{"role": "system", "content": "x"}]}, 400),  # no question
        ({"messages": [{"role": "user", "content": [{"type": "image_url"}]}]}, 400),
        ({"messages": [{"role": "user", "content": [{"type": "text", "text": "What?"}]}]}, 200),
    ],
)
def test_chat_requests(serve: Any, change: Any, status: int) -> None:
    assert serve().post("/v1/chat/completions", json={**CHAT, **change}).status_code == status
