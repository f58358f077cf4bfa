"""`kill -9` at random moments of an ingest: nothing acknowledged is lost, nothing half is visible.

`make crash` runs 100 rounds; RAGSLM_CRASH_ROUNDS says how many run here.
"""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ragslm import Assistant

pytestmark = pytest.mark.models
ROUNDS = int(os.environ.get("RAGSLM_CRASH_ROUNDS", "3"))
KEY = "4d" * 32
MOST = 25
"""Commits awaited before the kill at most; with none awaited, it falls while models load or parse."""
WRITER = """
import sys
from ragslm import Assistant
from ragslm.store.catalogue import Catalogue

put = Catalogue.put_document

def acknowledged(self, document, *, identity):
    replaced = put(self, document, identity=identity)
    print(document.source.uri, document.sha256, flush=True)
    return replaced

Catalogue.put_document = acknowledged
workspace, documents, key = sys.argv[1:]
with Assistant.open(workspace, "generic", key=key, generation={"engine": "extractive"}) as assistant:
    print("open", flush=True)
    assistant.ingest(documents)
"""


def write_documents(folder: Path, round_: int) -> None:
    """A third of the documents changes in every round, so that replacing is interrupted too."""
    for number in range(30):
        version = round_ if number % 3 == round_ % 3 else 0
        words = " ".join(f"Fact {i} of document {number} in version {version} is {i * 7}." for i in range(60))
        (folder / f"{number}.txt").write_text(words)


def test_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    documents = tmp_path / "documents"
    documents.mkdir()
    workspace = tmp_path / "workspace"
    chance = random.Random(0)
    acknowledged: dict[str, str] = {}
    for round_ in range(ROUNDS):
        write_documents(documents, round_)
        command = [sys.executable, "-c", WRITER, str(workspace), str(documents), KEY]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        lines = [process.stdout.readline() for _ in range(chance.randrange(MOST))]
        time.sleep(chance.uniform(0, 0.05))
        process.send_signal(signal.SIGKILL)
        for line in [*lines, *process.stdout]:
            uri, _, sha256 = line.strip().partition(" ")
            if len(sha256) == 64:
                acknowledged[uri] = sha256
        process.stdout.close()
        process.wait()
        check(workspace, acknowledged)
    assert acknowledged, "no round got as far as a commit"


def check(workspace: Path, acknowledged: dict[str, str]) -> None:
    """The workspace opens; what was acknowledged is there, whole, and the index fits it."""
    with Assistant.open(workspace, "generic", key=KEY, generation={"engine": "extractive"}) as assistant:
        catalogue = assistant._parts.catalogue
        stored = catalogue.hashes("generic")
        missing = [uri for uri, sha256 in acknowledged.items() if stored.get(uri) != sha256]
        assert not missing, f"{len(missing)} acknowledged documents are not what was acknowledged"
        assert all(info.passages > 0 for info in catalogue.documents("generic"))
        assert assistant.verify_audit().ok
        if stored:
            hits = assistant.search("Fact 3 of document", k=50)
            assert hits
            assert {hit.passage.uri for hit in hits} <= set(stored)
