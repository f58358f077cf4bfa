"""A real vLLM on the CPU, serving the catalogue's small model. `make test-vllm` builds its environment."""

import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PYTHON = Path(os.environ.get("RAGSLM_VLLM_PYTHON", ROOT / ".venv-vllm/bin/python"))
SERVED = ROOT / ".cache/vllm/smollm2-135m-instruct"
READY_SECONDS = 420


class Server:
    """vLLM's OpenAI server as a process of its own that can be killed, halted and started again."""

    def __init__(self, log: Path) -> None:
        self.log = log
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/v1"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [
            *(str(PYTHON), "-m", "vllm.entrypoints.openai.api_server", "--model", str(SERVED)),
            *("--served-model-name", "smollm2", "--max-model-len", "4096", "--dtype", "bfloat16"),
            *("--host", "127.0.0.1", "--port", str(self.port), "--enable-log-requests"),
        ]
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("RAGSLM_")},
            "VLLM_CPU_KVCACHE_SPACE": "2",
            "HF_HUB_OFFLINE": "1",
            "VLLM_NO_USAGE_STATS": "1",
            "VLLM_LOGGING_LEVEL": "DEBUG",  # with the prompts, so that a test can read what arrived
        }
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, env=environment, stdout=log, stderr=log, start_new_session=True
            )
        self._wait()

    def signal(self, number: int) -> None:
        """To the server and to the workers it started."""
        assert self.process is not None
        os.killpg(self.process.pid, number)

    def kill(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.signal(signal.SIGKILL)
            self.process.wait()

    def _wait(self) -> None:
        assert self.process is not None
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                break
            try:
                urllib.request.urlopen(f"{self.url}/models", timeout=2).close()
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(1)
            else:
                return
        raise AssertionError(f"vLLM did not start; the end of its log:\n{self.log.read_text()[-3000:]}")


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("vllm") / "server.log")
    try:
        server.start()
        yield server
    finally:
        server.kill()
