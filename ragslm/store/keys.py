"""The workspace key: where it comes from, how a new one is made, and the keys derived from it.

One 256-bit key opens everything. It is random, so the catalogue takes it raw (no password stretching);
every other use gets a key of its own by HKDF, so that none can be computed from another.
"""

import logging
import os
import re
import secrets
import tempfile
from collections.abc import Mapping
from pathlib import Path

from ragslm._disk import sync
from ragslm._optional import require
from ragslm.errors import ConfigError, KeyMissingError

SIZE = 32
"""Bytes of a key: AES-256."""
SERVICE = "ragslm"
"""Service name in the OS keyring; the user name is the workspace's absolute path."""

_HEX = re.compile(r"[0-9a-fA-F]{64}")
_log = logging.getLogger(__name__)


def new_key() -> str:
    """A random key: 64 hex digits."""
    return secrets.token_hex(SIZE)


def find_key(explicit: str | bytes | None, env: Mapping[str, str], workspace: Path) -> bytes:
    """The workspace's key, 32 bytes, from the first source that has one.

    Args:
        explicit: the `key=` argument; 64 hex digits or 32 bytes.
        env: environment; `RAGSLM_KEY` and `RAGSLM_KEY_FILE` are read. Empty values count as unset.
        workspace: its folder; names the entry in the OS keyring.

    Raises:
        KeyMissingError: no source has one.
        ConfigError: a source holds something that is not a key, or its file cannot be read.
    """
    if explicit is not None:
        return parse_key(explicit, "key=")
    if given := env.get("RAGSLM_KEY"):
        return parse_key(given, "RAGSLM_KEY")
    if file := env.get("RAGSLM_KEY_FILE"):
        return parse_key(_read(Path(file)), f"RAGSLM_KEY_FILE {file!r}")
    if kept := _from_keyring(workspace):
        return parse_key(kept, "the OS keyring")
    raise KeyMissingError(
        "No encryption key was found. Give key=, set RAGSLM_KEY (64 hex digits) or RAGSLM_KEY_FILE, "
        f"or keep it in the OS keyring (service {SERVICE!r}, user {str(workspace.absolute())!r}). "
        "`ragslm init --key-file FILE` makes a workspace with a new key."
    )


def parse_key(value: str | bytes, source: str) -> bytes:
    """32 bytes from 64 hex digits, or 32 bytes as they are. `source` names it in the error.

    Raises:
        ConfigError: it is neither; the message tells its length, never the value.
    """
    if isinstance(value, bytes) and len(value) == SIZE:
        return value
    text = value.decode("latin-1") if isinstance(value, bytes) else value
    if not _HEX.fullmatch(text.strip()):
        raise ConfigError(
            f"The key from {source} is not 64 hex digits (it has {len(text.strip())} characters). "
            "`ragslm init --key-file FILE` makes one."
        )
    return bytes.fromhex(text.strip())


def write_key_file(path: Path, key: str) -> None:
    """Write a key to a new file that only its owner can read (mode 0600).

    It gets its name once it is whole and on the disk: what a kill leaves is never half a key under that name.

    Raises:
        ConfigError: the file exists already, or cannot be written, or `key` is not a key.
    """
    parse_key(key, "write_key_file")
    try:
        handle, made = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        try:
            with os.fdopen(handle, "w") as file:
                file.write(f"{key}\n")
                file.flush()
                os.fsync(file.fileno())
            os.link(made, path)  # unlike a renaming, it never overwrites
        finally:
            Path(made).unlink()
        sync(path.parent)
    except FileExistsError:
        raise ConfigError(f"{str(path)!r} exists already; a key file is never overwritten.") from None
    except OSError as error:
        raise ConfigError(f"Cannot write key file {str(path)!r}: {error.strerror}.") from None


def derive(key: bytes, purpose: str) -> bytes:
    """A 32-byte key for one purpose: `index` or `prefix cache`; older versions also took from it what
    `ragslm.store.lasting_keys` keeps.

    Source: RFC 5869, HKDF with SHA-256; the workspace key is uniformly random, so no salt is needed.
    """
    require("cryptography", extra="store")
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(algorithm=SHA256(), length=SIZE, salt=None, info=f"ragslm {purpose}".encode()).derive(key)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii", errors="replace")
    except OSError as error:
        raise ConfigError(f"Cannot read RAGSLM_KEY_FILE {str(path)!r}: {error.strerror}.") from None


def _from_keyring(workspace: Path) -> str | None:
    """What the OS keyring holds for this workspace. A machine without a working keyring holds nothing."""
    try:
        found: str | None = require("keyring", extra="store").get_password(SERVICE, str(workspace.absolute()))
    except Exception as error:  # backends raise whatever their D-Bus or OS binding raises
        _log.debug("The OS keyring could not be asked: %s", type(error).__name__)
        return None
    return found
