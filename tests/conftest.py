"""What every test starts from: a clean environment and no way to the outside."""

import os
import socket
from pathlib import Path
from typing import Any

import pytest

KEPT = {"RAGSLM_MODELS__FOLDER", "RAGSLM_VLLM_PYTHON", "RAGSLM_CRASH_ROUNDS"}
# Where `make models` puts them, so that plain `pytest` works too.
os.environ.setdefault("RAGSLM_MODELS__FOLDER", str(Path(__file__).parents[1] / ".cache/models"))
_connect = socket.socket.connect


@pytest.fixture(scope="session")
def models() -> Path:
    """The folder of pulled models; what needs them fails without, so that a green run has seen them."""
    folder = Path(os.environ["RAGSLM_MODELS__FOLDER"])
    assert folder.is_dir(), f"{folder} is no folder of models. Run: make models"
    return folder


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """A developer's own settings never reach a test."""
    for name in [n for n in os.environ if n.startswith("RAGSLM_") and n not in KEPT]:
        monkeypatch.delenv(name)


@pytest.fixture(autouse=True)
def only_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that reaches for the outside fails, and says so."""

    def connect(self: socket.socket, address: Any) -> None:
        host = address[0] if isinstance(address, tuple) else "localhost"
        assert host in {"127.0.0.1", "::1", "localhost"}, f"the test was about to connect to {host}"
        _connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)
