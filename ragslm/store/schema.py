"""The tables of the catalogue, and which version of them a file has."""

from typing import Any

from ragslm.errors import WorkspaceError, WorkspaceVersionError

MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

    -- AUTOINCREMENT: indexes keep these row ids, so one must never come back for another document.
    CREATE TABLE documents(
        row INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        domain TEXT NOT NULL,
        uri TEXT NOT NULL,
        source TEXT,
        version TEXT,
        sha256 TEXT NOT NULL,
        media_type TEXT NOT NULL,
        parser TEXT NOT NULL,
        title TEXT NOT NULL,
        date TEXT,
        scope TEXT,
        restricted INTEGER NOT NULL,
        pages INTEGER,
        passages INTEGER NOT NULL,
        metadata TEXT NOT NULL,
        ingested_at TEXT NOT NULL,
        UNIQUE(domain, uri));
    CREATE TABLE readers(
        document INTEGER NOT NULL REFERENCES documents(row) ON DELETE CASCADE,
        reader TEXT NOT NULL,
        PRIMARY KEY(document, reader)) WITHOUT ROWID;
    CREATE TABLE originals(
        document INTEGER PRIMARY KEY REFERENCES documents(row) ON DELETE CASCADE,
        content BLOB NOT NULL,
        layout BLOB NOT NULL);

    -- seq: the change that added it. A passage removed and added again has the later one only.
    CREATE TABLE passages(
        id INTEGER PRIMARY KEY,
        seq INTEGER NOT NULL UNIQUE,
        document INTEGER NOT NULL REFERENCES documents(row) ON DELETE CASCADE,
        page INTEGER,
        section TEXT,
        start INTEGER NOT NULL,
        end INTEGER NOT NULL,
        header TEXT NOT NULL,
        text TEXT NOT NULL,
        replacements TEXT NOT NULL,
        vector BLOB NOT NULL);
    CREATE INDEX passages_document ON passages(document);
    CREATE TABLE tombstones(seq INTEGER PRIMARY KEY, passage INTEGER NOT NULL);

    CREATE TABLE quarantine(uri TEXT PRIMARY KEY, sha256 TEXT NOT NULL, source TEXT, reason TEXT NOT NULL);
    CREATE TABLE vault(
        token TEXT PRIMARY KEY,
        entity TEXT NOT NULL,
        digest BLOB NOT NULL UNIQUE,
        original TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE turns(
        number INTEGER PRIMARY KEY,
        conversation TEXT NOT NULL,
        identity TEXT NOT NULL,
        question TEXT NOT NULL,
        answer TEXT NOT NULL,
        at TEXT NOT NULL);
    CREATE INDEX turns_conversation ON turns(conversation, identity, number);
    CREATE TABLE api_keys(
        hash TEXT PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        identity TEXT NOT NULL,
        created_at TEXT NOT NULL) WITHOUT ROWID;

    CREATE TABLE audit(seq INTEGER PRIMARY KEY, record TEXT NOT NULL, hash TEXT NOT NULL);
    -- Against accidents; against a writer with the key there is the chain.
    CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'append only'); END;
    CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'append only'); END;
    """,
    """
    -- settings: digest of what the source was read with; a cursor holds for the same settings only.
    CREATE TABLE cursors(
        source TEXT PRIMARY KEY,
        settings TEXT NOT NULL,
        cursor TEXT NOT NULL,
        at TEXT NOT NULL) WITHOUT ROWID;
    ALTER TABLE quarantine ADD COLUMN tries INTEGER NOT NULL DEFAULT 1;
    ALTER TABLE quarantine ADD COLUMN at TEXT NOT NULL DEFAULT '';
    -- What a source will not yield again by itself, kept with what it told of it.
    CREATE TABLE letters(
        uri TEXT PRIMARY KEY REFERENCES quarantine(uri) ON DELETE CASCADE,
        told TEXT NOT NULL,
        content BLOB NOT NULL);
    """,
    """
    -- Keys that do not change with the workspace key.
    CREATE TABLE lasting_keys(purpose TEXT PRIMARY KEY, key BLOB NOT NULL) WITHOUT ROWID;
    """,
    """
    -- Which documents hold a pseudonym. When the last of them goes, its original is emptied; the keyed digest
    -- stays, so that the same original gets the same pseudonym again.
    CREATE TABLE mentions(
        token TEXT NOT NULL,
        document INTEGER NOT NULL REFERENCES documents(row) ON DELETE CASCADE,
        PRIMARY KEY(token, document)) WITHOUT ROWID;
    CREATE INDEX mentions_document ON mentions(document);
    INSERT OR IGNORE INTO mentions
        SELECT vault.token, passages.document FROM passages, json_each(passages.replacements)
        JOIN vault ON vault.token = json_extract(value, '$[2]');
    -- lasting: found in a document, not only in what a user typed.
    ALTER TABLE vault ADD COLUMN lasting INTEGER NOT NULL DEFAULT 1;
    """,
    """
    -- Scope and readers (a JSON list; NULL is everyone) that were stated, for when it can be read again.
    ALTER TABLE quarantine ADD COLUMN scope TEXT;
    ALTER TABLE quarantine ADD COLUMN readers TEXT;
    """,
)
"""One script for each version, applied in order."""

VERSION = len(MIGRATIONS)
"""The version of the schema that this code reads and writes."""


def version_of(connection: Any) -> int:
    """The file's schema version; 0 if it holds no tables yet.

    Raises:
        WorkspaceError: it holds tables of something else.
    """
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not tables:
        return 0
    row = (
        connection.execute("SELECT value FROM meta WHERE key = 'schema'").fetchone()
        if "meta" in tables
        else None
    )
    if row is None:
        raise WorkspaceError("The file is a database, but not a ragslm catalogue. Name another workspace.")
    return int(row[0])


def migrate(connection: Any, version: int) -> None:
    """Bring the schema from `version` to `VERSION`, inside the caller's transaction."""
    for script in MIGRATIONS[version:]:
        for statement in _statements(script):
            connection.execute(statement)
    connection.execute("INSERT OR REPLACE INTO meta VALUES ('schema', ?)", (str(VERSION),))


def check(version: int) -> None:
    """Refuse a file that other code wrote.

    Raises:
        WorkspaceVersionError: its version is not `VERSION`.
    """
    if version != VERSION:
        raise WorkspaceVersionError(
            f"The workspace has schema version {version}, this ragslm reads version {VERSION}. "
            "Use the ragslm that wrote it, or make a new workspace (`ragslm init`) and ingest again."
        )


def _statements(script: str) -> list[str]:
    """The statements of a script. `executescript` would commit the transaction they belong to."""
    from sqlcipher3.dbapi2 import complete_statement

    found, pending = [], ""
    for line in script.splitlines():
        pending += line + "\n"
        if complete_statement(pending):
            found.append(pending.strip())
            pending = ""
    return [statement for statement in found if statement]
