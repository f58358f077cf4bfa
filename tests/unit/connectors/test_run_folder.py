"""The temporary folder of a run, and what killed runs leave behind."""

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from ragslm_connectors._run_folder import run_folder

HOLD = """
import sys, time
from ragslm_connectors._run_folder import run_folder
with run_folder("ragslm-test-") as folder:
    (folder / "0").write_text("sealed")
    print(folder, flush=True)
    time.sleep(60)
"""


@pytest.fixture(autouse=True)
def temporary(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_it_is_gone_at_its_end(temporary):
    with run_folder("ragslm-test-") as folder:
        (folder / "0").write_text("sealed")
        assert folder.parent == temporary
    assert list(temporary.iterdir()) == []


def test_what_a_killed_run_left_is_cleared_by_the_next_and_a_living_one_is_not(temporary):
    with subprocess.Popen(
        [sys.executable, "-c", HOLD], env={**os.environ, "TMPDIR": str(temporary)}, stdout=subprocess.PIPE
    ) as other:
        left = Path(other.stdout.readline().decode().strip())
        with run_folder("ragslm-test-"):
            assert (left / "0").exists()
        other.send_signal(signal.SIGKILL)
    assert (left / "0").exists()
    with run_folder("ragslm-test-"):
        assert not left.exists()


def test_what_is_not_of_its_making_stays(temporary):
    elsewhere = temporary / "elsewhere"
    elsewhere.mkdir()
    (temporary / "ragslm-test-link").symlink_to(elsewhere)
    (temporary / "ragslm-test-file").write_text("a file")
    with run_folder("ragslm-test-"):
        pass
    assert elsewhere.exists()
    assert (temporary / "ragslm-test-file").exists()
