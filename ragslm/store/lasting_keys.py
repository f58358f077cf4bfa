"""Keys that outlive the workspace key. They lie in the encrypted catalogue; a new key changes none of them.

The chain of the audit log, the pseudonyms and the moved dates hang on them. They are random; in a workspace
that an older version made they are what it had derived from its key, so that its records and pseudonyms hold.
"""

import secrets

from ragslm.store.database import Connection
from ragslm.store.keys import SIZE, derive

PURPOSES = ("audit", "identity", "pseudonym")


def make(connection: Connection, key: bytes, *, derived: bool) -> None:
    """Put a key for each purpose where there is none, in the transaction that makes the table.

    Args:
        connection: inside the caller's transaction.
        key: the workspace key.
        derived: take the keys an older version derived from it.
    """
    connection.executemany(
        "INSERT OR IGNORE INTO lasting_keys VALUES (?, ?)",
        [(purpose, derive(key, purpose) if derived else secrets.token_bytes(SIZE)) for purpose in PURPOSES],
    )


def load(connection: Connection) -> dict[str, bytes]:
    """Every key, by its purpose."""
    return {
        purpose: bytes(key) for purpose, key in connection.execute("SELECT purpose, key FROM lasting_keys")
    }
