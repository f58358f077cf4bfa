"""Pseudonyms and their originals."""

import json
from collections.abc import Collection

from ragslm.store.database import Connection


def token_for(connection: Connection, entity: str, digest: bytes) -> str | None:
    """The token given to this digest, or None."""
    found = connection.execute(
        "SELECT token FROM vault WHERE digest = ? AND entity = ?", (digest, entity)
    ).fetchone()
    return None if found is None else str(found[0])


def put_token(connection: Connection, token: str, entity: str, digest: bytes, original: str) -> bool:
    """Keep it; False if the token or the digest is bound to another already."""
    connection.execute("INSERT OR IGNORE INTO vault VALUES (?, ?, ?, ?)", (token, entity, digest, original))
    kept = connection.execute("SELECT digest FROM vault WHERE token = ?", (token,)).fetchone()
    return kept is not None and bytes(kept[0]) == digest


def originals(connection: Connection, tokens: Collection[str]) -> dict[str, str]:
    """Originals of those tokens that are known."""
    return dict(
        connection.execute(
            "SELECT token, original FROM vault WHERE token IN (SELECT value FROM json_each(?))",
            (json.dumps(list(tokens)),),
        )
    )
