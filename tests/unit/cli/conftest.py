"""The command line in this process, as `ragslm …` would run it."""

import sys
from collections.abc import Callable
from typing import NamedTuple

import pytest

from ragslm.cli import main

Typed = Callable[..., "Ran"]


class Ran(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path) -> Typed:
    """Runs a command in an empty folder, under a key of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RAGSLM_KEY", "c1" * 32)
    monkeypatch.setenv("RAGSLM_GENERATION__ENGINE", "extractive")
    monkeypatch.setenv("COLUMNS", "200")

    def run(*arguments: str) -> Ran:
        monkeypatch.setattr(sys, "argv", ["ragslm", *arguments])
        capsys.readouterr()
        try:
            main()
        except SystemExit as end:
            code = int(end.code or 0)
        else:
            code = 0
        return Ran(code, *capsys.readouterr())

    return run
