"""Checking and exporting the chain."""

import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ragslm.audit.log import Head, Journal, Row

START = "0" * 64
"""`prev_hash` of the first record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyReport:
    """Whether the chain holds.

    Attributes:
        entries: records read.
        ok: every record is what was written, in its place, and none is missing at the end.
        first_bad_seq: where it breaks: the number that should have been there; None if it holds. A cut tail
            breaks after the last record.
        head: hash of the last record, to keep outside the workspace.
    """

    entries: int
    ok: bool
    first_bad_seq: int | None
    head: str


def verify(journal: Journal) -> VerifyReport:
    """Check the whole chain: edited, deleted, inserted and swapped records, and a cut tail.

    The whole file put back to an earlier state verifies; a head kept elsewhere shows that.
    """
    with journal.audit_trail() as (head, rows):
        last, entries, bad = START, 0, None
        for entries, row in enumerate(rows, 1):
            if bad is None and not _holds(journal, row, entries, last):
                bad = entries
            last = row[2]
    if bad is None and not _closed(journal, head, entries, last):
        bad = min(entries, head[0]) + 1
    return VerifyReport(entries=entries, ok=bad is None, first_bad_seq=bad, head=last)


def export(journal: Journal) -> Iterator[dict[str, Any]]:
    """Every record in order, with its hash, as plain JSON values."""
    with journal.audit_trail() as (_, rows):
        for _, record, digest in rows:
            yield {**json.loads(record), "hash": digest}


def _holds(journal: Journal, row: Row, expected: int, last: str) -> bool:
    """Whether a row is the record that was written at this place after that one."""
    seq, record, digest = row
    if not isinstance(record, str) or not _sealed(journal, "record", record, digest):
        return False
    stated = json.loads(record)  # sealed, so it is JSON as it was written
    return bool(seq == expected == stated["seq"] and stated["prev_hash"] == last)


def _closed(journal: Journal, head: Head, entries: int, last: str) -> bool:
    """Whether the head is genuine and speaks of just these records."""
    count, digest, seal = head
    genuine = _sealed(journal, "head", f"{count} {digest}", seal)
    return genuine and count == entries and digest == last


def _sealed(journal: Journal, purpose: str, stated: str, seal: object) -> bool:
    """Whether a seal is the one over this text; anything that is no seal is not."""
    expected = journal.audit_seal(purpose, stated.encode("utf-8", "replace")).encode()
    return isinstance(seal, str) and hmac.compare_digest(expected, seal.encode("utf-8", "replace"))
