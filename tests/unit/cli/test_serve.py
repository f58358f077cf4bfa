"""How the addresses of server and page are written."""

import pytest

from ragslm.cli import serve
from ragslm.settings import ServerSettings, Settings


@pytest.mark.parametrize(
    ("host", "url"), [("127.0.0.1", "http://127.0.0.1:8420"), ("::1", "http://[::1]:8420")]
)
def test_the_page_is_told_where_the_server_is(monkeypatch: pytest.MonkeyPatch, host: str, url: str) -> None:
    started: list[dict[str, str]] = []
    monkeypatch.setattr(serve.subprocess, "Popen", lambda command, env: started.append(env))
    serve._page(Settings(server=ServerSettings(host=host, port=8420)))
    assert started[0]["RAGSLM_URL"] == url
