"""Values of database columns: as words of a document, and as a place that a reading goes on from."""

import datetime as dt
import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

from ragslm.errors import CursorError, SourceError

_VERSION = "v1:"
_READ: dict[str, Callable[[str], Any]] = {
    "int": int,
    "float": float,
    "str": str,
    "Decimal": Decimal,
    "UUID": UUID,
    "datetime": dt.datetime.fromisoformat,
    "date": dt.date.fromisoformat,
}
"""Types that a cursor or key column may have."""


def words(column: str, value: object) -> str | None:
    """A value as a person reads it; None where the column is empty.

    Raises:
        SourceError: it is binary.
    """
    if value is None:
        return None
    if isinstance(value, (bytes, bytearray, memoryview)):
        raise SourceError(f"Column {column!r} holds binary data. Leave it out of the query.")
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, dt.datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


def day(column: str, value: object) -> dt.date | None:
    """The date a row holds for.

    Raises:
        SourceError: the column is no date, and no text that begins with one.
    """
    if value is None or type(value) is dt.date:
        return value
    if isinstance(value, dt.datetime):
        return value.date()
    try:
        return dt.date.fromisoformat(str(value)[:10])
    except ValueError:
        raise SourceError(f"Column {column!r} holds a {type(value).__name__} that is no date.") from None


def place(cursor: object, key: object) -> str:
    """Where a reading is: the values of cursor and key column of its last row."""
    return _VERSION + json.dumps([_written(cursor), _written(key)])


def read_place(text: str) -> tuple[Any, Any]:
    """The values of `place`, in their types.

    Raises:
        CursorError: it is not one that this version wrote.
    """
    try:
        if not text.startswith(_VERSION):
            raise ValueError
        (cursor_type, cursor), (key_type, key) = json.loads(text.removeprefix(_VERSION))
        return _READ[cursor_type](cursor), _READ[key_type](key)
    except (ValueError, KeyError, TypeError, ArithmeticError):
        raise CursorError("The cursor is not one of this version.") from None


def before(value: Any, overlap: int) -> Any:
    """A cursor value `overlap` seconds, days or numbers earlier; None where its type knows no distance."""
    try:
        if isinstance(value, dt.datetime):
            return value - dt.timedelta(seconds=overlap)
        if isinstance(value, dt.date):
            return value - dt.timedelta(days=-(-overlap // 86_400))
        return None if isinstance(value, (str, UUID)) else value - overlap
    except OverflowError:
        return value


def _written(value: object) -> tuple[str, str]:
    kind = type(value).__name__
    if kind not in _READ:
        raise SourceError(f"A cursor or key column holds a {kind}; it must be one of {sorted(_READ)}.")
    return kind, value.isoformat() if isinstance(value, dt.date) else str(value)
