"""The SQL connector against a real PostgreSQL, started for these tests in a folder of its own.

The server comes from Debian (`apt-get install postgresql`); its programs lie outside of PATH there.
"""

import datetime as dt
import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

import psycopg
import pytest
from pydantic import SecretStr

from ragslm.errors import SourceError
from ragslm.testing.connector_contract import ConnectorContract, IncrementalContract
from ragslm.types import SourceDocument
from ragslm_connectors.generic.sql import source
from tests.data import lab

ACCOUNT = "postgres"  # the package makes it; PostgreSQL refuses to run as root
READER = "CREATE ROLE reader LOGIN; GRANT SELECT ON results TO reader"


@pytest.fixture(scope="session")
def server():
    """Folder of the server's socket, which is its only door."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    assert found, "PostgreSQL is not installed. Run: apt-get install postgresql"
    programs = found[-1].parent
    # Short, since a socket's path has 107 bytes at most; and where the other account may enter.
    folder = Path(tempfile.mkdtemp(prefix="ragslm-pg-"))
    account = {}
    if os.geteuid() == 0:
        shutil.chown(folder, ACCOUNT, pwd.getpwnam(ACCOUNT).pw_gid)
        account = {"user": ACCOUNT, "group": pwd.getpwnam(ACCOUNT).pw_gid, "extra_groups": []}
    folder.chmod(0o755)

    def run(program: str, *arguments: str) -> None:
        command = [str(programs / program), "-D", str(folder / "data"), *arguments]
        subprocess.run(command, check=True, capture_output=True, timeout=120, cwd=folder, **account)

    run("initdb", "-U", "owner", "-A", "trust", "-E", "UTF8", "--no-sync")
    options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
    run("pg_ctl", "-w", "-l", str(folder / "log"), "-o", options, "start")
    yield folder
    run("pg_ctl", "-m", "immediate", "stop")
    shutil.rmtree(folder)


@pytest.fixture
def db(server: Path):
    """The database's owner, over an empty database with the laboratory's table."""
    with psycopg.connect(f"host={server} user=owner dbname=postgres", autocommit=True) as admin:
        admin.execute("DROP DATABASE IF EXISTS lab WITH (FORCE)")
        admin.execute("DROP ROLE IF EXISTS reader")
        admin.execute("CREATE DATABASE lab")
    with psycopg.connect(f"host={server} user=owner dbname=lab", autocommit=True) as owner:
        owner.execute(lab.SCHEMA)
        marks = ",".join(["%s"] * 11)
        owner.cursor().executemany(f"INSERT INTO results VALUES ({marks})", lab.ROWS)
        owner.execute("CREATE SEQUENCE counter")
        owner.execute(READER)
        yield owner


@pytest.fixture
def connect(db: psycopg.Connection, server: Path):
    def go(user: str = "owner", **settings):
        url = SecretStr(f"postgresql://{user}@/lab?host={server}")
        return source(url, **{**lab.SETTINGS, "source_name": "lab", **settings})

    return go


class Lab:
    telling = frozenset({"effective_date", "scope", "readers"})

    @pytest.fixture
    def snapshot(self, db: psycopg.Connection):
        return lambda: db.execute("SELECT *, xmin, xmax FROM results ORDER BY id").fetchall()


class TestListing(Lab, ConnectorContract):
    @pytest.fixture
    def connector(self, connect):
        return connect("reader")


class TestChanges(Lab, IncrementalContract):
    @pytest.fixture
    def connector(self, connect):
        return connect("reader", cursor_column="changed", deleted_column="gone", overlap=0)

    @pytest.fixture
    def change(self, db: psycopg.Connection):
        def go():
            for statement in (lab.NEW, lab.CHANGED, lab.GONE):
                db.execute(statement)
            return lab.URIS

        return go


# What would write, though the role may: the code PostgreSQL refuses it with
WRITES = [
    ("SELECT nextval('counter') AS \"Result\"", "25006"),
    ("WITH gone AS (DELETE FROM results RETURNING *) SELECT * FROM gone", "0A000"),
    ("SELECT 1 AS x) AS q DELETE FROM results --", "42601"),
]


@pytest.mark.parametrize(("query", "code"), WRITES)
def test_a_query_that_writes_is_refused_by_the_server(connect, db, query, code):
    with pytest.raises(SourceError, match=code):
        list(connect(query=query).load())
    assert db.execute("SELECT count(*) FROM results").fetchone() == (3,)
    assert db.execute("SELECT is_called FROM counter").fetchone() == (False,)


def test_a_slow_statement_is_stopped(connect):
    connector = connect(query='SELECT pg_sleep(30)::text AS "Result"', timeout_seconds=1)
    with pytest.raises(SourceError, match=r"QueryCanceled 57014.*timeout_seconds"):
        list(connector.load())


def test_a_role_without_rights_is_told_so(connect, db):
    db.execute("REVOKE SELECT ON results FROM reader")
    with pytest.raises(SourceError, match=r"InsufficientPrivilege 42501.*grant the role SELECT"):
        list(connect("reader").load())


def test_two_columns_of_one_name_are_refused(connect):
    with pytest.raises(SourceError, match="one name"):
        list(connect(query=lab.QUERY.replace("unit AS", 'analyte AS "Analyte", unit AS')).load())


def test_a_server_that_is_away_is_told(connect, server):
    with pytest.raises(SourceError, match="OperationalError"):
        list(connect("nobody").load())


def test_a_reading_that_is_given_up_leaves_no_transaction(connect, db):
    documents = connect("reader").load()
    next(documents)
    documents.close()
    asked = "SELECT count(*) FROM pg_stat_activity WHERE usename = 'reader' AND state <> 'idle'"
    assert db.execute(asked).fetchone() == (0,)


def test_rows_come_from_the_server_in_batches(connect, db):
    db.execute(
        "INSERT INTO results SELECT i, i, 0, 'Ann Weaver', 'M-1', '2024-03-01', 'Sodium', 1, '', '', 'w'"
        " FROM generate_series(100, 20000) i"
    )
    documents = connect("reader").load()
    for _ in range(3):  # SQLAlchemy asks for one row before it asks for batches
        next(documents)
    asked = "SELECT query FROM pg_stat_activity WHERE usename = 'reader'"
    assert "FETCH FORWARD 1000" in db.execute(asked).fetchone()[0]
    assert len(list(documents)) == 19_901


def test_a_timestamp_is_a_cursor_and_a_late_transaction_is_not_lost(connect, db):
    db.execute("ALTER TABLE results ADD at timestamptz DEFAULT '2024-05-01 12:00+00'")
    query = lab.QUERY.replace("changed,", "at, changed,")
    fields = {**lab.FIELDS, "at": "OMIT"}
    connector = connect(query=query, fields=fields, cursor_column="at", deleted_column="gone")
    *_, cursor = connector.changes(None)
    db.execute(lab.NEW.replace(")", ", '2024-05-01 11:58+00')"))
    found = [change for change in connector.changes(cursor.value) if isinstance(change, SourceDocument)]
    assert "sql://lab/9" in {document.uri for document in found}
    assert {document.effective_date for document in found} >= {dt.date(2024, 4, 1)}
