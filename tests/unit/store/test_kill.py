import hashlib
import os
import random
import subprocess
import sys
import time
from pathlib import Path

from ragslm.audit.chain import verify
from ragslm.store.catalogue import Catalogue

ROUNDS = int(os.environ.get("RAGSLM_CRASH_ROUNDS", "10"))


def test_killed_writers_lose_nothing_and_leave_nothing_half_done(tmp_path: Path, key):
    folder = tmp_path / "w"
    Catalogue.create(folder, key).close()
    acknowledged: dict[str, str] = {}
    chance = random.Random(11)
    for round_ in range(ROUNDS):
        lines = _write_and_kill(folder, first=1000 * round_, seconds=chance.uniform(0.01, 0.12))
        acknowledged.update(lines)
        _check(folder, key, acknowledged, round_ + 1)
    assert len(acknowledged) >= ROUNDS


def _write_and_kill(folder: Path, first: int, seconds: float) -> dict[str, str]:
    """Kill the writer some time after its first document; what it had printed was acknowledged."""
    writer = subprocess.Popen(
        [sys.executable, str(Path(__file__).parent / "killed_writer.py"), str(folder), str(first)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert writer.stdout is not None
    with writer, writer.stdout as output:
        lines = [output.readline()]
        time.sleep(seconds)
        writer.kill()
        lines += output.readlines()
    return dict(tuple(line.split()) for line in lines if line.endswith("\n"))


def _check(folder: Path, key: bytes, acknowledged: dict[str, str], rounds: int) -> None:
    with Catalogue.open(folder, key) as catalogue:
        kept = {info.id: info for info in catalogue.documents()}
        assert set(acknowledged) <= set(kept)
        for id_, info in kept.items():
            assert hashlib.sha256(catalogue.document(id_).content).hexdigest() == info.sha256
        held: dict[int, int] = {}
        for change in catalogue.changes(0):
            if change.added is not None:
                held[change.added.document] = held.get(change.added.document, 0) + 1
        assert sorted(held.values()) == sorted(info.passages for info in kept.values())
        # a later version may be there that was killed before it could say so: at most one a round
        assert sum(kept[id_].sha256 != sha256 for id_, sha256 in acknowledged.items()) <= rounds
        assert len(kept) <= len(acknowledged) + rounds
        assert verify(catalogue).ok
        assert verify(catalogue).entries >= len(acknowledged)
