"""A new workspace key opens what the old one did; a kill leaves one of the two, never something between."""

import os
import random
import secrets
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ragslm.audit.chain import verify
from ragslm.errors import ConfigError, WorkspaceError, WrongKeyError
from ragslm.store.catalogue import Catalogue
from ragslm.store.rotation import rotate
from ragslm.types import Identity

ROUNDS = int(os.environ.get("RAGSLM_CRASH_ROUNDS", "10"))
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


def test_a_killed_rotation_leaves_the_old_or_the_new(folder, key):
    before, present, chance = held(folder, key), key, random.Random(5)
    outcomes = set()
    for _ in range(ROUNDS):
        after = secrets.token_bytes(32)
        outcomes.add(done := _rotate_and_kill(folder, present, after, chance.uniform(0.0, 0.25)))
        opened = [k for k in (present, after) if _opens(folder, k)]
        assert len(opened) == 1
        assert not done or opened == [after]
        present = opened[0]
        assert held(folder, present) == before
    rotate(folder, present, NEW)
    assert held(folder, NEW) == before


def _rotate_and_kill(folder: Path, old: bytes, new: bytes, seconds: float) -> bool:
    """Whether it said that it was done before it was killed."""
    script = Path(__file__).parent / "killed_rotation.py"
    rotation = subprocess.Popen(
        [sys.executable, str(script), str(folder), old.hex(), new.hex()], stdout=subprocess.PIPE, text=True
    )
    assert rotation.stdout is not None
    with rotation, rotation.stdout as output:
        output.readline()
        time.sleep(seconds)
        rotation.kill()
        return "done" in output.read()


def _opens(folder: Path, key: bytes) -> bool:
    try:
        Catalogue.open(folder, key).close()
    except WrongKeyError:
        return False
    return True
