"""API keys by their hash, each with the identity it stands for."""

import json
from typing import Any

from ragslm.errors import ConfigError, NotFoundError
from ragslm.store.database import Connection
from ragslm.store.layout import now
from ragslm.store.records import KeyInfo
from ragslm.types import Identity


def add(connection: Connection, digest: str, identity: Identity, name: str) -> None:
    """Keep a key's hash.

    Raises:
        ConfigError: the name is taken.
    """
    if connection.execute("SELECT 1 FROM api_keys WHERE name = ?", (name,)).fetchone():
        raise ConfigError(f"There is an API key named {name!r} already. Remove it first, or name another.")
    connection.execute("INSERT INTO api_keys VALUES (?,?,?,?)", (digest, name, _pack(identity), now()))


def remove(connection: Connection, name: str) -> str:
    """Forget a key; returns its hash.

    Raises:
        NotFoundError: there is none of that name.
    """
    found = connection.execute("DELETE FROM api_keys WHERE name = ? RETURNING hash", (name,)).fetchone()
    if found is None:
        raise NotFoundError(f"There is no API key named {name!r}.")
    return str(found[0])


def infos(connection: Connection) -> list[KeyInfo]:
    """Every key, by name."""
    found = connection.execute("SELECT name, identity, created_at FROM api_keys ORDER BY name")
    return [KeyInfo(name=name, identity=_unpack(kept), created_at=at) for name, kept, at in found]


def identity_for(connection: Connection, digest: str) -> Identity | None:
    """Whom a key's hash stands for, or None."""
    found = connection.execute("SELECT identity FROM api_keys WHERE hash = ?", (digest,)).fetchone()
    return None if found is None else _unpack(found[0])


def _pack(identity: Identity) -> str:
    return json.dumps(
        {
            "id": identity.id,
            "groups": sorted(identity.groups),
            "scopes": None if identity.scopes is None else sorted(identity.scopes),
            "cleared": identity.cleared,
            "owner": identity.owner,
        }
    )


def _unpack(kept: str) -> Identity:
    values: dict[str, Any] = json.loads(kept)
    scopes = values["scopes"]
    return Identity(
        id=values["id"],
        groups=frozenset(values["groups"]),
        scopes=None if scopes is None else frozenset(scopes),
        cleared=values["cleared"],
        owner=values["owner"],
    )
