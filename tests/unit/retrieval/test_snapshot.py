"""A snapshot is whole or it is not used."""

import errno
import json
from pathlib import Path

import pytest

from ragslm.retrieval import snapshot
from ragslm.retrieval.snapshot import Snapshot, SnapshotError, read, write

KEY = bytes(32)
IDENTITY = {"layout": "1", "dim": 3}


def _snapshot(seq=5, content=b"some content"):
    return Snapshot(seq=seq, count=2, identity=IDENTITY, files={"a": content, "b": b""})


@pytest.fixture
def folder(tmp_path):
    write(tmp_path / "index", KEY, _snapshot())
    return tmp_path / "index"


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_round_trip(folder):
    assert read(folder, KEY, IDENTITY) == _snapshot()
    assert len(_files(folder)) == 4
    assert all(b"some content" not in path.read_bytes() for path in _files(folder))


def test_nothing_there(tmp_path):
    with pytest.raises(SnapshotError):
        read(tmp_path, KEY, IDENTITY)


def test_a_new_one_replaces_the_old(folder):
    write(folder, KEY, _snapshot(seq=6, content=b"new"))
    assert read(folder, KEY, IDENTITY).seq == 6
    assert len([path for path in folder.iterdir() if path.is_dir()]) == 1


@pytest.mark.parametrize("number", range(4))
def test_every_damage_to_every_file_is_noticed(folder, number):
    path = _files(folder)[number]
    whole = path.read_bytes()
    for broken in (*_flipped(whole), whole[: len(whole) // 2], b"", None):
        path.write_bytes(broken) if broken is not None else path.unlink()
        with pytest.raises(SnapshotError):
            read(folder, KEY, IDENTITY)


def _flipped(content: bytes):
    for position in range(0, len(content), max(1, len(content) // 40)):
        # a blank of the manifest may change into another: the case of hex digits is the only free choice
        broken = bytearray(content)
        broken[position] ^= 0x01
        yield bytes(broken)


def test_a_file_of_an_older_snapshot_is_noticed(folder):
    old = {path.name: path.read_bytes() for path in _files(folder)}
    write(folder, KEY, _snapshot(seq=6, content=b"new"))
    next(path for path in _files(folder) if path.name == "a").write_bytes(old["a"])
    with pytest.raises(SnapshotError):
        read(folder, KEY, IDENTITY)


def test_an_older_manifest_is_noticed(folder):
    old = {path.name: path.read_bytes() for path in _files(folder)}
    write(folder, KEY, _snapshot(seq=6, content=b"new"))
    next(path for path in _files(folder) if path.name == "manifest.json").write_bytes(old["manifest.json"])
    with pytest.raises(SnapshotError):
        read(folder, KEY, IDENTITY)


def test_a_raised_seq_in_the_manifest_is_noticed(folder):
    path = next(path for path in _files(folder) if path.name == "manifest.json")
    signed = json.loads(path.read_text())
    signed["manifest"]["seq"] = 99
    path.write_text(json.dumps(signed))
    with pytest.raises(SnapshotError):
        read(folder, KEY, IDENTITY)


def test_another_key_or_identity_is_refused(folder):
    with pytest.raises(SnapshotError):
        read(folder, bytes([1]) * 32, IDENTITY)
    with pytest.raises(SnapshotError):
        read(folder, KEY, IDENTITY | {"dim": 4})


def test_the_pointer_leads_nowhere_else(folder):
    (folder / "current").write_text("../../etc")
    with pytest.raises(SnapshotError):
        read(folder, KEY, IDENTITY)


@pytest.mark.parametrize("step", range(1, 6))
def test_a_full_disk_leaves_the_old_one(folder, monkeypatch, step):
    """Whichever write fails: two files, the manifest, the pointer, the folder's own fsync."""
    calls = 0

    def fail_at_step(original):
        def wrapped(*arguments):
            nonlocal calls
            calls += 1
            if calls == step:
                raise OSError(errno.ENOSPC, "full")
            original(*arguments)

        return wrapped

    for name in ("_write_durably", "sync"):
        monkeypatch.setattr(snapshot, name, fail_at_step(getattr(snapshot, name)))
    with pytest.raises(OSError, match="full"):
        write(folder, KEY, _snapshot(seq=6, content=b"new"))
    assert read(folder, KEY, IDENTITY).seq == 5
    assert len([path for path in folder.iterdir() if path.is_dir()]) == 1


def test_leftovers_of_an_ended_process_are_swept(folder):
    (folder / ".deadbeef").mkdir()
    (folder / ".deadbeef" / "a").write_bytes(b"x")
    write(folder, KEY, _snapshot(seq=6))
    assert not (folder / ".deadbeef").exists()
