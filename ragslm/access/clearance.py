"""Which kinds of personal data a user may see restored."""

from collections.abc import Iterable, Mapping, Sequence

from ragslm.types import Identity

EVERY = "*"
"""In a rule or a record: every entity type."""
NOTHING: frozenset[str] = frozenset()


def restorable(identity: Identity, rules: Mapping[str, Sequence[str]]) -> frozenset[str] | None:
    """Entity types that an identity may see restored; None is every type, an empty set nothing.

    Args:
        identity: who asks. Nobody who is not cleared sees anything; an owner sees all.
        rules: entity types by group, as in `privacy.restore`. Without any, who is cleared sees all; with
            some, only what a group of the user's is named for.
    """
    if not identity.cleared:
        return NOTHING
    granted = {entity for group in identity.groups for entity in rules.get(group, ())}
    return None if identity.owner or not rules or EVERY in granted else frozenset(granted)


def common(granted: Iterable[frozenset[str] | None]) -> frozenset[str] | None:
    """What several of `restorable` allow together: the types that every one of them does."""
    limited = [types for types in granted if types is not None]
    return frozenset.intersection(*limited) if limited else None


def named(types: frozenset[str] | None) -> list[str]:
    """Entity types as the audit log names them: every type as `EVERY`."""
    return [EVERY] if types is None else sorted(types)
