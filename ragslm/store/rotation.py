"""A new workspace key: everything is written anew under it beside the old file, then switched by renaming.

A kill at any moment leaves the old file, under the old key, or the new one, under the new key, and nothing
in between: after the renaming nothing is written any more, least of all a journal beside the new file.
Indexes are derived and go away first: the next start builds them from the stored vectors. Pseudonyms and the
audit log stay as they are (`lasting_keys`). SQLCipher's own `PRAGMA rekey` rewrites pages in place, with the
write-ahead log half under one key and half under the other.
"""

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ragslm._disk import sync
from ragslm._optional import require
from ragslm.errors import ConfigError, WorkspaceError
from ragslm.store import journal, lasting_keys
from ragslm.store.catalogue import FILE, Catalogue
from ragslm.store.database import Connection, Database, check_key, full, translated
from ragslm.types import Identity

_NEW = f"{FILE}.new"
_INDEX = "index"
_WAIT_SECONDS = 5.0
_LOCKED = (5, 6)  # SQLITE_BUSY, SQLITE_LOCKED


def rotate(folder: Path, old: bytes, new: bytes) -> None:
    """Put a workspace under a new key. Nobody else may have it open; it needs its size in free space.

    Who waits for it with the old file open is refused by SQLite, which sees that the file has gone.

    Raises:
        ConfigError: both keys are the same.
        WrongKeyError: the old key does not open it.
        WorkspaceError: there is none, or another process has it open.
        StorageFullError: no space; it is under the old key still.
    """
    check_key(new)
    Catalogue.open(folder, old).close()  # brings the tables up to date
    if old == new:
        raise ConfigError("The workspace is under this key already; name another file.")
    path, fresh = folder / FILE, folder / _NEW
    with _seized(path, old) as connection:
        _remove(fresh)  # what a killed rotation left
        try:
            _copy(connection, fresh, new)
            _record(fresh, new)
            sync(fresh)
            _remove_index(folder)
            fresh.replace(path)
        except BaseException:
            _remove(fresh)
            raise
        sync(folder)


@contextmanager
def _seized(path: Path, key: bytes) -> Iterator[Connection]:
    """The file, locked until the block ends. Without a write-ahead log there is only the file to copy."""
    dbapi = require("sqlcipher3.dbapi2", extra="store")
    connection = dbapi.connect(str(path), timeout=_WAIT_SECONDS, isolation_level=None)
    try:
        connection.execute("PRAGMA cipher_log_level = NONE")
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute("BEGIN EXCLUSIVE")
        connection.execute("COMMIT")
        yield connection
    except dbapi.Error as error:
        if (getattr(error, "sqlite_errorcode", 0) or 0) & 0xFF in _LOCKED:
            raise WorkspaceError(
                f"Another process has {str(path.parent)!r} open. Stop the server and whatever else uses it."
            ) from None
        raise translated(error, path) from None
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise full(path, error.errno) from None
        raise WorkspaceError(
            f"{str(path)!r} was not written anew: {error.strerror}. The old key opens it, or the new one."
        ) from None
    finally:
        connection.close()


def _copy(connection: Connection, fresh: Path, new: bytes) -> None:
    """Every table into a new file under the new key."""
    os.close(os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    connection.execute(f"ATTACH DATABASE ? AS fresh KEY \"x'{new.hex()}'\"", (str(fresh),))
    connection.execute("SELECT sqlcipher_export('fresh')").fetchall()
    if _counts(connection, "main") != _counts(connection, "fresh"):
        raise WorkspaceError("The copy under the new key is not whole; the old one is still in force.")
    connection.execute("DETACH DATABASE fresh")


def _counts(connection: Connection, schema: str) -> dict[str, int]:
    """Rows of every table."""
    tables = f"SELECT name FROM {schema}.sqlite_master WHERE type = 'table'"  # noqa: S608 (constant)
    names = [name for (name,) in connection.execute(tables)]
    counts = {name: f"SELECT count(*) FROM {schema}.{name}" for name in names}  # noqa: S608 (our own tables)
    return {name: int(connection.execute(query).fetchone()[0]) for name, query in counts.items()}


def _record(fresh: Path, key: bytes) -> None:
    """Say so in the audit log, in the new file only: a rotation that was not finished was none."""
    database = Database(fresh, key)
    try:
        with database.write() as connection:
            kept = lasting_keys.load(connection)
            seals = journal.Seals(kept["audit"], kept["identity"])
            journal.append(connection, seals, "workspace_key_rotated", Identity.local_owner().id, {})
        database.checkpoint()
    finally:
        database.close()


def _remove(fresh: Path) -> None:
    """A copy that is not in force."""
    for suffix in ("", "-wal", "-shm", "-journal"):
        fresh.with_name(fresh.name + suffix).unlink(missing_ok=True)


def _remove_index(folder: Path) -> None:
    """The index under the old key: before the switch, since after it nobody would look for one."""
    if (folder / _INDEX).exists():
        shutil.rmtree(folder / _INDEX)
