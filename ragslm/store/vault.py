"""Pseudonyms and their originals."""

import json
from collections.abc import Collection, Sequence

from ragslm.store.database import Connection

_AT_ONCE = 500
"""Digests looked up by one statement."""


def tokens_for(connection: Connection, digests: Sequence[bytes]) -> dict[bytes, str]:
    """The tokens given to those of the digests that have one."""
    found: dict[bytes, str] = {}
    for at in range(0, len(digests), _AT_ONCE):
        some = digests[at : at + _AT_ONCE]
        marks = ",".join("?" * len(some))
        query = f"SELECT digest, token FROM vault WHERE digest IN ({marks})"  # noqa: S608 (marks)
        found.update((bytes(digest), token) for digest, token in connection.execute(query, some))
    return found


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
