"""Tickets of a help desk, kept in one SQLite file, as a source of ragslm."""

import datetime as dt
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, ClassVar

from ragslm.errors import CursorError, SourceError
from ragslm.records import MEDIA_TYPE, record
from ragslm.types import Cursor, Removed, SourceDocument

QUERY = """SELECT change, number, gone, opened, customer, email, account, team, message
           FROM tickets WHERE change > ? ORDER BY change"""


class Tickets:
    """The table's triggers count changes; a deleted ticket stays as a row that says it is gone."""

    name = "tickets"
    policy: ClassVar = {"Ticket": "KEEP", "Customer": "PERSON", "E-mail": "EMAIL_ADDRESS", "Message": "TEXT"}

    def __init__(self, path: Path) -> None:
        self._path = path

    def load(self) -> Iterator[SourceDocument]:
        """Every ticket there is now."""
        return (change for change in self.changes(None) if isinstance(change, SourceDocument))

    def changes(self, cursor: str | None) -> Iterator[SourceDocument | Removed | Cursor]:
        """What changed after the number that the cursor names."""
        if cursor is not None and not re.fullmatch(r"v1:\d+", cursor):
            raise CursorError("The cursor is not one of this version.")
        try:
            with closing(sqlite3.connect(f"{self._path.absolute().as_uri()}?mode=ro", uri=True)) as db:
                for change, *row in db.execute(QUERY, [int((cursor or "v1:0")[3:])]):
                    yield self._told(row)
                    yield Cursor(f"v1:{change}")
        except sqlite3.Error as error:
            raise SourceError(f"The ticket file cannot be read: {type(error).__name__}.") from None

    def _told(self, row: list[Any]) -> SourceDocument | Removed:
        number, gone, opened, customer, email, account, team, message = row
        uri = f"tickets://{number}"
        if gone:
            return Removed(uri)
        fields = {"Ticket": number, "Customer": customer, "E-mail": email, "Message": message}
        return SourceDocument(
            uri=uri,
            content=record(fields, self.policy),
            media_type=MEDIA_TYPE,
            title=f"Ticket {number}",
            effective_date=dt.date.fromisoformat(opened),
            scope=account,
            readers=frozenset({team}),
        )
