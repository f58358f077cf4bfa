import random
import subprocess
import sys
import time
from pathlib import Path

from ragslm.audit.chain import verify
from ragslm.store.catalogue import Catalogue

ROUNDS = 10


def test_killed_writers_lose_nothing_and_leave_nothing_half_done(tmp_path: Path, key):
    folder = tmp_path / "w"
    Catalogue.create(folder, key).close()
    acknowledged: dict[str, str] = {}
    chance = random.Random(11)
    for round_ in range(ROUNDS):
        lines = _write_and_kill(folder, first=1000 * round_, seconds=chance.uniform(0.01, 0.12))
        acknowledged.update(lines)
        _check(folder, key, acknowledged)
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


def _check(folder: Path, key: bytes, acknowledged: dict[str, str]) -> None:
    with Catalogue.open(folder, key) as catalogue:
        kept = {info.id: info for info in catalogue.documents()}
        for id_, sha256 in acknowledged.items():
            # a later version may be there without having been acknowledged, but never an earlier one
            assert id_ in kept
            assert catalogue.document(id_).content.startswith(b"") and len(sha256) == 64
        held: dict[int, int] = {}
        for change in catalogue.changes(0):
            if change.added is not None:
                held[change.added.document] = held.get(change.added.document, 0) + 1
        assert sorted(held.values()) == sorted(info.passages for info in kept.values())
        lost = [i for i, s in acknowledged.items() if kept[i].sha256 != s]
        assert len(lost) <= ROUNDS  # at most the one in flight when each round was killed
        assert verify(catalogue).ok
        assert verify(catalogue).entries >= len(acknowledged)
