"""Who asks."""

from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who is asking, and what that identity may see.

    Attributes:
        id: stable user id; it reaches the audit log only as an HMAC.
        groups: groups the user belongs to; a document's `readers` names users or groups.
        scopes: patients or accounts this user may see; None means every scope.
        cleared: may see restored personal data and unboxed page pictures.
        owner: full access, whatever a document's readers say.
    """

    id: str
    groups: frozenset[str] = frozenset()
    scopes: frozenset[str] | None = None
    cleared: bool = False
    owner: bool = False

    @classmethod
    def local_owner(cls) -> Self:
        """The person at the machine: full access."""
        return cls(id="local-owner", cleared=True, owner=True)
