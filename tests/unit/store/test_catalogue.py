import dataclasses
import datetime as dt
from functools import partial

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ragslm._spans import Replacement
from ragslm.audit.chain import export, verify
from ragslm.audit.log import HashChainedLog
from ragslm.errors import IndexMismatchError, NotFoundError, QuarantineError
from ragslm.privacy.vault import Vault
from ragslm.store.records import IndexIdentity
from ragslm.types import Identity

OWNER = Identity.local_owner()


def test_a_document_comes_back_as_it_went_in(catalogue, new_document):
    new = new_document(
        "a", content=b"\0bytes", readers=frozenset({"ward"}), scope="p1", date=dt.date(2024, 5, 6)
    )
    assert catalogue.put_document(new, identity=OWNER) is False
    stored = catalogue.document(new.id)
    assert stored.content == b"\0bytes"
    assert stored.parsed == new.parsed
    assert stored.replacements == new.replacements
    assert (stored.scope, stored.readers, stored.source) == ("p1", {"ward"}, "/docs")
    assert (stored.domain, stored.parser, stored.version) == ("medical", "text", "v1")
    assert stored.metadata == {"ward": 3}
    assert (stored.info.pages, stored.info.passages, stored.info.date) == (2, 3, dt.date(2024, 5, 6))
    assert catalogue.documents() == catalogue.documents("medical") == [stored.info]
    assert catalogue.documents("banking") == []
    assert [catalogue.count_documents(name, OWNER) for name in ("medical", "banking")] == [1, 0]
    assert catalogue.find("medical", new.source.uri) == new.id
    assert catalogue.find("banking", new.source.uri) is None


def test_a_record_says_who_may_read_a_document_without_naming_them(catalogue, new_document):
    for access in (
        {"scope": "patient-1", "readers": frozenset({"ward", "ann"})},
        {"readers": frozenset()},
        {},
    ):
        catalogue.put_document(new_document("a", **access), identity=OWNER)
    found = [record["facts"] for record in export(catalogue) if record["kind"] == "document_put"]
    commit = HashChainedLog(catalogue).commit
    assert [facts["scope"] for facts in found] == [commit("patient-1"), None, None]
    assert [facts["readers"] for facts in found] == [sorted([commit("ward"), commit("ann")]), [], None]
    assert "patient-1" not in str(found)
    assert verify(catalogue).ok


def test_readers_that_are_not_stated_stay(catalogue, new_document):
    catalogue.put_document(new_document("a", content=b"1", readers=frozenset({"ward"})), identity=OWNER)
    unsaid = dataclasses.replace(new_document("a", content=b"2"), keeps_readers=True)
    catalogue.put_document(unsaid, identity=OWNER)
    assert catalogue.access_of(unsaid.id).readers == {"ward"}


def test_passages_get_title_uri_and_date_from_their_document(catalogue, new_document):
    new = new_document("a", date=dt.date(2024, 5, 6))
    catalogue.put_document(new, identity=OWNER)
    wanted = new.passages[1]
    found = catalogue.passages([wanted.passage.id, 12345])
    assert list(found) == [wanted.passage.id]
    passage = found[wanted.passage.id].passage
    assert (passage.text, passage.start, passage.end) == (wanted.passage.text, 25, 50)
    assert (passage.uri, passage.title, passage.date) == (new.source.uri, "a", dt.date(2024, 5, 6))
    assert found[wanted.passage.id].replacements == (Replacement(29, 34, "PERSON_7K3QXA"),)
    assert found[wanted.passage.id].header == "a › A › B"


def test_index_rows_hold_header_text_and_vector(catalogue, new_document):
    new = new_document("a", count=2)
    catalogue.put_document(new, identity=OWNER)
    changes = list(catalogue.changes(0))
    assert [change.seq for change in changes] == [1, 2]
    row = changes[0].added
    assert row.text == "a › A › B\nPERSON_7K3QXA takes aspirin 0."
    assert row.vector.dtype == np.float32
    np.testing.assert_allclose(row.vector, new.passages[0].vector, atol=1e-3)


def test_half_precision_changes_the_cosine_less_than_a_thousandth():
    from ragslm.store.passages import pack_vector, unpack_vector

    vectors = np.random.default_rng(7).normal(size=(200, 384)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    kept = np.stack([unpack_vector(pack_vector(vector)) for vector in vectors])
    assert np.abs(kept @ kept.T - vectors @ vectors.T).max() < 1e-3


@pytest.mark.parametrize("vector", [[np.nan] * 8, [1e9] * 8, [[0.5] * 4, [0.5] * 4]])
def test_a_vector_that_is_none_is_refused_and_nothing_stored(catalogue, new_document, vector):
    import dataclasses

    new = new_document("a", count=1)
    bad = dataclasses.replace(new.passages[0], vector=np.array(vector, dtype=np.float32))
    with pytest.raises(IndexMismatchError):
        catalogue.put_document(dataclasses.replace(new, passages=[bad]), identity=OWNER)
    assert catalogue.documents() == []


def test_text_that_is_no_unicode_is_quarantined_without_its_text(catalogue, new_document):
    with pytest.raises(QuarantineError) as caught:
        catalogue.put_document(new_document("a", title="secret\ud800"), identity=OWNER)
    assert "secret" not in str(caught.value)
    assert catalogue.documents() == []
    assert catalogue.seq() == 0


def test_replacing_leaves_tombstones_and_a_new_row(catalogue, new_document):
    old, new = new_document("a", content=b"1"), new_document("a", content=b"2", count=2)
    catalogue.put_document(old, identity=OWNER)
    row = next(catalogue.changes(0)).added.document
    assert catalogue.put_document(new, identity=OWNER) is True
    changes = list(catalogue.changes(3))
    assert {change.removed for change in changes[:3]} == {each.passage.id for each in old.passages}
    assert [change.added.id for change in changes[3:]] == [each.passage.id for each in new.passages]
    assert changes[3].added.document > row  # a row id never comes back
    assert catalogue.seq() == 8 == changes[-1].seq
    assert catalogue.hashes("medical") == {new.source.uri: new.sha256}


def test_the_same_passages_again_are_told_once(catalogue, new_document):
    new = new_document("a")
    catalogue.put_document(new, identity=OWNER)
    catalogue.put_document(new, identity=OWNER)
    assert [bool(change.added) for change in catalogue.changes(0)] == [False] * 3 + [True] * 3


def test_removing_leaves_no_row_of_it(catalogue, new_document):
    new = new_document("a", readers=frozenset({"x"}))
    catalogue.put_document(new, identity=OWNER)
    catalogue.remove_document(new.id, identity=OWNER)
    with pytest.raises(NotFoundError):
        catalogue.document(new.id)
    with pytest.raises(NotFoundError):
        catalogue.remove_document(new.id, identity=OWNER)
    assert catalogue.access_of(new.id) is None
    assert catalogue.passages([each.passage.id for each in new.passages]) == {}
    with catalogue._db.read() as connection:
        for table in ("documents", "originals", "readers", "passages"):
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
        assert connection.execute("PRAGMA secure_delete").fetchone() == (1,)
    assert catalogue.checkpoint() is True
    assert (catalogue.path / "catalogue.db-wal").stat().st_size == 0


STEPS = st.lists(
    st.tuples(st.sampled_from("abcd"), st.sampled_from([None, b"1", b"2", b"3"]), st.integers(0, 4)),
    max_size=12,
)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=STEPS, stops=st.lists(st.integers(0, 11), max_size=3))
def test_replaying_changes_gives_what_is_stored(tmp_path_factory, new_document, key, steps, stops):
    from ragslm.store.catalogue import Catalogue

    index: dict[int, str] = {}
    seen = 0
    with Catalogue.create(tmp_path_factory.mktemp("replay") / "w", key) as catalogue:
        for number, (name, content, count) in enumerate(steps):
            new = new_document(name, content=content or b"", count=count)
            if content is not None:
                catalogue.put_document(new, identity=OWNER)
            elif catalogue.find("medical", new.source.uri):
                catalogue.remove_document(new.id, identity=OWNER)
            if number in stops:
                seen = _replay(index, catalogue.changes(seen), seen)
        seen = _replay(index, catalogue.changes(seen), seen)
        assert seen == catalogue.seq() or not list(catalogue.changes(seen))
        with catalogue._db.read() as connection:
            stored = dict(connection.execute("SELECT id, header || char(10) || text FROM passages"))
        assert index == stored


def _replay(index: dict[int, str], changes, seen: int) -> int:
    for change in changes:
        assert change.seq > seen
        seen = change.seq
        if change.added is not None:
            index[change.added.id] = change.added.text
        else:
            index.pop(change.removed, None)
    return seen


def test_changes_come_in_batches_without_loss(catalogue, new_document, monkeypatch):
    from ragslm.store import passages

    monkeypatch.setattr(passages, "BATCH", 4)
    for name in "abc":
        catalogue.put_document(new_document(name, count=7), identity=OWNER)
    catalogue.put_document(new_document("b", content=b"other", count=5), identity=OWNER)
    changes = list(catalogue.changes(0))
    assert [change.seq for change in changes] == [*range(1, 8), *range(15, 22), *range(22, 34)]
    assert sum(change.added is not None for change in changes) == 19


def test_hashes_by_source_root(catalogue, new_document):
    one, two = new_document("a"), new_document("b", source="/other")
    single = new_document("c", source=None)
    for new in (one, two, single):
        catalogue.put_document(new, identity=OWNER)
    assert catalogue.hashes("medical", "/docs") == {one.source.uri: one.sha256}
    assert set(catalogue.hashes("medical")) == {one.source.uri, two.source.uri, single.source.uri}
    assert catalogue.hashes("banking") == {}


def test_the_same_uri_in_two_domains_is_two_documents(catalogue, new_document):
    for domain in ("medical", "banking"):
        assert not catalogue.put_document(new_document("a", domain=domain), identity=OWNER)
    assert len(catalogue.documents()) == 2


def test_index_identity(catalogue):
    assert catalogue.identity() is None
    identity = IndexIdentity(embedder="mini sha", dim=384, chunker="1", scrubber="2")
    catalogue.set_identity(identity)
    assert catalogue.identity() == identity


def test_quarantine(catalogue, new_document):
    new = new_document("a")
    catalogue.put_quarantine(new.source.uri, "h1", "/docs", "encrypted")
    catalogue.put_quarantine(new.source.uri, "h2", "/docs", "empty")
    catalogue.put_quarantine("file:///x", "h3", None, "empty")
    assert catalogue.quarantined() == [(new.source.uri, "empty"), ("file:///x", "empty")]
    assert catalogue.quarantine_hashes("/docs") == {new.source.uri: "h2"}
    assert catalogue.quarantine_hashes(None) == {"file:///x": "h3"}
    catalogue.put_document(new, identity=OWNER)  # what can be read is out of quarantine
    catalogue.clear_quarantine("file:///x")
    catalogue.clear_quarantine("file:///x")
    assert catalogue.quarantined() == []


def test_vault(catalogue):
    assert catalogue.put_token("PERSON_AAAAAA", "PERSON", b"d1", "Ann") is True
    assert catalogue.put_token("PERSON_AAAAAA", "PERSON", b"d1", "ann") is True  # the same again
    assert catalogue.put_token("PERSON_AAAAAA", "PERSON", b"d2", "Bob") is False  # token taken
    assert catalogue.put_token("PERSON_BBBBBB", "PERSON", b"d1", "Ann") is False  # digest has one
    many = [b"d1", b"d2", *(b"x%d" % n for n in range(1_200))]
    assert catalogue.tokens_for(many) == {b"d1": "PERSON_AAAAAA"}
    assert catalogue.originals(["PERSON_AAAAAA", "PERSON_BBBBBB"]) == {"PERSON_AAAAAA": "Ann"}


def test_what_is_typed_is_known_when_a_document_has_it(catalogue, new_document):
    catalogue.put_token("PERSON_7K3QXA", "PERSON", b"d", "Smith", lasting=False)
    assert catalogue.tokens_for([b"d"]) == {b"d": "PERSON_7K3QXA"}
    assert catalogue.tokens_for([b"d"], lasting=True) == {}
    catalogue.put_document(new_document("a"), identity=OWNER)
    assert catalogue.tokens_for([b"d"], lasting=True) == {b"d": "PERSON_7K3QXA"}


def test_an_original_goes_with_the_last_document_that_holds_it(catalogue, new_document):
    a, b = new_document("a"), new_document("b")
    catalogue.put_token("PERSON_7K3QXA", "PERSON", b"d", "Smith")
    for new in (a, b, new_document("a", content=b"changed")):
        catalogue.put_document(new, identity=OWNER)
    assert catalogue.originals(["PERSON_7K3QXA"]) == {"PERSON_7K3QXA": "Smith"}
    catalogue.remove_document(catalogue.find(a.domain, a.source.uri), identity=OWNER)
    assert catalogue.originals(["PERSON_7K3QXA"]) == {"PERSON_7K3QXA": "Smith"}
    catalogue.remove_document(b.id, identity=OWNER)
    assert catalogue.originals(["PERSON_7K3QXA"]) == {}
    assert catalogue.tokens_for([b"d"]) == {}


def test_who_comes_again_has_the_same_pseudonym(catalogue, new_document):
    a = new_document("a")
    for come_again in (
        lambda: catalogue.put_token("PERSON_AAAAAA", "PERSON", b"d", "Smith"),
        lambda: catalogue.put_document(a, identity=OWNER),  # scrubbed before the other copy went
    ):
        catalogue.put_token("PERSON_7K3QXA", "PERSON", b"d", "Smith")
        catalogue.put_document(a, identity=OWNER)
        catalogue.remove_document(a.id, identity=OWNER)
        assert not come_again()
        assert catalogue.tokens_for([b"d"]) == {b"d": "PERSON_7K3QXA"}
        assert catalogue.originals(["PERSON_7K3QXA"])["PERSON_7K3QXA"] in {"Smith", a.parsed.text[4:9]}


def test_what_is_typed_after_its_document_went_can_be_restored(catalogue, new_document):
    vault, new = Vault(catalogue, b"k" * 32), new_document("a")
    token = vault.pseudonym("PERSON", "Ann Roe")
    catalogue.put_document(dataclasses.replace(new, replacements=(Replacement(4, 9, token),)), identity=OWNER)
    catalogue.remove_document(new.id, identity=OWNER)
    assert vault.originals([token]) == {}
    assert vault.pseudonym("PERSON", "ann roe", lasting=False) == token
    assert vault.originals([token]) == {token: "ann roe"}


def test_conversations_are_their_owners(catalogue):
    catalogue.add_turn("c", "ann", "q1", "a1")
    catalogue.add_turn("c", "ann", "q2", "a2")
    catalogue.add_turn("c", "bob", "q3", "a3")
    assert catalogue.turns("c", "ann") == [("q1", "a1"), ("q2", "a2")]
    assert catalogue.turns("d", "ann") == []


def test_records_print_no_text(catalogue, new_document):
    new = new_document("a", title="Anna")
    catalogue.put_document(new, identity=OWNER)
    stored = catalogue.passages([new.passages[0].passage.id])
    printed = repr([new, stored, catalogue.document(new.id), list(catalogue.changes(0))])
    for word in ("Smith", "aspirin", "Anna", "7K3QXA"):
        assert word not in printed


def test_the_rest_of_a_table_is_on_its_page_and_has_rows_or_their_scale(catalogue, new_document):
    new = new_document("a", count=6)
    texts = ("Sales | 1", "Costs | 2", "No row.", "Taxes | 3", "Far | 4", "(In millions)")
    pages, starts = (1, 1, 1, 2, 1, 1), (0, 25, 50, 75, 9000, 5)
    placed = [
        dataclasses.replace(
            one, passage=dataclasses.replace(one.passage, text=text, page=page, start=start, end=start + 9)
        )
        for one, text, page, start in zip(new.passages, texts, pages, starts, strict=True)
    ]
    catalogue.put_document(dataclasses.replace(new, passages=placed), identity=OWNER)
    first, costs, words, *_, scale = [one.passage.id for one in placed]
    beside = partial(catalogue.rest_of_tables, reach=6000)
    assert [one.passage.id for one in beside([first], most=9)] == [scale, costs]
    assert [one.passage.id for one in beside([first, costs], most=9)] == [scale]
    assert beside([words], most=9) == beside([first], most=0) == []
