"""Pseudonyms and their originals."""

import json
from collections.abc import Collection, Iterable, Sequence

from ragslm.store.database import Connection

_AT_ONCE = 500
"""Digests looked up by one statement."""


def tokens_for(
    connection: Connection, digests: Sequence[bytes], *, lasting: bool = False
) -> dict[bytes, str]:
    """The tokens given to those of the digests that have one and whose original is still kept.

    `lasting`: only those found in a document.
    """
    found: dict[bytes, str] = {}
    for at in range(0, len(digests), _AT_ONCE):
        some = digests[at : at + _AT_ONCE]
        marks = ",".join("?" * len(some))
        query = f"SELECT digest, token FROM vault WHERE digest IN ({marks}) AND original <> ''"  # noqa: S608
        if lasting:
            query += " AND lasting"
        found.update((bytes(digest), token) for digest, token in connection.execute(query, some))
    return found


def put_token(
    connection: Connection, token: str, entity: str, digest: bytes, original: str, *, lasting: bool = True
) -> bool:
    """Keep it; False if the token or the digest is bound to another already."""
    connection.execute(
        "INSERT INTO vault VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT(digest) DO UPDATE SET original = excluded.original, lasting = excluded.lasting"
        " WHERE original = '' ON CONFLICT(token) DO NOTHING",
        (token, entity, digest, original, lasting),
    )
    kept = connection.execute("SELECT digest FROM vault WHERE token = ?", (token,)).fetchone()
    return kept is not None and bytes(kept[0]) == digest


def originals(connection: Connection, tokens: Collection[str]) -> dict[str, str]:
    """Originals of those tokens that are known."""
    return dict(
        connection.execute(
            "SELECT token, original FROM vault"
            " WHERE token IN (SELECT value FROM json_each(?)) AND original <> ''",
            (json.dumps(list(tokens)),),
        )
    )


def mention(connection: Connection, document: int, replaced: Iterable[tuple[str, str]]) -> None:
    """Note which pseudonyms a document holds.

    Args:
        connection: inside a transaction.
        document: its row id.
        replaced: token and original; an original that was emptied meanwhile is kept again.
    """
    known = dict(replaced)
    connection.executemany(
        "UPDATE vault SET original = iif(original = '', ?, original), lasting = 1 WHERE token = ?",
        [(original, token) for token, original in known.items()],
    )
    connection.executemany(
        "INSERT INTO mentions SELECT token, ? FROM vault WHERE token = ?",
        [(document, token) for token in known],
    )


def forget(connection: Connection, document: int) -> None:
    """Empty the originals that no other document holds; the document itself goes afterwards."""
    connection.execute(
        "UPDATE vault SET original = '' WHERE token IN (SELECT token FROM mentions WHERE document = ?)"
        " AND NOT EXISTS (SELECT 1 FROM mentions WHERE token = vault.token AND document <> ?)",
        (document, document),
    )
