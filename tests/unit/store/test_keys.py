import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from ragslm.errors import ConfigError, KeyMissingError
from ragslm.store import keys

A, B, C, D = (digit * 64 for digit in "abcd")
W = Path("/somewhere/w")


@pytest.fixture
def ring(monkeypatch):
    """An OS keyring: what it is asked and what it gives."""

    class Ring:
        def __init__(self):
            self.asked, self.kept = [], None

        def get_password(self, service, user):
            self.asked.append((service, user))
            if isinstance(self.kept, Exception):
                raise self.kept
            return self.kept

    made = Ring()
    real = keys.require
    monkeypatch.setattr(
        keys, "require", lambda module, extra: made if module == "keyring" else real(module, extra=extra)
    )
    return made


def test_sources_in_their_order(tmp_path: Path, ring):
    file = tmp_path / "key"
    file.write_text(C + "\n")
    ring.kept = D
    env = {"RAGSLM_KEY": B, "RAGSLM_KEY_FILE": str(file)}
    assert keys.find_key(A, env, W).hex() == A
    assert keys.find_key(None, env, W).hex() == B
    assert keys.find_key(None, {**env, "RAGSLM_KEY": ""}, W).hex() == C
    assert ring.asked == []
    assert keys.find_key(None, {}, W).hex() == D
    assert ring.asked == [("ragslm", "/somewhere/w")]


def test_none_found_names_every_source(ring):
    for kept in (None, "", RuntimeError("no D-Bus")):  # a keyring that fails holds nothing
        ring.kept = kept
        with pytest.raises(KeyMissingError) as caught:
            keys.find_key(None, {}, W)
        for name in ("key=", "RAGSLM_KEY ", "RAGSLM_KEY_FILE", "keyring", "ragslm init"):
            assert name in str(caught.value)


@pytest.mark.parametrize("value", ["", "x" * 64, "a" * 63, "a" * 65, "zz" + "a" * 62, b"short", "é" * 64])
def test_what_is_no_key_is_refused_without_being_told(value, ring):
    with pytest.raises(ConfigError) as caught:
        keys.find_key(value, {}, W)
    assert len(value) < 6 or str(value)[-6:] not in str(caught.value)


def test_keys_as_bytes(ring):
    assert keys.find_key(bytes(32), {}, W) == bytes(32)
    assert keys.find_key(A.upper().encode(), {}, W).hex() == A


def test_a_key_file_that_is_not_there(tmp_path: Path, ring):
    with pytest.raises(ConfigError, match="Cannot read RAGSLM_KEY_FILE"):
        keys.find_key(None, {"RAGSLM_KEY_FILE": str(tmp_path / "none")}, W)


def test_a_key_file_is_the_owners_and_never_overwritten(tmp_path: Path):
    file = tmp_path / "key"
    key = keys.new_key()
    keys.write_key_file(file, key)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert keys.find_key(None, {"RAGSLM_KEY_FILE": str(file)}, W).hex() == key
    with pytest.raises(ConfigError, match="never overwritten"):
        keys.write_key_file(file, keys.new_key())
    with pytest.raises(ConfigError, match="Cannot write"):
        keys.write_key_file(tmp_path / "no" / "key", key)
    assert file.read_text().strip() == key


def test_derived_keys_differ_and_stay():
    made = {
        purpose: keys.derive(bytes(32), purpose) for purpose in ("index", "audit", "pseudonym", "identity")
    }
    assert len(set(made.values())) == 4
    assert all(len(key) == 32 for key in made.values())
    # a workspace made today must open tomorrow
    assert made["index"].hex() == keys.derive(bytes(32), "index").hex()
    assert made["index"] != keys.derive(b"\1" * 32, "index")


def test_half_a_key_file_is_not_left(tmp_path: Path, monkeypatch):
    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(keys.os, "fsync", full)
    with pytest.raises(ConfigError, match="No space"):
        keys.write_key_file(tmp_path / "key", A)
    assert not list(tmp_path.iterdir())


def test_a_kill_leaves_no_empty_key_file(tmp_path: Path):
    program = f"""
import os, signal
from ragslm.store import keys
os.fsync = lambda _: os.kill(os.getpid(), signal.SIGKILL)
keys.write_key_file(__import__("pathlib").Path({str(tmp_path / "key")!r}), {A!r})
"""
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == -9
    assert not (tmp_path / "key").exists()
    keys.write_key_file(tmp_path / "key", A)


def test_a_key_file_made_meanwhile_is_not_overwritten(tmp_path: Path, monkeypatch):
    link = os.link

    def late(made, path):
        Path(path).write_text(B)
        link(made, path)

    monkeypatch.setattr(os, "link", late)
    with pytest.raises(ConfigError, match="never overwritten"):
        keys.write_key_file(tmp_path / "key", A)
    assert (tmp_path / "key").read_text() == B
    assert [path.name for path in tmp_path.iterdir()] == ["key"]
