"""Synchronisation as a person runs it: with an installed plug-in and real models."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from ragslm.assistant import Assistant
from ragslm.errors import ConfigError, NotFoundError
from tests.data.tickets import SCHEMA, TICKETS, gone, said

pytestmark = pytest.mark.models
KEY = "c1" * 32
EXAMPLE = Path(__file__).parents[2] / "docs/example-connector"
SOURCES = """
- name: guidelines
  kind: folder
  path: docs
- name: help-desk
  kind: tickets
  every: 15m
  path: tickets.db
"""


@pytest.fixture(scope="module")
def plugins(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which pip has put the example, without a network."""
    target = tmp_path_factory.mktemp("plugins")
    command = ["-m", "pip", "install", "--no-index", "--no-deps", "--no-build-isolation", "--quiet"]
    subprocess.run([sys.executable, *command, "--target", str(target), str(EXAMPLE)], check=True)
    return target


@pytest.fixture
def ragslm(tmp_path: Path, plugins: Path):
    def go(*arguments: str, popen: bool = False):
        path = os.pathsep.join([str(plugins), *filter(None, sys.path)])
        command = [sys.executable, "-m", "ragslm", *arguments]
        given = {"cwd": tmp_path, "env": {**os.environ, "RAGSLM_KEY": KEY, "PYTHONPATH": path}, "text": True}
        if popen:
            return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **given)
        return subprocess.run(command, capture_output=True, timeout=280, **given)

    return go


@pytest.fixture
def desk(tmp_path: Path):
    """The source: a folder with two files, and the table of tickets, open."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/fees.txt").write_text("The fee for a foreign transfer is 12 euros.")
    (tmp_path / "docs/hours.txt").write_text("The branch in Ghent opens at nine.")
    (tmp_path / "sources.yaml").write_text(SOURCES)
    db = sqlite3.connect(tmp_path / "tickets.db")
    db.execute(SCHEMA)
    db.executemany("INSERT INTO tickets VALUES (?,?,?,?,?,?,?,?,?)", TICKETS)
    db.commit()
    yield db
    db.close()


def test_a_third_partys_connector_from_installation_to_search(
    ragslm, desk, plugins: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ragslm("init").returncode == 0
    told = ragslm("sync", "--dry-run")
    assert told.returncode == 0, told.stderr
    assert "help-desk: would be 3 added" in told.stdout
    done = ragslm("sync")
    assert done.returncode == 0, done.stderr
    assert "guidelines: 2 added, 0 changed, 0 unchanged, 0 removed, 0 quarantined in " in done.stdout
    assert "help-desk: 3 added" in done.stdout
    assert "cursor moved" in done.stdout
    monkeypatch.syspath_prepend(plugins)
    with Assistant.open(tmp_path / "workspace", key=KEY) as assistant:
        found = assistant.search("blocked card", scope="A-1")[0].passage.text
        assert "blocked after a trip" in found
        assert "Weaver" not in found
        assert "ann@example.org" not in found
        assert "interest rate" in everything(assistant)
        check_changes(assistant, desk, tmp_path)
        check_a_source_that_is_gone(assistant, tmp_path)
    (tmp_path / "sources.yaml").write_text("- {name: docs, kind: folder, path: away}\n")
    failed = ragslm("sync")
    assert failed.returncode == 13
    assert "docs: 0 added" in failed.stdout
    assert "FAILED: There is no folder" in failed.stdout
    assert failed.stderr == "ragslm: 1 of 1 sources not brought in: docs.\n"


def everything(assistant: Assistant) -> str:
    hits = assistant.search("interest rate of a loan, branch in Ghent, fee", k=100)
    return " ".join(hit.passage.text for hit in hits)


def check_changes(assistant: Assistant, desk: sqlite3.Connection, folder: Path) -> None:
    """What is new, changed or gone at the source is so in search when `sync` returns."""
    said(desk, 2, "The fee was paid back.")
    gone(desk, 3)
    desk.commit()
    (folder / "docs/hours.txt").unlink()
    reports = assistant.sources.sync(folder / "sources.yaml")
    assert [(r.name, r.added, r.changed, r.unchanged, r.removed) for r in reports] == [
        ("guidelines", 0, 0, 1, 1),
        ("help-desk", 0, 1, 0, 1),
    ]
    found = everything(assistant)
    assert "paid back" in found
    assert not {"Ghent", "12.50", "4.1 percent"} & set(found.split())
    assert "4.1 percent" not in found


def check_a_source_that_is_gone(assistant: Assistant, folder: Path) -> None:
    """It is told, nothing of it is removed, and the other source is brought in."""
    (folder / "tickets.db").rename(folder / "away.db")
    first, second = assistant.sources.sync(folder / "sources.yaml")
    assert (first.unchanged, first.error) == (1, None)
    assert second.error == "The ticket file cannot be read: OperationalError."
    assert "paid back" in everything(assistant)


def test_wrong_sources_and_contradictions_are_told_by_exit_code(ragslm, desk, tmp_path: Path) -> None:
    assert ragslm("init").returncode == 0
    wrong = ragslm("sync", "--only", "nope")
    assert wrong.returncode == 3
    assert "it has ['guidelines', 'help-desk']" in wrong.stderr
    (tmp_path / "sources.yaml").write_text(SOURCES + "  password: s3cret\n")
    wrong = ragslm("sync")
    assert wrong.returncode == 3
    assert "line 5, source 'help-desk'" in wrong.stderr
    assert "s3cret" not in wrong.stderr + wrong.stdout


def test_watching_goes_on_until_it_is_stopped(ragslm, desk, tmp_path: Path) -> None:
    assert ragslm("init").returncode == 0
    (tmp_path / "sources.yaml").write_text(SOURCES.replace("15m", "1s"))
    with ragslm("sync", "--watch", "--json", popen=True) as watching:
        assert watching.stdout is not None
        names = [json.loads(watching.stdout.readline())["name"] for _ in range(4)]
        busy = watching.poll()
        watching.send_signal(signal.SIGTERM)
        assert watching.wait(60) == 130
    assert busy is None
    assert sorted(names[:2]) == ["guidelines", "help-desk"]
    assert names[2:] == ["help-desk", "help-desk"]


def test_dead_letters_are_listed_and_tried_again(tmp_path: Path, desk) -> None:
    (tmp_path / "docs/scan.pdf").write_bytes(b"%PDF-1.4 cut off")
    (tmp_path / "s.yaml").write_text("- {name: g, kind: folder, path: docs}\n")
    with Assistant.open(tmp_path / "w", key=KEY) as assistant:
        (report,) = assistant.sources.sync(tmp_path / "s.yaml")
        assert (report.added, len(report.quarantined), report.error) == (2, 1, None)
        (letter,) = assistant.sources.dead_letters()
        assert (letter.source, letter.tries) == ("g", 1)
        assert letter.reason
        assistant.sources.sync(tmp_path / "s.yaml")
        assert assistant.sources.dead_letters()[0].tries == 1  # what has not changed is not tried again
        assistant.sources.retry(None, tmp_path / "s.yaml")
        assert [(one.uri, one.tries) for one in assistant.sources.dead_letters()] == [(letter.uri, 2)]
        with pytest.raises(NotFoundError, match="not quarantined"):
            assistant.sources.retry(["file:///none"], tmp_path / "s.yaml")
        (tmp_path / "docs/scan.pdf").unlink()
        assert assistant.sources.sync(tmp_path / "s.yaml", only="g")[0].quarantined == ()
        assert assistant.sources.dead_letters() == []
        assert assistant.sources.drop("g") == 2
        assert assistant.documents() == []
        with pytest.raises(ConfigError, match="no source 'h'"):
            assistant.sources.sync(tmp_path / "s.yaml", only="h")
