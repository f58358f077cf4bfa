"""A new workspace key opens what the old one did; a kill leaves one of the two, never something between."""

import errno
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ragslm.audit.chain import verify
from ragslm.errors import ConfigError, StorageFullError, WorkspaceError, WrongKeyError
from ragslm.store.catalogue import Catalogue
from ragslm.store.database import Database
from ragslm.store.rotation import rotate
from ragslm.types import Identity

OWNER = Identity.local_owner()
NEW = b"n" * 32


@pytest.fixture
def folder(catalogue, new_document):
    for number in range(5):
        catalogue.put_document(new_document(f"d{number}", content=bytes(50_000)), identity=OWNER)
    catalogue.put_token("PERSON_7K3QXA", "PERSON", b"digest", "Ann Roe")
    (catalogue.path / "index").mkdir()
    (catalogue.path / "index" / "current").write_text("old")
    catalogue.close()
    return catalogue.path


def held(folder: Path, key: bytes):
    """What must be the same before and after: documents, pseudonyms, and a chain that verifies."""
    with Catalogue.open(folder, key) as catalogue:
        assert verify(catalogue).ok
        contents = {info.id: catalogue.document(info.id).content for info in catalogue.documents()}
        return contents, catalogue.originals(["PERSON_7K3QXA"]), catalogue.pseudonym_key, catalogue.seq()


def test_everything_is_there_under_the_new_key_and_nothing_under_the_old(folder, key):
    before = held(folder, key)
    rotate(folder, key, NEW)
    with pytest.raises(WrongKeyError):
        Catalogue.open(folder, key)
    assert held(folder, NEW) == before
    assert not (folder / "index").exists()
    assert sorted(path.name for path in folder.iterdir()) == ["catalogue.db"]
    assert (folder / "catalogue.db").stat().st_mode & 0o777 == 0o600


def test_it_is_recorded_and_the_chain_goes_on(folder, key, new_document):
    rotate(folder, key, NEW)
    with Catalogue.open(folder, NEW) as catalogue:
        with catalogue.audit_trail() as (_, rows):
            *_, (_, last, _) = rows
        assert "workspace_key_rotated" in last
        catalogue.put_document(new_document("later"), identity=OWNER)
        assert verify(catalogue).ok


def test_who_has_it_open_stands_in_the_way(folder, key):
    with Catalogue.open(folder, key) as other:
        assert other.documents()
        with pytest.raises(WorkspaceError, match="Stop the server"):
            rotate(folder, key, NEW)
        assert other.documents()
    held(folder, key)


def test_a_wrong_key_changes_nothing(folder, key):
    with pytest.raises(WrongKeyError):
        rotate(folder, b"x" * 32, NEW)
    with pytest.raises(ConfigError):
        rotate(folder, key, b"short")
    held(folder, key)


def test_the_same_key_is_no_new_one(folder, key):
    with pytest.raises(ConfigError, match="already"):
        rotate(folder, key, key)


def test_killed_before_each_of_its_steps_it_leaves_the_old_or_the_new(folder, key, tmp_path: Path):
    before, script = held(folder, key), Path(__file__).parent / "killed_rotation.py"
    (tmp_path / "copies").mkdir()
    command = [sys.executable, script, folder, tmp_path / "copies", key.hex(), NEW.hex()]
    subprocess.run(command, check=True, timeout=300)
    *killed, whole = sorted((tmp_path / "copies").iterdir())
    opened = [_opened_by(copy, (key, NEW)) for copy in killed]
    assert len(killed) > 40
    assert {*opened} == {(key,), (NEW,)}  # one of them, at every step
    for copy, keys in zip(killed, opened, strict=True):
        assert held(copy, *keys) == before
        if keys == (NEW,):
            assert not (copy / "index").exists()
        else:
            rotate(copy, key, NEW)
            assert sorted(path.name for path in copy.iterdir()) == ["catalogue.db"]
    assert held(whole, NEW) == before


def test_who_waited_with_the_old_file_open_writes_nothing(folder, key, monkeypatch):
    before, waiting = held(folder, key), Database(folder / "catalogue.db", key)
    configure = Database._configure

    def late(database, connection):
        if database is waiting:
            rotate(folder, key, NEW)
        configure(database, connection)

    monkeypatch.setattr(Database, "_configure", late)
    with pytest.raises(WorkspaceError), waiting.write() as connection:
        connection.execute("DELETE FROM vault")
    monkeypatch.undo()
    assert sorted(path.name for path in folder.iterdir()) == ["catalogue.db"]
    assert held(folder, NEW) == before


@contextmanager
def no_file_over(size: int) -> Iterator[None]:
    """As a disk without space: Python ignores the signal, so that writing fails."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_without_space_for_the_copy_it_stays_under_the_old_key(folder, key):
    before = held(folder, key)
    with pytest.raises(StorageFullError), no_file_over(50_000):
        rotate(folder, key, NEW)
    assert sorted(path.name for path in folder.iterdir()) == ["catalogue.db", "index"]
    assert held(folder, key) == before


@pytest.mark.parametrize(
    ("code", "raised"),
    [(errno.ENOSPC, StorageFullError), (errno.EDQUOT, StorageFullError), (5, WorkspaceError)],
)
@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_what_the_system_refuses_is_told_and_leaves_no_copy(folder, key, monkeypatch, step, code, raised):
    def refuse(*_):
        raise OSError(code, os.strerror(code))

    before = held(folder, key)
    monkeypatch.setattr(os, step, refuse)
    with pytest.raises(raised):
        rotate(folder, key, NEW)
    monkeypatch.undo()
    assert "catalogue.db.new" not in {path.name for path in folder.iterdir()}
    assert held(folder, key) == before


def test_an_index_that_cannot_be_removed_keeps_the_old_key(folder, key, monkeypatch):
    def refuse(_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(shutil, "rmtree", refuse)
    with pytest.raises(WorkspaceError, match="Permission denied"):
        rotate(folder, key, NEW)
    held(folder, key)


def _opened_by(folder: Path, keys: tuple[bytes, ...]) -> tuple[bytes, ...]:
    return tuple(key for key in keys if _opens(folder, key))


def _opens(folder: Path, key: bytes) -> bool:
    try:
        Catalogue.open(folder, key).close()
    except WrongKeyError:
        return False
    return True
