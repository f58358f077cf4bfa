"""Who asks, and how users and groups are listed."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from ragslm.errors import ConfigError

EVERYONE = "*"
"""Among readers: every user of the workspace. As a scope: no patient's or account's in particular. Only this
word opens what is stored restricted; where nothing is stated it stays so.
"""


def listed(argument: str, names: Iterable[str] | None) -> frozenset[str] | None:
    """The names that an argument lists; None stays None.

    Raises:
        ConfigError: one name is given in place of a list, and would be taken apart into its letters.
    """
    if isinstance(names, str):
        raise ConfigError(f"{argument} wants a list of names, not a single text. Write it as [name].")
    return None if names is None else frozenset(names)


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who is asking, and what that identity may see.

    Attributes:
        id: stable user id; it reaches the audit log only as an HMAC.
        groups: groups the user belongs to; a document's `readers` names users or groups.
        scopes: patients or accounts this user may see; None means every scope.
        cleared: may see restored personal data and unboxed page pictures.
        owner: full access, whatever a document's readers say.

    Raises:
        ConfigError: `groups` or `scopes` is a single text.
    """

    id: str
    groups: frozenset[str] = frozenset()
    scopes: frozenset[str] | None = None
    cleared: bool = False
    owner: bool = False

    def __post_init__(self) -> None:
        listed("groups", self.groups)
        listed("scopes", self.scopes)

    @classmethod
    def local_owner(cls) -> Self:
        """The person at the machine: full access."""
        return cls(id="local-owner", cleared=True, owner=True)
