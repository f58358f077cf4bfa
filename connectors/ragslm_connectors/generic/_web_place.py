"""What is known of a site's pages, short enough for a cursor: their addresses, and how to ask for changes.

And the page that was reached: a run that is cut at its time limit would else ask the same first pages each
time whether they changed, and never come to the last.
"""

import base64
import json
import zlib
from collections.abc import Mapping

from ragslm.errors import CursorError

LONGEST = 65_536
"""Characters of a cursor."""
_VERSION = "v2:"
_WHOLE = f"{_VERSION}whole"
_LONGEST_TEXT = 8_000_000
"""Characters that a cursor may unpack to."""

Marks = Mapping[str, str]
"""By a page's address: `lastmod …`, `etag …`, `date …` (its Last-Modified), or nothing to ask by."""


def pack(marks: Marks, reached: str = "") -> str:
    """A cursor. Of a site with too many pages, first those marks are left out that do not pack, then all.

    Args:
        marks: of every page that was read.
        reached: address of the page after which the next run goes on; empty where one came to its end.
    """
    bare = {uri: mark if mark.startswith("lastmod ") else "" for uri, mark in marks.items()}
    for kept in (marks, bare):
        text = json.dumps([kept, reached], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        cursor = _VERSION + base64.b85encode(zlib.compress(text.encode(), 9)).decode("ascii")
        if len(cursor) <= LONGEST:
            return cursor
    return _WHOLE


def unpack(cursor: str) -> tuple[dict[str, str], str]:
    """What `pack` was given.

    Raises:
        CursorError: it is not one that this version wrote, or the site is too large for one.
    """
    try:
        if not cursor.startswith(_VERSION) or cursor == _WHOLE:
            raise ValueError
        packed = base64.b85decode(cursor.removeprefix(_VERSION))
        marks, reached = json.loads(zlib.decompressobj().decompress(packed, _LONGEST_TEXT))
        return {str(uri): str(mark) for uri, mark in marks.items()}, str(reached)
    except (ValueError, TypeError, AttributeError, zlib.error):
        raise CursorError(
            "The cursor is not one of this version, or the site is too large for one."
        ) from None
