"""How far each source has been read, inside a transaction of the caller's."""

from typing import NamedTuple

from ragslm.store.database import Connection
from ragslm.store.layout import now


class Place(NamedTuple):
    """Digest of the settings that the source was read with, and the connector's own cursor."""

    settings: str
    cursor: str


def put(connection: Connection, source: str, place: Place) -> None:
    """Keep the place in a source, in lieu of an earlier one."""
    connection.execute("INSERT OR REPLACE INTO cursors VALUES (?,?,?,?)", (source, *place, now()))


def get(connection: Connection, source: str) -> Place | None:
    """The place that was kept last, or None."""
    kept = connection.execute("SELECT settings, cursor FROM cursors WHERE source = ?", (source,)).fetchone()
    return None if kept is None else Place(*kept)


def forget(connection: Connection, source: str) -> None:
    """Read the source from its beginning next time; one that is not there is no error."""
    connection.execute("DELETE FROM cursors WHERE source = ?", (source,))
