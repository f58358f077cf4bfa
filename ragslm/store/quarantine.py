"""Documents that could not be read, with the reason, so that an unchanged one is not tried again."""

from ragslm.store.database import Connection


def put(connection: Connection, uri: str, sha256: str, source: str | None, reason: str) -> None:
    """Keep or replace the reason for one uri. It holds no text of the document."""
    connection.execute("INSERT OR REPLACE INTO quarantine VALUES (?,?,?,?)", (uri, sha256, source, reason))


def clear(connection: Connection, uri: str) -> None:
    """Forget one uri; one that is not there is no error."""
    connection.execute("DELETE FROM quarantine WHERE uri = ?", (uri,))


def reasons(connection: Connection) -> list[tuple[str, str]]:
    """(uri, reason) of everything quarantined, by uri."""
    return list(connection.execute("SELECT uri, reason FROM quarantine ORDER BY uri"))


def hashes(connection: Connection, source: str | None) -> dict[str, str]:
    """SHA-256 by uri of what is quarantined under one source root; None: of single files, which have none."""
    return dict(connection.execute("SELECT uri, sha256 FROM quarantine WHERE source IS ?", (source,)))
