"""Connections to the encrypted file: many readers, one writer, and errors that say what to do."""

import errno
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from ragslm._disk import sync
from ragslm._optional import require
from ragslm.errors import ConfigError, RagslmError, StorageFullError, WorkspaceError, WrongKeyError
from ragslm.store import schema

Connection = Any
"""`sqlcipher3.dbapi2.Connection`, which has no type stubs."""

BUSY_SECONDS = 60.0
"""How long a writer waits for another process: longer than the largest single document takes."""

# SQLite's primary result codes, https://www.sqlite.org/rescode.html
_ERROR, _BUSY, _IOERR, _CORRUPT, _FULL, _CONSTRAINT, _NOTADB = 1, 5, 10, 11, 13, 19, 26
# `sqlcipher_export` tells every failure as SQLITE_ERROR, with the text of the one that it was.
_UNTOLD = {
    "disk I/O error": _IOERR,
    "database disk image is malformed": _CORRUPT,
    "database or disk is full": _FULL,
}
# IOERR_READ, IOERR_SHORT_READ, IOERR_DATA, IOERR_CORRUPTFS: more space would mend none of these.
_UNREADABLE = (266, 522, 8202, 8458)


class Database:
    """A pool of connections to one file. No connection is ever used by two threads at once.

    A pool rather than a connection for each thread: a server's worker threads come and go, and each
    would leave an open file behind.
    """

    def __init__(self, path: Path, key: bytes) -> None:
        self._dbapi = require("sqlcipher3.dbapi2", extra="store")
        self._path = path
        self._key = key
        self._idle: list[Connection] = []
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._closed = False

    def prepare(self, upgraded: Callable[[Connection, int], None], *, may_be_new: bool) -> None:
        """Check key and version; give a file without tables its schema, and an older one the present one.

        An interrupted creation leaves a file without tables: it is completed here.

        Args:
            upgraded: called in the transaction that makes or changes the tables, with the version before.
            may_be_new: the file may lack its tables; without it, that is damage.

        Raises:
            WrongKeyError: the key does not decrypt the file.
            WorkspaceVersionError: a later version wrote it.
            WorkspaceError: it lost its tables.
        """
        with self.read() as connection:
            version = schema.version_of(connection)
        if version == 0 and not may_be_new:
            raise damaged(self._path)
        if version < schema.VERSION:
            version = self._migrate(upgraded)
        schema.check(version)

    def _migrate(self, upgraded: Callable[[Connection, int], None]) -> int:
        """Bring the schema up to date in one transaction, unless another process just did."""
        with self.write() as connection:
            version = schema.version_of(connection)
            if version < schema.VERSION:
                schema.migrate(connection, version)
                upgraded(connection, version)
        return max(version, schema.VERSION)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection that sees one committed state until the block ends.

        Raises:
            WorkspaceError: the workspace is closed, or SQLite failed.
        """
        with self._borrow() as connection:
            connection.execute("BEGIN")
            try:
                yield connection
            finally:
                _roll_back(connection)

    @contextmanager
    def write(self, *, durable: bool = True) -> Iterator[Connection]:
        """A transaction: everything in the block is committed together, or nothing is.

        Args:
            durable: wait for the disk. Without it the change is still atomic, and on the disk as soon as
                the next durable one is, because both go through one write-ahead log.

        Raises:
            StorageFullError: no space; the transaction was rolled back.
            WorkspaceError: another process kept writing, or SQLite failed.
        """
        with self._writing, self._borrow() as connection:
            connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            finally:
                _roll_back(connection)

    def checkpoint(self) -> bool:
        """Move the write-ahead log into the file and empty it; False if a reader stood in the way."""
        with self._writing, self._borrow() as connection:
            busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not busy

    def settle(self) -> None:
        """Wait until every committed change is on the disk, whoever made it and did not wait; see `write`.

        Readers are not waited for, unlike in `checkpoint`. Only the log is opened: closing the file itself
        would take SQLite's locks on it away (https://www.sqlite.org/howtocorrupt.html, 2.2).

        Raises:
            StorageFullError: the disk refuses.
        """
        log = self._path.with_name(f"{self._path.name}-wal")
        try:
            with suppress(FileNotFoundError):  # a checkpoint has moved all of it into the file
                sync(log)
            sync(log.parent)
        except OSError as error:
            raise full(self._path, error.errno or 0) from None

    def close(self) -> None:
        """Close every connection, after the writer in progress. Closing twice is allowed."""
        with self._writing, self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    # ---------------------------------------------------------------- inside

    @contextmanager
    def _borrow(self) -> Iterator[Connection]:
        """A connection for one block. One that saw an error of SQLite is not used again."""
        try:
            connection = self._take()
            try:
                yield connection
            except self._dbapi.Error:
                connection.close()
                raise
            except BaseException:
                self._give(connection)
                raise
            self._give(connection)
        except self._dbapi.Error as error:
            raise translated(error, self._path) from None
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise full(self._path, error.errno) from None
            raise

    def _take(self) -> Connection:
        with self._lock:
            if self._closed:
                raise WorkspaceError(f"The workspace {str(self._path.parent)!r} is closed.")
            if self._idle:
                return self._idle.pop()
        return self._connect()

    def _give(self, connection: Connection) -> None:
        with self._lock:
            if not self._closed:
                self._idle.append(connection)
                return
        connection.close()

    def _connect(self) -> Connection:
        connection = self._dbapi.connect(
            f"{self._path.absolute().as_uri()}?mode=rw",  # never make a missing file
            timeout=BUSY_SECONDS,
            isolation_level=None,
            check_same_thread=False,
            uri=True,
        )
        try:
            self._configure(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _configure(self, connection: Connection) -> None:
        # SQLCipher would print a wrong key's consequences on stderr; they become an exception here.
        connection.execute("PRAGMA cipher_log_level = NONE")
        connection.execute(f"PRAGMA key = \"x'{self._key.hex()}'\"")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("PRAGMA temp_store = MEMORY")  # a sorter's spill file would not be encrypted
        connection.execute("PRAGMA foreign_keys = ON")
        connection.create_function("fold", 1, str.casefold, deterministic=True)


def check_key(key: bytes) -> None:
    """Refuse anything but 32 bytes.

    Raises:
        ConfigError: it has another length.
    """
    if len(key) != 32:
        raise ConfigError(f"A workspace key has 32 bytes, this one {len(key)}.")


def translated(error: Exception, path: Path) -> RagslmError:
    """SQLite's error as one that names the remedy. SQLite's messages name tables, never values."""
    code = getattr(error, "sqlite_errorcode", 0) or 0
    code = _UNTOLD.get(str(error), code) if code == _ERROR else code
    if code & 0xFF == _CORRUPT or code in _UNREADABLE:
        return damaged(path)
    if code & 0xFF in (_FULL, _IOERR):
        return full(path, code)
    if code & 0xFF == _NOTADB:
        return WrongKeyError(
            f"The key does not open {str(path)!r}. Give the key it was made with "
            "(key=, RAGSLM_KEY, RAGSLM_KEY_FILE or the OS keyring); if this is it, the file is damaged."
        )
    if code & 0xFF == _BUSY:
        return WorkspaceError(
            f"Another process has been writing to {str(path)!r} for {BUSY_SECONDS:.0f} s. Try again later."
        )
    if code & 0xFF == _CONSTRAINT:
        return WorkspaceError(
            f"The catalogue {str(path)!r} refused a change: {error}. Nothing was overwritten; an id that is "
            "taken belongs to another document."
        )
    return WorkspaceError(
        f"The catalogue {str(path)!r} failed: {type(error).__name__}, {error} (code {code})."
    )


def damaged(path: Path) -> WorkspaceError:
    """Pages that do not verify or cannot be read, or tables that are gone."""
    return WorkspaceError(f"{str(path)!r} is damaged. Restore it from a backup, or ingest into a new one.")


def full(path: Path, code: int) -> StorageFullError:
    """No space: said with the folder that needs some."""
    return StorageFullError(
        f"No space, or no writing, on the disk of {str(path.parent)!r} (code {code}). What was acknowledged "
        "is safe, this change was rolled back: free some space and run it again."
    )


def _roll_back(connection: Connection) -> None:
    """End whatever transaction is open; SQLite has ended it itself after some errors."""
    if connection.in_transaction:
        connection.execute("ROLLBACK")
