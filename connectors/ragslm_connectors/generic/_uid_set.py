"""What has been read of a mailbox: its folders' UIDVALIDITY and uids, short enough for a cursor."""

import base64
import json
import zlib
from collections.abc import Iterable, Mapping

from ragslm.errors import CursorError

_VERSION = "v1:"
_LONGEST = 4_000_000
"""Characters a cursor may unpack to."""

Read = Mapping[str, tuple[int, set[int]]]
"""UIDVALIDITY and uids by folder."""


def pack(read: Read) -> str:
    """Uids as runs, compressed."""
    told = {folder: [validity, _runs(uids)] for folder, (validity, uids) in read.items()}
    return _VERSION + base64.b85encode(zlib.compress(json.dumps(told).encode())).decode()


def unpack(cursor: str) -> dict[str, tuple[int, set[int]]]:
    """What `pack` was given.

    Raises:
        CursorError: it is not one that this version wrote.
    """
    try:
        if not cursor.startswith(_VERSION):
            raise ValueError
        told = json.loads(
            zlib.decompressobj().decompress(base64.b85decode(cursor.removeprefix(_VERSION)), _LONGEST)
        )
        return {
            folder: (int(validity), {uid for start, count in runs for uid in range(start, start + count)})
            for folder, (validity, runs) in told.items()
        }
    except (ValueError, TypeError, AttributeError, zlib.error):
        raise CursorError("The cursor is not one of this version.") from None


def _runs(uids: Iterable[int]) -> list[list[int]]:
    """First uid and length of each run without a gap."""
    runs: list[list[int]] = []
    for uid in sorted(uids):
        if runs and runs[-1][0] + runs[-1][1] == uid:
            runs[-1][1] += 1
        else:
            runs.append([uid, 1])
    return runs
