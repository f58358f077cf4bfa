"""What proves an answer afterwards."""

from collections.abc import Mapping
from typing import Any, Protocol, runtime_checkable

from ragslm.types import Identity


@runtime_checkable
class AuditLog(Protocol):
    """Append-only, hash-chained. A record holds ids, counts, hashes and verdicts, never text."""

    def record(self, kind: str, identity: Identity, facts: Mapping[str, Any]) -> str:
        """Append and return the record's id. Called before the answer is shown.

        Raises:
            AuditError: it could not be written; the caller must not show the answer.
        """
        ...

    def commit(self, text: str) -> str:
        """HMAC-SHA-256 of a text under the workspace's audit key, hex: proves it later, tells nothing."""
        ...
