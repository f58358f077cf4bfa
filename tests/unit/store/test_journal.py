"""Every change leaves its record, in the same transaction."""

import pytest

from ragslm.access.api_keys import new_api_key
from ragslm.audit.chain import export, verify
from ragslm.errors import ConfigError, NotFoundError, StorageFullError
from ragslm.types import Identity

ANN = Identity(id="ann", owner=True)


def test_changes_are_recorded(catalogue, new_document):
    old, new = new_document("Smith", content=b"1"), new_document("Smith", content=b"2", count=1)
    catalogue.put_document(old, identity=ANN)
    catalogue.put_document(new, identity=ANN)
    catalogue.remove_document(new.id, identity=ANN)
    records = list(export(catalogue))
    assert [(record["kind"], record["facts"]) for record in records] == [
        (
            "document_put",
            {
                "document": old.id,
                "domain": "medical",
                "sha256": old.sha256,
                "passages": 3,
                "replaced": None,
                "scope": None,
                "readers": None,
            },
        ),
        (
            "document_put",
            {
                "document": old.id,
                "domain": "medical",
                "sha256": new.sha256,
                "passages": 1,
                "replaced": old.sha256,
                "scope": None,
                "readers": None,
            },
        ),
        ("document_removed", {"document": new.id, "sha256": new.sha256, "passages": 1}),
    ]
    assert "Smith" not in str(records)
    assert verify(catalogue).ok


def test_a_change_that_cannot_be_recorded_is_not_made(catalogue, new_document):
    from ragslm.errors import AuditError

    with catalogue._db.write() as connection:
        connection.execute("DELETE FROM meta WHERE key = 'audit_head'")
    with pytest.raises(AuditError):
        catalogue.put_document(new_document("a"), identity=ANN)
    assert catalogue.documents() == []


def test_a_change_that_is_not_made_is_not_recorded(catalogue, new_document):
    import os

    with catalogue._db.write() as connection:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(StorageFullError):
        catalogue.put_document(new_document("a", content=os.urandom(100_000)), identity=ANN)
    assert verify(catalogue).entries == 0


def test_api_keys_are_kept_as_hashes_and_recorded(catalogue):
    plain, digest = new_api_key()
    identity = Identity(id="bob", groups=frozenset({"ward"}), scopes=frozenset({"p1"}), cleared=True)
    catalogue.add_key(digest, identity, "desk")
    assert catalogue.identity_for(digest) == identity
    assert catalogue.identity_for(plain) is None
    kept = catalogue.keys()
    assert [(info.name, info.identity) for info in kept] == [("desk", identity)]
    assert digest not in repr(kept)
    with pytest.raises(ConfigError, match="already"):
        catalogue.add_key(new_api_key()[1], identity, "desk")
    catalogue.remove_key("desk")
    assert catalogue.identity_for(digest) is None
    with pytest.raises(NotFoundError):
        catalogue.remove_key("desk")
    assert [record["kind"] for record in export(catalogue)] == ["key_added", "key_removed"]
