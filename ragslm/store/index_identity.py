"""What the stored passages and vectors were made with, inside a transaction of the caller's."""

import json
from dataclasses import asdict

from ragslm.store.database import Connection
from ragslm.store.records import IndexIdentity

_KEY = "index_identity"


def get(connection: Connection) -> IndexIdentity | None:
    """What was kept last, or None."""
    kept = connection.execute("SELECT value FROM meta WHERE key = ?", (_KEY,)).fetchone()
    return None if kept is None else IndexIdentity(**json.loads(kept[0]))


def put(connection: Connection, identity: IndexIdentity) -> None:
    """Keep it in lieu of an earlier one."""
    connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (_KEY, json.dumps(asdict(identity))))
