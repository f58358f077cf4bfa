"""What `ragslm doctor` says of the engine's address and of the server's port."""

import socket
from threading import Thread
from types import SimpleNamespace

import httpx2
import pytest

from ragslm.cli import doctor
from ragslm.settings import GenerationSettings, ServerSettings, Settings


def engine(url: str | None) -> list[doctor.Finding]:
    return list(doctor._engine(Settings(generation=GenerationSettings(vllm_url=url))))


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, str]]]:
    """Addresses that were asked, and the headers; nobody knows `nowhere`, `locked` wants a key."""
    seen: list[tuple[str, dict[str, str]]] = []

    def get(url: str, *, headers: dict[str, str], **_: object) -> SimpleNamespace:
        seen.append((url, headers))
        if "nowhere" in url:
            raise httpx2.ConnectError("Name or service not known")
        return SimpleNamespace(status_code=401 if "locked" in url and not headers else 200)

    monkeypatch.setattr(httpx2, "get", get)
    return seen


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8000/v1", "http://[::1]:8000/v1", "http://gpu/v1/", "https://gpu:8443/v1"]
)
def test_the_engine_is_asked_for_its_models(asked, url):
    (finding,) = engine(url)
    assert (finding.ok, finding.what, asked) == (True, f"vLLM at {url}", [(f"{url.rstrip('/')}/models", {})])


def test_what_answers_otherwise_is_a_finding(asked):
    (finding,) = engine("http://nowhere:8000/v1")
    assert (finding.ok, finding.what) == (False, "vLLM at http://nowhere:8000/v1: no answer (ConnectError)")
    assert "vllm_url" in finding.remedy
    (finding,) = engine("http://locked:8000/v1")
    assert (finding.ok, finding.what[-22:]) == (False, "status 401 for /models")
    key = GenerationSettings(vllm_url="http://locked:8000/v1", vllm_api_key="t0ken")
    (finding,) = doctor._engine(Settings(generation=key))
    assert (finding.ok, asked[-1][1]) == (True, {"Authorization": "Bearer t0ken"})


def test_a_port_that_speaks_no_http_is_a_finding():
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            connection, _ = server.accept()
            with connection:
                connection.sendall(b"SSH-2.0-OpenSSH_9.2\r\n")

        Thread(target=answer, daemon=True).start()
        (finding,) = engine(f"http://127.0.0.1:{server.getsockname()[1]}/v1")
    assert not finding.ok
    assert "no answer" in finding.what


def test_credentials_of_an_address_are_not_shown(asked):
    (finding,) = engine("http://ann:secret@gpu:8000/v1?key=secret")
    assert finding.what == "vLLM at http://gpu:8000/v1"


@pytest.mark.parametrize(
    "url", ["127.0.0.1:8000", "ftp://gpu:21", "http://[::1/v1", "http://gpu:secret/v1", "http:///v1"]
)
def test_what_is_no_address_is_a_finding(asked, url):
    (finding,) = engine(url)
    assert not finding.ok
    assert "http://127.0.0.1:8000/v1" in finding.remedy
    assert "secret" not in finding.what
    assert not asked


def test_a_host_that_no_name_can_have_is_a_finding():
    (finding,) = engine("http://a..b:8000/v1")
    assert not finding.ok


def test_no_address_no_finding():
    assert engine(None) == engine("") == []


@pytest.mark.parametrize(("host", "family"), [("127.0.0.1", socket.AF_INET), ("::1", socket.AF_INET6)])
def test_the_port_is_tried_on_the_servers_own_address(tmp_path, host, family):
    with socket.socket(family) as holder:
        try:
            holder.bind((host, 0))
        except OSError:
            pytest.skip(f"this machine has no {host}")
        settings = Settings(server=ServerSettings(host=host, port=holder.getsockname()[1]))
        assert not list(doctor._machine(settings, tmp_path))[-1].ok
    assert list(doctor._machine(settings, tmp_path))[-1].ok
