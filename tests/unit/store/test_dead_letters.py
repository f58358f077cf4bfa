"""Dead letters and places: what is kept, counted, and gone with what it belonged to."""

import datetime as dt

from ragslm.store.cursors import Place
from ragslm.store.quarantine import Letter
from ragslm.types import Identity, SourceDocument

OWNER = Identity.local_owner()


def letter(uri="m://1", content=b"\x00words"):
    told = SourceDocument(
        uri=uri,
        content=content,
        media_type="x/y",
        title="T",
        source="sync:s",
        version="7",
        effective_date=dt.date(2024, 1, 2),
        scope="p-1",
        readers=frozenset({"a", "b"}),
        metadata={"k": [1, None]},
    )
    return Letter(told, "medical")


def test_a_letter_comes_back_whole(catalogue):
    catalogue.put_quarantine("m://1", "", "sync:s", "The parser crashed.", letter())
    assert list(catalogue.letters("sync:s", 5)) == [letter()]
    assert list(catalogue.letters("sync:other", 5)) == []


def test_tries_are_counted_until_the_letter_is_reopened(catalogue):
    for tries in (1, 2, 3):
        catalogue.put_quarantine("m://1", "", "sync:s", f"Reason {tries}.", letter())
        (listed,) = catalogue.dead_letters()
        assert (listed.tries, listed.reason, listed.kept) == (tries, f"Reason {tries}.", True)
    assert list(catalogue.letters("sync:s", 3)) == []
    catalogue.reopen(["m://1", "m://unknown"])
    assert list(catalogue.letters("sync:s", 3)) == [letter()]


def test_what_its_content_failed_is_not_tried_by_itself(catalogue):
    catalogue.put_quarantine("m://1", "mark", "sync:s", "It is broken.", letter())
    assert list(catalogue.letters("sync:s", 5)) == []
    catalogue.reopen(["m://1"])
    assert list(catalogue.letters("sync:s", 5)) == [letter()]


def test_a_letter_ends_with_its_quarantine_or_when_it_is_not_given_again(catalogue, new_document):
    catalogue.put_quarantine("m://1", "", "sync:s", "R.", letter())
    catalogue.put_quarantine("m://1", "", "sync:s", "R.")
    assert [one.kept for one in catalogue.dead_letters()] == [False]
    catalogue.put_quarantine("m://1", "", "sync:s", "R.", letter())
    catalogue.clear_quarantine("m://1")
    assert catalogue.dead_letters() == []
    with catalogue._db.read() as connection:
        assert connection.execute("SELECT count(*) FROM letters").fetchone() == (0,)


def test_a_stored_document_ends_its_letter(catalogue, new_document):
    new = new_document("a")
    catalogue.put_quarantine(new.source.uri, "", "sync:s", "R.", letter(new.source.uri))
    catalogue.put_document(new, identity=OWNER)
    assert catalogue.dead_letters() == []


def test_places_are_kept_by_source(catalogue):
    assert catalogue.place("a") is None
    catalogue.put_place("a", Place("digest", "v1:1"))
    catalogue.put_place("a", Place("digest", "v1:2"))
    catalogue.put_place("b", Place("digest", "v1:9"))
    assert catalogue.place("a") == Place("digest", "v1:2")
    catalogue.forget_place("a")
    catalogue.forget_place("a")
    assert (catalogue.place("a"), catalogue.place("b")) == (None, Place("digest", "v1:9"))
