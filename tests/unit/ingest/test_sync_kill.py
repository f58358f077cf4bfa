"""`kill -9` during synchronisation: nothing lost, nothing twice, no place ahead of its documents."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from ragslm.store.catalogue import Catalogue
from tests.replay import live_passages
from tests.unit.ingest.killed_sync import KEY, synchronise

ROOT = Path(__file__).parents[3]
ROUNDS = int(os.environ.get("RAGSLM_CRASH_ROUNDS", "0"))
KILLS = 10 if ROUNDS else 4
DOCUMENTS = 2_000
SEEDS = max(1, ROUNDS // KILLS)


@pytest.mark.parametrize("seed", range(SEEDS))
def test_kills_lose_nothing_and_double_nothing(tmp_path: Path, seed: int):
    workspace, file = tmp_path / "w", tmp_path / "log.jsonl"
    Catalogue.create(workspace, KEY).close()
    chance = random.Random(seed)
    lines = [(f"d{number}", f"Document {number} says {number} bar. Smith.") for number in range(DOCUMENTS)]
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    places = [kill_within(workspace, file, chance) for _ in range(KILLS)]
    assert len(set(places)) > KILLS // 4, "the kills fell into one place"
    changed = [(f"d{n}", None if n % 2 else f"Document {n}, second version.") for n in range(100)]
    with file.open("a") as log:
        log.writelines(json.dumps(line) + "\n" for line in changed)
    kill_within(workspace, file, chance)
    assert synchronise(workspace, file).error is None
    check_end(workspace, dict([*lines, *changed]), changed)


def kill_within(workspace: Path, file: Path, chance: random.Random) -> int:
    """Kill a run at a random moment; the place it had reached, which everything stored must cover."""
    command = [sys.executable, "-m", "tests.unit.ingest.killed_sync", str(workspace), str(file)]
    path = os.pathsep.join([str(ROOT), *filter(None, sys.path)])
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env={**os.environ, "PYTHONPATH": path}
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        time.sleep(chance.uniform(0.02, 0.4))
        os.kill(child.pid, signal.SIGKILL)
    with Catalogue.open(workspace, KEY) as catalogue:
        place = catalogue.place("s")
        reached = 0 if place is None else int(place.cursor.partition(":")[2])
        held = catalogue.hashes("generic")
        names = [json.loads(line)[0] for line in file.read_text().splitlines()]
        if len(names) == DOCUMENTS:  # what comes later deletes some, before the place says so
            assert {f"memory://{name}.txt" for name in names[:reached]} <= held.keys()
        return reached


def check_end(workspace: Path, latest: dict[str, str | None], changed: list[tuple[str, str | None]]):
    with Catalogue.open(workspace, KEY) as catalogue:
        infos = catalogue.documents()
        held = {info.uri: catalogue.document(info.id).content.decode() for info in infos}
        assert held == {f"memory://{name}.txt": text for name, text in latest.items() if text is not None}
        assert len(live_passages(catalogue)) == sum(info.passages for info in infos)
        with catalogue.audit_trail() as (_, rows):
            records = [json.loads(record) for _, record, _ in rows]
        kinds = Counter(record["kind"] for record in records)
        second = sum(text is not None for _, text in changed)
        assert kinds["document_put"] == DOCUMENTS + second, "a document was stored twice"
        assert kinds["document_removed"] == len(changed) - second
