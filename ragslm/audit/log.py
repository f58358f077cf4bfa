"""HashChainedLog: the audit log of answers and changes, over the journal that the catalogue keeps."""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from typing import Any, Protocol

from ragslm.audit.facts import check
from ragslm.errors import AuditError, RagslmError
from ragslm.types import Identity

Head = tuple[int, str, str]
"""How many records, the hash of the last, the seal over both."""
Row = tuple[int, str, str]
"""Number, canonical JSON, hash."""


class Journal(Protocol):
    """Where records are kept and chained, in the transaction of what they prove: the catalogue."""

    def append_audit(self, kind: str, identity_id: str, facts: Mapping[str, Any]) -> str:
        """Append and return the record's id."""
        ...

    def audit_trail(self) -> AbstractContextManager[tuple[Head, Iterator[Row]]]:
        """Head and rows as one committed state."""
        ...

    def audit_seal(self, purpose: str, data: bytes) -> str:
        """HMAC-SHA-256 under the audit key, hex."""
        ...


class HashChainedLog:
    """Implements `ragslm.protocols.AuditLog`. A record holds ids, counts, hashes and verdicts, never text."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def record(self, kind: str, identity: Identity, facts: Mapping[str, Any]) -> str:
        """Append and return the record's id, `number-hash`.

        Args:
            kind: what happened, such as `question`, `answer`, `restore`.
            identity: who did it; kept as HMAC of its id.
            facts: ids, numbers, hashes, short enumerations; lists and mappings of them.

        Raises:
            AuditError: a fact looks like text, or the record could not be written: show nothing then.
        """
        check({"kind": kind, "facts": facts})
        try:
            return self._journal.append_audit(kind, identity.id, facts)
        except AuditError:
            raise
        except RagslmError as error:
            raise AuditError(f"The audit record could not be written. {error}") from error

    def commit(self, text: str) -> str:
        """HMAC-SHA-256 of a text under the audit key, hex: proves it later, tells nothing."""
        return self._journal.audit_seal("text", text.encode("utf-8", "surrogatepass"))
