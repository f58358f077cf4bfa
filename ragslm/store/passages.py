"""Passages with their vectors, and the numbered changes that the derived indexes replay."""

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ragslm.errors import IndexMismatchError
from ragslm.store import layout
from ragslm.store.database import Connection
from ragslm.store.records import Change, IndexRow, NewPassage, StoredPassage
from ragslm.types import Passage

BATCH = 512
"""Changes read at once: 0.8 MB at 384 dimensions, and no reader holds the write-ahead log for long."""
CAPTION = 400
"""Characters below which a passage without rows may be what stands over a table."""


def insert(connection: Connection, document: int, passages: Sequence[NewPassage]) -> None:
    """Add the passages of a document, each with the next change number."""
    first = seq(connection) + 1
    connection.executemany(
        "INSERT INTO passages VALUES (?,?,?,?,?,?,?,?,?,?,?)",
        [
            (
                each.passage.id,
                first + number,
                document,
                each.passage.page,
                each.passage.section,
                each.passage.start,
                each.passage.end,
                each.header,
                each.passage.text,
                layout.pack_replacements(each.replacements),
                pack_vector(each.vector),
            )
            for number, each in enumerate(passages)
        ],
    )


def bury(connection: Connection, document: int) -> int:
    """Remove a document's passages and leave a tombstone for each; returns how many."""
    last = seq(connection)
    cursor = connection.execute(
        "INSERT INTO tombstones"
        " SELECT ?1 + row_number() OVER (ORDER BY id), id FROM passages WHERE document = ?2",
        (last, document),
    )
    connection.execute("DELETE FROM passages WHERE document = ?", (document,))
    return int(cursor.rowcount)


def seq(connection: Connection) -> int:
    """The last change number; 0 before the first. It never falls: what is removed leaves a tombstone."""
    added, removed = connection.execute(
        "SELECT (SELECT max(seq) FROM passages), (SELECT max(seq) FROM tombstones)"
    ).fetchone()
    return max(added or 0, removed or 0)


def changes(connection: Connection, after: int) -> list[Change]:
    """At most `BATCH` changes after a number, in order.

    A passage that was removed since is only told as removed, so replaying from any number on gives what is
    stored now.
    """
    found = connection.execute(
        "SELECT p.seq, p.id, p.document, p.header, p.text, p.vector FROM"
        " (SELECT seq FROM passages WHERE seq > ?1 UNION ALL SELECT seq FROM tombstones WHERE seq > ?1"
        "  ORDER BY seq LIMIT ?2) AS next JOIN passages AS p ON p.seq = next.seq"
        " UNION ALL SELECT * FROM"
        " (SELECT seq, passage, NULL, NULL, NULL, NULL FROM tombstones WHERE seq > ?1 ORDER BY seq LIMIT ?2)"
        " ORDER BY 1 LIMIT ?2",
        (after, BATCH),
    )
    return [_change(*row) for row in found]


def rest_of_tables(connection: Connection, ids: Sequence[int], reach: int, most: int) -> list[int]:
    """Other passages with rows on the page of these that have rows, or with the line that declares their
    scale; of a document without pages, in their section.

    Args:
        connection: reading.
        ids: best first.
        reach: characters of the original between the beginnings of two passages, at most.
        most: how many at most; those beside the first of `ids` come first.
    """
    found = connection.execute(
        "SELECT other.id FROM json_each(?1) AS asked JOIN passages AS near ON near.id = asked.value"
        " JOIN passages AS other ON other.document = near.document AND other.page IS near.page"
        " AND (near.page IS NOT NULL OR other.section IS near.section)"
        " WHERE instr(near.text, ' | ') AND (instr(other.text, ' | ')"
        " OR (length(other.text) < ?4 AND (instr(lower(other.text), 'in millions')"
        " OR instr(lower(other.text), 'in thousands'))))"
        " AND abs(other.start - near.start) <= ?2"
        " AND other.id NOT IN (SELECT value FROM json_each(?1))"
        " GROUP BY other.id ORDER BY min(asked.key), other.start LIMIT ?3",
        (json.dumps([int(id_) for id_ in ids]), reach, most, CAPTION),
    )
    return [id_ for (id_,) in found]


def load(connection: Connection, ids: Sequence[int]) -> dict[int, StoredPassage]:
    """Passages by id; unknown ids are left out."""
    found = connection.execute(
        "SELECT p.id, d.id, d.uri, d.title, p.page, p.section, p.text, p.start, p.end, d.date,"
        " p.header, p.replacements FROM passages AS p JOIN documents AS d ON d.row = p.document"
        " WHERE p.id IN (SELECT value FROM json_each(?))",
        (json.dumps([int(id_) for id_ in ids]),),
    )
    return {row[0]: _stored(*row) for row in found}


def vectors(connection: Connection, ids: Sequence[int]) -> dict[int, NDArray[np.float32]]:
    """Their vectors by id, float32, shape (dim,), as exact as they are kept; unknown ids are left out."""
    found = connection.execute(
        "SELECT id, vector FROM passages WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps([int(id_) for id_ in ids]),),
    )
    return {id_: unpack_vector(kept) for id_, kept in found}


def pack_vector(vector: NDArray[np.float32]) -> bytes:
    """Half precision: half the file, and for unit vectors an error of the cosine below 0.001, which is less
    than the encoder's own bfloat16 leaves.

    Raises:
        IndexMismatchError: it is not one vector of finite numbers.
    """
    with np.errstate(over="ignore"):
        kept = np.asarray(vector, dtype=np.float32).astype("<f2")
    if kept.ndim != 1 or not np.isfinite(kept).all():
        raise IndexMismatchError(f"A vector of shape {kept.shape} is not one unit vector of finite numbers.")
    return kept.tobytes()


def unpack_vector(kept: bytes) -> NDArray[np.float32]:
    """float32, shape (dim,)."""
    return np.frombuffer(kept, dtype="<f2").astype(np.float32)


def _change(
    number: int, id_: int, document: int | None, header: str, text: str, vector: bytes | None
) -> Change:
    if document is None or vector is None:
        return Change(seq=number, removed=id_)
    row = IndexRow(id=id_, document=document, text=f"{header}\n{text}", vector=unpack_vector(vector))
    return Change(seq=number, added=row)


def _stored(
    id_: int,
    document_id: str,
    uri: str,
    title: str,
    page: int | None,
    section: str | None,
    text: str,
    start: int,
    end: int,
    date: str | None,
    header: str,
    replacements: Any,
) -> StoredPassage:
    passage = Passage(
        id=id_,
        document_id=document_id,
        uri=uri,
        title=title,
        page=page,
        section=section,
        text=text,
        start=start,
        end=end,
        date=layout.day(date),
    )
    return StoredPassage(
        passage=passage, header=header, replacements=layout.unpack_replacements(replacements)
    )
