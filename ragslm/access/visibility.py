"""Who may read what, for one document. `Catalogue.visible` is the same rule as a query."""

from collections.abc import Set as AbstractSet

from ragslm.errors import AccessError
from ragslm.types import Identity


def may_read(
    identity: Identity,
    *,
    scope: str | None,
    readers: AbstractSet[str] | None,
    wanted_scope: str | None = None,
) -> bool:
    """Whether an identity may read a document.

    Args:
        identity: who asks. An owner passes every list of readers; scopes bind an owner too, where given.
        scope: the document's patient or account; None is general knowledge, in everybody's scope.
        readers: user ids and groups that may read it; None is everyone, an empty set nobody but an owner.
        wanted_scope: the scope asked for: other patients' and accounts' documents are out.
    """
    in_scope = scope is None or (
        (identity.scopes is None or scope in identity.scopes) and wanted_scope in (None, scope)
    )
    listed = readers is None or identity.owner or not readers.isdisjoint({identity.id, *identity.groups})
    return in_scope and listed


def owner(identity: Identity) -> Identity:
    """The identity, if it may change the workspace's documents and read this machine's files and sources.

    Raises:
        AccessError: it may not.
    """
    if not identity.owner:
        raise AccessError(
            "Only an owner of the workspace may change its documents or read this machine's files."
        )
    return identity
