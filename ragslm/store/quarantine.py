"""Documents that could not be read, with the reason, so that an unchanged one is not tried again.

What its source will not yield again is kept with it, encrypted like every original: a dead letter.
"""

import json
from collections.abc import Collection
from typing import Any, NamedTuple

from ragslm.store import layout
from ragslm.store.database import Connection
from ragslm.types import DeadLetter, SourceDocument

_ASKED_FOR = "again"
"""In place of a digest: no content has this one, so the document is tried whatever it holds."""

Access = tuple[str | None, frozenset[str] | None]
"""Scope and readers that were stated; None is no scope, and every user."""


class Letter(NamedTuple):
    """A quarantined document with its content, and the domain it was meant for."""

    document: SourceDocument
    domain: str


def put(
    connection: Connection,
    uri: str,
    sha256: str,
    source: str | None,
    reason: str,
    letter: Letter | None = None,
    access: Access = (None, None),
) -> None:
    """Keep or replace the reason for one uri, and count the try. The reason holds no text of the document."""
    scope, readers = access
    connection.execute(
        "INSERT INTO quarantine(uri, sha256, source, reason, at, scope, readers) VALUES (?,?,?,?,?,?,?)"
        " ON CONFLICT(uri) DO UPDATE SET sha256 = excluded.sha256, source = excluded.source,"
        " reason = excluded.reason, at = excluded.at, scope = excluded.scope, readers = excluded.readers,"
        " tries = tries + 1",
        (
            uri,
            sha256,
            source,
            reason,
            layout.now(),
            scope,
            None if readers is None else json.dumps(sorted(readers)),
        ),
    )
    connection.execute("DELETE FROM letters WHERE uri = ?", (uri,))
    if letter is not None:
        content = layout.compress(letter.document.content)
        connection.execute("INSERT INTO letters VALUES (?,?,?)", (uri, _told(letter), content))


def access(connection: Connection, uri: str) -> Access | None:
    """Whose a quarantined document is, once it can be read; None if it is not quarantined."""
    found = connection.execute("SELECT scope, readers FROM quarantine WHERE uri = ?", (uri,)).fetchone()
    if found is None:
        return None
    scope, readers = found
    return scope, None if readers is None else frozenset(json.loads(readers))


def clear(connection: Connection, uri: str) -> None:
    """Forget one uri; one that is not there is no error."""
    connection.execute("DELETE FROM quarantine WHERE uri = ?", (uri,))


def reasons(connection: Connection) -> list[tuple[str, str]]:
    """(uri, reason) of everything quarantined, by uri."""
    return list(connection.execute("SELECT uri, reason FROM quarantine ORDER BY uri"))


def hashes(connection: Connection, source: str | None) -> dict[str, str]:
    """SHA-256 by uri of what is quarantined under one source root; None: of single files, which have none."""
    return dict(connection.execute("SELECT uri, sha256 FROM quarantine WHERE source IS ?", (source,)))


# ---------------------------------------------------------------- dead letters


def listed(connection: Connection) -> list[DeadLetter]:
    """Everything quarantined, by source and uri."""
    rows = connection.execute(
        "SELECT q.uri, q.reason, q.source, q.tries, q.at, l.uri IS NOT NULL FROM quarantine q"
        " LEFT JOIN letters l ON l.uri = q.uri ORDER BY q.source, q.uri"
    )
    return [
        DeadLetter(uri=uri, reason=reason, source=source, tries=tries, at=at, kept=bool(kept))
        for uri, reason, source, tries, at, kept in rows
    ]


def drop_letters(connection: Connection) -> None:
    """Forget the content of all of them."""
    connection.execute("DELETE FROM letters")


def reopen(connection: Connection, uris: Collection[str]) -> None:
    """Let these be tried again at the next run, however often they were."""
    connection.executemany(
        "UPDATE quarantine SET sha256 = ? WHERE uri = ?", [(_ASKED_FOR, uri) for uri in uris]
    )


def waiting(connection: Connection, source: str, most: int) -> list[str]:
    """Uris of letters of a source that another try may help, as it was not their content that failed, or
    for which one was asked.
    """
    rows = connection.execute(
        "SELECT q.uri FROM quarantine q JOIN letters l ON l.uri = q.uri"
        " WHERE q.source = ? AND (q.sha256 = ? OR (q.sha256 = '' AND q.tries < ?)) ORDER BY q.uri",
        (source, _ASKED_FOR, most),
    )
    return [uri for (uri,) in rows]


def letter(connection: Connection, uri: str) -> Letter | None:
    """A letter with its content; None if there is none."""
    found = connection.execute("SELECT told, content FROM letters WHERE uri = ?", (uri,)).fetchone()
    if found is None:
        return None
    told: dict[str, Any] = json.loads(found[0])
    domain, readers = told.pop("domain"), told.pop("readers")
    document = SourceDocument(
        uri=uri,
        content=layout.decompress(found[1]),
        effective_date=layout.day(told.pop("date")),
        readers=None if readers is None else frozenset(readers),
        **told,
    )
    return Letter(document, domain)


def _told(letter: Letter) -> str:
    document = letter.document
    return json.dumps(
        {
            "domain": letter.domain,
            "media_type": document.media_type,
            "title": document.title,
            "source": document.source,
            "version": document.version,
            "date": layout.iso(document.effective_date),
            "scope": document.scope,
            "readers": None if document.readers is None else sorted(document.readers),
            "metadata": dict(document.metadata),
        }
    )
