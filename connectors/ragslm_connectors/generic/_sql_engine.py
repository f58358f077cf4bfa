"""A connection to a database that can only read: SQLite and PostgreSQL through SQLAlchemy.

Source: https://www.sqlite.org/uri.html (mode=ro); https://www.postgresql.org/docs/current/sql-set-transaction.html
(READ ONLY); https://www.postgresql.org/docs/current/libpq-ssl.html (sslmode).
"""

import ipaddress
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from ragslm._optional import require
from ragslm.errors import ConfigError, SourceError

_VERIFIED = frozenset({"verify-ca", "verify-full"})
_REMEDIES = {
    "08": "Is the server up, and does its certificate verify?",
    "25": "The query writes. Name one that only reads.",
    "28": "The role or its password is refused.",
    "42": "Mend the query, or grant the role SELECT on what it reads.",
    "57": "It took longer than timeout_seconds, or the server ended it. Add an index, or more time.",
}
"""What to do, by class of SQLSTATE. Source: https://www.postgresql.org/docs/current/errcodes-appendix.html"""


class ReadOnly:
    """A database that is only read.

    Args:
        url: SQLAlchemy URL; `postgresql://` is read with psycopg.
        timeout: most seconds for the connection and for each batch of rows.

    Raises:
        ConfigError: the URL is none, names another database system, or would skip the check of a certificate.
    """

    def __init__(self, url: str, timeout: float) -> None:
        self._timeout = timeout
        self._until = 0.0
        try:
            given = sa.make_url(url)
        except (SQLAlchemyError, ValueError):
            raise ConfigError("The database URL is none. Write dialect://user:password@host/name.") from None
        system = given.get_backend_name()
        if system == "sqlite":
            self._engine = self._sqlite(given)
        elif system == "postgresql":
            self._engine = self._postgresql(given)
        else:
            raise ConfigError(
                f"A {system!r} database is not read: only sqlite and postgresql are tested to be "
                "left unchanged. Export it, or write a plug-in (docs/write-a-connector.md)."
            )

    @contextmanager
    def rows(self, statement: sa.Select[tuple[object, ...]], batch: int) -> Iterator[sa.CursorResult[object]]:
        """The rows of one statement as they come, `batch` at a time, in a transaction that cannot write.

        Raises:
            SourceError: the database does not answer, refuses or takes too long.
        """
        try:
            with self._engine.connect() as connection:
                options = {"stream_results": True, "yield_per": batch}
                self.tick()
                with connection.execute(statement, execution_options=options) as result:
                    yield result
        except SQLAlchemyError as error:
            raise SourceError(_told(error)) from None
        finally:
            self._engine.dispose()

    def tick(self) -> None:
        """The next rows may take the whole time again."""
        self._until = time.monotonic() + self._timeout

    def _sqlite(self, url: sa.URL) -> sa.Engine:
        if not url.database or url.database == ":memory:" or url.database.startswith("file:"):
            raise ConfigError("Name the SQLite file: sqlite:////absolute/path.db.")
        path = Path(url.database).absolute()

        def connect() -> sqlite3.Connection:
            connection = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=self._timeout)
            connection.execute("PRAGMA query_only = ON")
            connection.set_progress_handler(lambda: int(time.monotonic() > self._until), 10_000)
            return connection

        self.tick()
        return sa.create_engine("sqlite://", creator=connect, poolclass=sa.NullPool, hide_parameters=True)

    def _postgresql(self, url: sa.URL) -> sa.Engine:
        if url.drivername not in ("postgresql", "postgresql+psycopg"):
            raise ConfigError("PostgreSQL is read with psycopg: write postgresql://….")
        require("psycopg", extra="sql")
        limit = int(self._timeout * 1000)
        engine = sa.create_engine(
            _verified(url).set(drivername="postgresql+psycopg"),
            poolclass=sa.NullPool,
            hide_parameters=True,
            connect_args={
                "connect_timeout": max(2, int(self._timeout)),
                "options": f"-c statement_timeout={limit} -c default_transaction_read_only=on",
            },
        )
        return engine.execution_options(postgresql_readonly=True)


def _verified(url: sa.URL) -> sa.URL:
    """The URL with a server's certificate checked, unless the server is this machine."""
    hosts = [url.host or "", *_several(url.query.get("host")), *_several(url.query.get("hostaddr"))]
    if "service" in url.query or "options" in url.query:
        raise ConfigError("Leave `service` and `options` out of the database URL.")
    if all(_is_local(host) for host in hosts):
        return url
    mode = url.query.get("sslmode", "verify-full")
    if mode not in _VERIFIED:
        raise ConfigError(
            "The database URL does not check the server's certificate. Write sslmode=verify-full (and "
            "sslrootcert=PATH for an authority of your own)."
        )
    return url.update_query_dict({"sslmode": mode})


def _several(value: object) -> list[str]:
    """Hosts of a URL's query, which may hold several."""
    values = value if isinstance(value, tuple) else (value,)
    return [host for one in values if one for host in str(one).split(",")]


def _is_local(host: str) -> bool:
    """No host is libpq's socket on this machine, and so is a path."""
    if not host or host == "localhost" or host.startswith("/"):
        return True
    try:
        return ipaddress.ip_address(host.partition(":")[0] if host.count(":") == 1 else host).is_loopback
    except ValueError:
        return False


def _told(error: SQLAlchemyError) -> str:
    """What went wrong, by type and code: a database's own message may quote a row."""
    original = getattr(error, "orig", None)
    code = getattr(original, "sqlstate", None) or getattr(original, "sqlite_errorname", None)
    kind = type(original or error).__name__
    remedy = _REMEDIES.get(str(code)[:2], "Check URL, query and rights; the next run goes on from there.")
    return f"The database cannot be read: {kind}{f' {code}' if code else ''}. {remedy}"
