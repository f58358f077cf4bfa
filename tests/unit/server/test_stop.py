"""What a signal leaves behind: the server returns, so that the assistant can be closed."""

import os
import signal
import subprocess
import sys
import time
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from ragslm.client import Client
from ragslm.errors import RagslmError

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(
    ("kind", "number", "said"),
    [
        ("quick", signal.SIGTERM, "closed"),
        ("endless", signal.SIGTERM, "closed"),
        ("endless", signal.SIGINT, "closed"),
        ("held", signal.SIGTERM, "open"),  # an engine that does not come back holds nothing up
    ],
)
def test_a_signal_ends_the_answers_and_returns(kind: str, number: signal.Signals, said: str) -> None:
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.unit.server.stopped_server", kind],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    try:
        port = int(child.stdout.readline())
        with Client(f"http://127.0.0.1:{port}", "rsk_reader") as client:
            events: Any = client.stream("What helps?")
            assert next(events).type == "evidence"
            child.send_signal(number)
            begun = time.monotonic()
            with pytest.raises(RagslmError) if kind != "quick" else nullcontext():
                list(events)
        assert child.stdout.readline() == f"{said}\n"
        assert child.wait(10) == 0
        assert time.monotonic() - begun < 9, "docker stop would have killed it"
    finally:
        child.kill()
        child.wait()
        child.stdout.close()
