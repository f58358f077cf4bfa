"""The append-only audit table, hash-chained inside the transaction of the change it proves.

A record is canonical JSON with the hash of the record before it; its hash is HMAC-SHA-256 under the audit
key, so a chain cannot be rebuilt by who has the file's tables but not the key. The head (how many, the last
hash) is sealed the same way, so that cutting the tail shows. What this cannot show is the whole file
put back to an earlier state: for that, keep the head that `audit verify` prints somewhere else.
"""

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from ragslm.errors import AuditError
from ragslm.store.database import Connection
from ragslm.store.layout import now

START = "0" * 64
"""`prev_hash` of the first record."""
HEAD = "audit_head"


class Seals:
    """The two keys of the journal: one seals records and texts, one hides who acted."""

    def __init__(self, audit: bytes, identity: bytes) -> None:
        self._audit = audit
        self._identity = identity

    def seal(self, purpose: str, data: bytes) -> str:
        """HMAC-SHA-256 of `data`, hex. A seal for one purpose is none for another."""
        return hmac.digest(self._audit, purpose.encode() + b"\0" + data, hashlib.sha256).hex()

    def actor(self, identity_id: str) -> str:
        """HMAC-SHA-256 of an identity's id, hex: tells two users apart, names neither."""
        stated = identity_id.encode("utf-8", "surrogatepass")
        return hmac.digest(self._identity, stated, hashlib.sha256).hex()


class Head(NamedTuple):
    """How many records there are, the hash of the last, and the seal over both."""

    entries: int
    hash: str
    seal: str


class Row(NamedTuple):
    """One record as kept: canonical JSON and its hash."""

    seq: int
    record: str
    hash: str


def append(
    connection: Connection, seals: Seals, kind: str, identity_id: str, facts: Mapping[str, Any]
) -> str:
    """Add a record inside the caller's transaction; returns its id, `seq-hash`, the hash cut to 16 digits.

    Raises:
        AuditError: the facts are not JSON values, or the head was tampered with: nothing is added to a
            chain that does not hold.
    """
    last = head(connection)
    if last.seal != seal_of(seals, last.entries, last.hash):
        raise AuditError("The head of the audit log does not verify. Run `ragslm audit verify`.")
    seq = last.entries + 1
    record = _canonical(
        {
            "seq": seq,
            "time": now(),
            "kind": kind,
            "actor": seals.actor(identity_id),
            "facts": dict(facts),
            "prev_hash": last.hash,
        }
    )
    digest = seals.seal("record", record.encode())
    connection.execute("INSERT INTO audit VALUES (?, ?, ?)", (seq, record, digest))
    _put_head(connection, Head(seq, digest, seal_of(seals, seq, digest)))
    return f"{seq}-{digest[:16]}"


def begin(connection: Connection, seals: Seals) -> None:
    """Write the head of the empty chain, in the transaction that makes the tables.

    Only there: a head that is missing later was taken away, and nothing may be appended any more.
    """
    _put_head(connection, Head(0, START, seal_of(seals, 0, START)))


def head(connection: Connection) -> Head:
    """The head as kept; not checked here. One that is missing or no head has an empty seal, which never
    verifies.
    """
    kept = connection.execute("SELECT value FROM meta WHERE key = ?", (HEAD,)).fetchone()
    try:
        entries, digest, seal = json.loads(kept[0]) if kept else (0, START, "")
    except (TypeError, ValueError):
        return Head(0, START, "")
    return Head(entries, digest, seal) if isinstance(entries, int) else Head(0, START, "")


def rows(connection: Connection) -> Iterator[Row]:
    """Every record, in order."""
    for row in connection.execute("SELECT seq, record, hash FROM audit ORDER BY seq"):
        yield Row(*row)


def seal_of(seals: Seals, entries: int, digest: str) -> str:
    """The seal that belongs to a head."""
    return seals.seal("head", f"{entries} {digest}".encode())


def _put_head(connection: Connection, value: Head) -> None:
    connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (HEAD, json.dumps(value)))


def _canonical(record: dict[str, Any]) -> str:
    try:
        return json.dumps(record, sort_keys=True, separators=(",", ":"), allow_nan=False)
    except (TypeError, ValueError) as error:
        raise AuditError(f"An audit record holds what JSON cannot say: {type(error).__name__}.") from None
