"""Documents with their originals, inside a transaction of the caller's."""

import json
from collections.abc import Collection, Sequence
from typing import Any

from ragslm.errors import NotFoundError
from ragslm.store import layout, vault
from ragslm.store.database import Connection
from ragslm.store.records import DocumentAccess, NewDocument, StoredDocument
from ragslm.types import DocumentInfo

_INFO = "id, uri, title, domain, media_type, pages, passages, date, sha256, ingested_at"


def insert(connection: Connection, document: NewDocument) -> int:
    """Add a document, its readers and its original; returns its row id."""
    source = document.source
    cursor = connection.execute(
        "INSERT INTO documents(id, domain, uri, source, version, sha256, media_type, parser, title, date,"
        " scope, restricted, pages, passages, metadata, ingested_at)"
        " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        (
            document.id,
            document.domain,
            source.uri,
            source.source,
            source.version,
            document.sha256,
            document.media_type,
            document.parser,
            document.title,
            layout.iso(document.effective_date),
            document.scope,
            document.readers is not None,
            max((page.number for page in document.parsed.pages), default=None),
            len(document.passages),
            json.dumps(dict(source.metadata)),
            layout.now(),
        ),
    )
    row = int(cursor.lastrowid)
    connection.executemany(
        "INSERT INTO readers VALUES (?, ?)", [(row, reader) for reader in sorted(document.readers or ())]
    )
    connection.execute(
        "INSERT INTO originals VALUES (?, ?, ?)",
        (row, layout.compress(source.content), layout.pack(document.parsed, document.replacements)),
    )
    text = document.parsed.text
    vault.mention(connection, row, ((r.text, text[r.start : r.end]) for r in document.replacements))
    return row


def delete(connection: Connection, row: int) -> None:
    """Remove a document; originals, readers, passages and the names that only it holds go with it."""
    vault.forget(connection, row)
    connection.execute("DELETE FROM documents WHERE row = ?", (row,))


def row_of(connection: Connection, document_id: str) -> tuple[int, str]:
    """Row id and SHA-256 of a document.

    Raises:
        NotFoundError: there is none.
    """
    found = connection.execute("SELECT row, sha256 FROM documents WHERE id = ?", (document_id,)).fetchone()
    if found is None:
        raise _missing(document_id)
    return int(found[0]), str(found[1])


def version_of(connection: Connection, domain: str, uri: str) -> tuple[int, str, str] | None:
    """Row id, document id and SHA-256 of the version now kept, or None."""
    found: tuple[int, str, str] | None = connection.execute(
        "SELECT row, id, sha256 FROM documents WHERE domain = ? AND uri = ?", (domain, uri)
    ).fetchone()
    return found


def hashes(connection: Connection, domain: str, source: str | None) -> dict[str, str]:
    """SHA-256 by uri, of one source root or of all."""
    return dict(
        connection.execute(
            "SELECT uri, sha256 FROM documents WHERE domain = ?1 AND (?2 IS NULL OR source = ?2)",
            (domain, source),
        )
    )


def hashes_of(connection: Connection, domain: str, uris: Collection[str]) -> dict[str, str]:
    """SHA-256 by uri of those of these that are stored."""
    query = "SELECT uri, sha256 FROM documents WHERE domain = ? AND uri = ?"
    found = (connection.execute(query, (domain, uri)).fetchone() for uri in uris)
    return dict(row for row in found if row is not None)


def of_source(connection: Connection, source: str) -> dict[str, str]:
    """Domain by document id of what is stored under one source root."""
    return dict(connection.execute("SELECT id, domain FROM documents WHERE source = ?", (source,)))


def infos(
    connection: Connection, domain: str | None, rows: Sequence[int] | None = None
) -> list[DocumentInfo]:
    """Every document of one domain, or of all, by title; with `rows` only those."""
    found = connection.execute(
        f"SELECT {_INFO} FROM documents WHERE (?1 IS NULL OR domain = ?1)"  # noqa: S608 (constant)
        " AND (?2 IS NULL OR row IN (SELECT value FROM json_each(?2))) ORDER BY title, uri",
        (domain, None if rows is None else json.dumps(rows)),
    )
    return [_info(row) for row in found]


def count(connection: Connection, domain: str) -> int:
    """How many documents of a domain there are."""
    found = connection.execute("SELECT count(*) FROM documents WHERE domain = ?", (domain,)).fetchone()
    return int(found[0])


def access(connection: Connection, document_id: str) -> DocumentAccess | None:
    """Domain, scope and readers of a document; None if there is none."""
    found = connection.execute(
        "SELECT row, domain, scope, restricted FROM documents WHERE id = ?", (document_id,)
    ).fetchone()
    if found is None:
        return None
    row, domain, scope, restricted = found
    return DocumentAccess(
        domain=domain, scope=scope, readers=_listed(connection, row) if restricted else None
    )


def readers(connection: Connection, row: int) -> frozenset[str] | None:
    """Who may read the document in a row; None is everyone."""
    (restricted,) = connection.execute("SELECT restricted FROM documents WHERE row = ?", (row,)).fetchone()
    return _listed(connection, row) if restricted else None


def load(connection: Connection, document_id: str) -> StoredDocument:
    """A document with its original.

    Raises:
        NotFoundError: there is none.
    """
    found = connection.execute(
        f"SELECT {_INFO}, row, parser, scope, restricted, source, version, metadata"  # noqa: S608 (constant)
        " FROM documents WHERE id = ?",
        (document_id,),
    ).fetchone()
    if found is None:
        raise _missing(document_id)
    info = _info(found[:10])
    row, parser, scope, restricted, source, version, metadata = found[10:]
    content, kept = connection.execute(
        "SELECT content, layout FROM originals WHERE document = ?", (row,)
    ).fetchone()
    parsed, replacements = layout.unpack(kept)
    return StoredDocument(
        info=info,
        content=layout.decompress(content),
        parsed=parsed,
        replacements=replacements,
        domain=info.domain,
        parser=parser,
        scope=scope,
        readers=_listed(connection, row) if restricted else None,
        source=source,
        version=version,
        metadata=json.loads(metadata),
    )


def details(connection: Connection, document_id: str) -> list[str]:
    """What was replaced in a document, as it is written there.

    Raises:
        NotFoundError: there is none.
    """
    found = connection.execute(
        "SELECT layout FROM originals JOIN documents ON documents.row = originals.document WHERE id = ?",
        (document_id,),
    ).fetchone()
    if found is None:
        raise _missing(document_id)
    return layout.unpack_replaced(found[0])


def _listed(connection: Connection, row: int) -> frozenset[str]:
    return frozenset(
        reader for (reader,) in connection.execute("SELECT reader FROM readers WHERE document = ?", (row,))
    )


def _info(row: tuple[Any, ...]) -> DocumentInfo:
    id_, uri, title, domain, media_type, pages, passages, date, sha256, ingested_at = row
    return DocumentInfo(
        id=id_,
        uri=uri,
        title=title,
        domain=domain,
        media_type=media_type,
        pages=pages,
        passages=passages,
        date=layout.day(date),
        sha256=sha256,
        ingested_at=ingested_at,
    )


def _missing(document_id: str) -> NotFoundError:
    return NotFoundError(f"There is no document {document_id!r}. `ragslm documents` lists them.")
