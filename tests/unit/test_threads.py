"""Threads that wait for each other leave the core soon, unless the environment says otherwise."""

import os
import subprocess
import sys

import pytest

from ragslm._threads import SPINS, wait_briefly


@pytest.fixture(autouse=True)
def unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OMP_WAIT_POLICY", raising=False)
    monkeypatch.delenv("GOMP_SPINCOUNT", raising=False)


def test_importing_the_package_sets_it_for_this_process_and_its_children() -> None:
    told = "import ragslm, subprocess; subprocess.run('echo $GOMP_SPINCOUNT', shell=True, check=True)"
    said = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert said.stdout == f"{SPINS}\n"


@pytest.mark.parametrize(
    ("name", "value", "left"), [("GOMP_SPINCOUNT", "7", "7"), ("OMP_WAIT_POLICY", "ACTIVE", None)]
)
def test_what_the_environment_says_counts(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, left: str | None
) -> None:
    monkeypatch.setenv(name, value)
    wait_briefly()
    assert os.environ.get("GOMP_SPINCOUNT") == left
