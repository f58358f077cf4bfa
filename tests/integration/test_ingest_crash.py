"""`kill -9` of the whole process during ingest: what it said was stored is stored, nothing is by halves."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ragslm._spans import apply, shift
from ragslm.factory import open_parts
from ragslm.types import Filters, Identity
from tests.replay import live_passages

pytestmark = [pytest.mark.models, pytest.mark.timeout(7200)]

KEY = "5a" * 32
ROUNDS = int(os.environ.get("RAGSLM_CRASH_ROUNDS", "5"))
DOCUMENTS = 24

CHILD = """
import sys
from pathlib import Path
from ragslm.factory import open_parts
from ragslm.types import Identity

parts = open_parts(Path(sys.argv[1]), key=sys.argv[3], config=None, arguments={})
put = parts.catalogue.put_document

def acknowledged(document, *, identity, durable):
    replaced = put(document, identity=identity, durable=durable)
    print(document.source.uri, document.sha256, flush=True)
    return replaced

parts.catalogue.put_document = acknowledged
parts.scrubber, parts.embedder
print("ready", flush=True)
parts.ingest("generic").run(Path(sys.argv[2]), identity=Identity.local_owner())
print("done", flush=True)
parts.close()
"""


def test_kill_loses_nothing_acknowledged(tmp_path: Path) -> None:
    workspace, folder = tmp_path / "workspace", tmp_path / "docs"
    folder.mkdir()
    open_parts(workspace, key=KEY, config=None, arguments={}).close()
    chance = random.Random(7)
    wait, killed = 2.0, 0
    for number in range(ROUNDS):
        write(folder, number)
        stored, seconds = ingest_and_kill(workspace, folder, chance.uniform(0, wait))
        killed += seconds is None
        wait = seconds or wait  # where in the run the kill falls is spread over all of it
        check(workspace, stored)
    assert killed >= ROUNDS // 4, "the kills came too late to prove anything"


def write(folder: Path, number: int) -> None:
    """Two documents of three are new or changed in every round, some of several passages."""
    for i in range(DOCUMENTS):
        if (i + number) % 3 or number == 0:
            line = f"Round {number}: document {i} says that valve {i} opens at {i + number} bar.\n\n"
            (folder / f"doc{i:02}.txt").write_text(line * (1 + 20 * (i % 4)))


def ingest_and_kill(workspace: Path, folder: Path, after: float) -> tuple[dict[str, str], float | None]:
    """Uri and SHA-256 of what was acknowledged, and how long the run took if it ended before the kill."""
    command = [sys.executable, "-c", CHILD, str(workspace), str(folder), KEY]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stderr is not None
        first = child.stdout.readline()
        assert first == "ready\n", child.stderr.read()
        started = time.perf_counter()
        deadline = started + after
        while time.perf_counter() < deadline and child.poll() is None:
            time.sleep(0.005)
        os.kill(child.pid, signal.SIGKILL)
        lines = child.stdout.read().splitlines()
    ended = bool(lines) and lines[-1] == "done"
    # A line cut off by the kill was not read by anybody whole: nobody can count on it.
    pairs = [line.split(" ") for line in lines if line.count(" ") == 1 and len(line.split(" ")[1]) == 64]
    return dict(pairs), time.perf_counter() - started if ended else None


def check(workspace: Path, acknowledged: dict[str, str]) -> None:
    """The workspace opens, holds what was acknowledged, and nothing by halves."""
    parts = open_parts(workspace, key=KEY, config=None, arguments={})
    try:
        catalogue = parts.catalogue
        sums = catalogue.hashes("generic")
        assert {uri: sums.get(uri) for uri in acknowledged} == acknowledged
        held = live_passages(catalogue)
        infos = catalogue.documents()
        assert len(held) == sum(info.passages for info in infos)
        for stored in catalogue.passages(sorted(held)).values():
            text = catalogue.document(stored.passage.document_id).parsed.text
            start, end = stored.passage.start, stored.passage.end
            assert apply(text[start:end], shift(stored.replacements, -start)) == stored.passage.text
        if acknowledged:
            uri = sorted(acknowledged)[0]
            hits = parts.retriever.search(
                "valve", k=1, identity=Identity.local_owner(), domain="generic", filters=Filters(uri=uri)
            )
            assert [hit.passage.uri for hit in hits] == [uri]
    finally:
        parts.close()
