"""Synchronisation over the real catalogue, with sources in memory."""

import io
import multiprocessing
import zipfile
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ragslm.errors import ConfigError, NotFoundError, SourceError, StorageFullError, WorkspaceError
from ragslm.ingest import connecting
from ragslm.ingest import sync as module
from ragslm.ingest.files import UNREAD
from ragslm.ingest.lock import only_one
from ragslm.ingest.messages import ParseFailure
from ragslm.ingest.sources import Source
from ragslm.records import MEDIA_TYPE, record
from ragslm.store.catalogue import Catalogue
from ragslm.types import Cursor, Removed, SourceDocument
from tests.unit.ingest.conftest import OWNER, ingest_of, sync_of
from tests.unit.ingest.sources import Listing, Log, doc


@pytest.fixture
def sync(catalogue, make):
    return sync_of(catalogue, make)


@pytest.fixture
def bring(sync, monkeypatch):
    """Synchronise a connector as source `s`; keywords are keys of its entry."""

    def go(connector, *, dry_run=False, **entry):
        monkeypatch.setattr(connecting, "load_connector", lambda kind, domains: lambda: connector)
        source = Source(name="s", kind="memory", **entry)
        return sync.preview(source) if dry_run else sync.run(source, identity=OWNER)

    return go


def counts(report):
    return report.added, report.changed, report.unchanged, report.removed, len(report.quarantined)


def held(catalogue, domain="generic"):
    return {
        info.uri.removeprefix("memory://").removesuffix(".txt"): catalogue.document(info.id).content.decode()
        for info in catalogue.documents(domain)
    }


A, B, C = doc("a", "About valve a."), doc("b", "About valve b."), doc("c", "About valve c.")
BAD = doc("bad", "UNSCRUBBABLE words")


# ---------------------------------------------------------------- full listings


def test_a_listing_adds_changes_and_removes(bring, catalogue):
    assert counts(bring(Listing(A, B))) == (2, 0, 0, 0, 0)
    assert counts(bring(Listing(doc("a", "Changed."), B, C))) == (1, 1, 1, 0, 0)
    assert counts(bring(Listing(B))) == (0, 0, 1, 2, 0)
    assert held(catalogue) == {"b": "About valve b."}


def test_an_empty_listing_removes_what_the_source_held(bring, catalogue):
    bring(Listing(A, B))
    assert bring(Listing()).removed == 2
    assert held(catalogue) == {}


def test_two_sources_leave_each_other_alone(bring, sync, catalogue, monkeypatch):
    bring(Listing(A))
    monkeypatch.setattr(connecting, "load_connector", lambda kind, domains: lambda: Listing(B))
    sync.run(Source(name="other", kind="memory"), identity=OWNER)
    assert bring(Listing(A)).unchanged == 1
    assert set(held(catalogue)) == {"a", "b"}


def test_a_source_that_goes_down_in_the_middle_removes_nothing(bring, catalogue):
    bring(Listing(A, B, C))
    report = bring(Listing(doc("a", "New."), SourceError("The server closed the connection."), B))
    assert report.error == "The server closed the connection."
    assert report.removed == 0
    assert set(held(catalogue)) == {"a", "b", "c"}


def test_a_foreign_error_is_told_without_its_message(bring):
    report = bring(Listing(A, KeyError("Jane Doe, born 1970")))
    assert "KeyError in sources.py, line" in report.error
    assert "Jane" not in report.error


def test_a_uri_given_twice_is_kept_once_and_named(bring, catalogue):
    for _ in range(2):
        report = bring(Listing(A, doc("a", "The second."), B))
        assert [uri for uri, _ in report.notes] == ["memory://a.txt"]
    assert counts(report) == (0, 0, 2, 0, 0)
    assert held(catalogue)["a"] == "About valve a."


def test_what_is_no_document_is_a_fault_of_the_connector(bring):
    assert "yielded a str" in bring(Listing(A, "words")).error


def test_scope_and_readers_of_the_entry_win(bring, catalogue):
    bring(Listing(doc("a", "Words.", readers=frozenset({"nobody"}))), scope="p-1", readers=["ward-3"])
    access = catalogue.access_of(catalogue.documents()[0].id)
    assert (access.scope, access.readers) == ("p-1", frozenset({"ward-3"}))


def test_another_domain_takes_the_documents_along(bring, catalogue):
    bring(Listing(A, B))
    assert counts(bring(Listing(A, B), domain="banking")) == (2, 0, 0, 2, 0)
    assert held(catalogue) == {}
    assert set(held(catalogue, "banking")) == {"a", "b"}


# ---------------------------------------------------------------- changes


def test_a_move_to_another_domain_that_breaks_off_is_finished_later(bring, catalogue, monkeypatch):
    monkeypatch.setattr("ragslm.ingest.feed.DOCUMENTS", 1)
    log = Log(A, B)
    bring(log)
    log.entries.append(SourceError("down"))
    assert bring(log, domain="banking").error == "down"
    log.entries.pop()
    bring(log, domain="banking")
    assert held(catalogue) == {}
    assert set(held(catalogue, "banking")) == {"a", "b"}


def test_changes_are_taken_from_the_last_cursor_on(bring, catalogue):
    log = Log(A, B)
    assert bring(log).cursor_moved
    log.entries += [doc("a", "Changed."), Removed(B.uri), C]
    assert counts(bring(log)) == (1, 1, 0, 1, 0)
    assert log.asked == [None, "v1:2"]
    assert not bring(log).cursor_moved
    assert held(catalogue) == {"a": "Changed.", "c": "About valve c."}


def test_the_last_of_several_versions_stays(bring, catalogue):
    log = Log(A)
    bring(log)
    log.entries += [doc("a", "Second."), A, doc("a", "Third."), Removed(A.uri), doc("a", "Fourth."), A]
    bring(log)
    assert held(catalogue) == {"a": "About valve a."}
    log.entries += [doc("a", "Fifth."), Removed(A.uri)]
    assert bring(log).removed == 1
    assert held(catalogue) == {}


def test_a_version_that_cannot_be_read_takes_the_one_before_it_along(bring, catalogue):
    log = Log(B, every=9)
    bring(log)
    log.entries += [A, doc("a", "UNSCRUBBABLE")]
    assert counts(bring(log)) == (1, 0, 0, 1, 1)
    assert held(catalogue) == {"b": "About valve b."}


def test_a_document_that_was_removed_and_comes_back_is_stored(bring, catalogue):
    log = Log(A)
    bring(log)
    log.entries += [Removed(A.uri), A]
    bring(log)
    assert held(catalogue) == {"a": "About valve a."}


def zipped(**texts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in texts.items():
            archive.writestr(f"{name}.txt", content)
    return SourceDocument(uri="memory://all.zip", content=out.getvalue(), media_type="application/zip")


@pytest.mark.parametrize("kind", [Listing, Log])
def test_members_go_with_their_container(bring, catalogue, kind):
    source = kind(zipped(a="About valve a.", b="About valve b."))
    entries = source.documents if kind is Listing else source.entries
    assert counts(bring(source)) == (3, 0, 0, 0, 0)
    assert bring(source, dry_run=True).removed == 0  # nothing is opened for that
    entries[:] = [*(entries if kind is Log else []), zipped(b="About valve b.")]
    assert counts(bring(source)) == (0, 1, 1, 1, 0)
    entries[:] = [*entries, Removed("memory://all.zip")] if kind is Log else []
    assert bring(source).removed == 2
    assert held(catalogue) == {}


def test_a_cursor_of_another_version_leads_to_a_whole_reading(bring, catalogue):
    log = Log(A, B)
    bring(log)
    log.version = "v2"
    log.entries += [Removed(A.uri), C]
    assert counts(bring(log)) == (1, 0, 1, 1, 0)
    assert log.asked == [None, "v1:2", None]
    assert catalogue.place("s").cursor == "v2:4"


def test_other_readers_lead_to_a_whole_reading(bring, catalogue):
    log = Log(A, B)
    bring(log)
    assert bring(log, readers=["ward-3"]).changed == 2
    assert log.asked == [None, None]
    for info in catalogue.documents():
        assert catalogue.access_of(info.id).readers == {"ward-3"}


def test_readers_that_leave_the_entry_stay_until_it_opens_them(bring, catalogue):
    """A line that is missing says nothing; `*` does."""
    log = Log(A)
    for stated, changed, readers in (
        (["ward-3"], 0, {"ward-3"}),
        (None, 0, {"ward-3"}),
        (["*"], 1, None),
        ([], 1, frozenset()),
    ):
        assert bring(log, readers=stated, dry_run=True).changed == changed
        assert bring(log, readers=stated).changed == changed
        assert catalogue.access_of(catalogue.documents()[0].id).readers == readers


def test_a_whole_reading_that_breaks_off_commits_no_place(bring, catalogue, monkeypatch):
    """What is gone would show only at its end: from a place in between it would stay for ever."""
    monkeypatch.setattr("ragslm.ingest.feed.DOCUMENTS", 1)
    log = Log(A, B)
    bring(log)
    log.version = "v2"
    log.entries += [Removed(A.uri), C, SourceError("down")]
    assert bring(log).error == "down"
    assert catalogue.place("s").cursor == "v1:2"
    log.entries.pop()
    bring(log)
    assert set(held(catalogue)) == {"b", "c"}


def test_a_source_that_goes_down_keeps_the_place_it_reached(bring, catalogue, monkeypatch):
    monkeypatch.setattr("ragslm.ingest.feed.DOCUMENTS", 1)
    log = Log(A)
    bring(log)
    log.entries += [B, C, SourceError("down")]
    assert bring(log).cursor_moved
    log.entries[-1] = doc("d", "About valve d.")
    report = bring(log)
    assert (report.added, report.unchanged, log.asked[-1]) == (1, 0, "v1:3")


@pytest.mark.parametrize("known", [(), (A,)], ids=["first reading", "later"])
def test_the_last_place_before_a_failure_is_kept_however_few_came_since(bring, catalogue, known):
    """A connector that stops at its time limit yields its place and raises: the next run goes on there."""

    class Slow(Log):
        def whole(self):
            yield from super().changes("v1:0")

    log = Slow(*known)
    bring(log)
    log.entries += [B, C, SourceError("It took more than 60 minutes."), doc("d", "About valve d.")]
    reached = len(known) + 2
    assert bring(log).error == "It took more than 60 minutes."
    assert catalogue.place("s").cursor == f"v1:{reached}"
    log.entries.pop(reached)
    report = bring(log)
    assert (report.added, report.unchanged, log.asked[-1]) == (1, 0, f"v1:{reached}")


def test_no_place_is_committed_before_its_documents(bring, catalogue, monkeypatch):
    """Every commit of a cursor is checked against what is stored then."""
    monkeypatch.setattr("ragslm.ingest.feed.DOCUMENTS", 3)
    log = Log(*[doc(f"n{i}", f"About {i}.") for i in range(20)])
    put, seen = catalogue.put_place, []

    def checked(source, place):
        seen.append(int(place.cursor.partition(":")[2]))
        assert {f"n{i}" for i in range(seen[-1])} <= held(catalogue).keys()
        put(source, place)

    monkeypatch.setattr(catalogue, "put_place", checked)
    bring(log)
    assert len(seen) > 4
    assert seen[-1] == 20


def test_a_full_disk_ends_the_run_and_the_next_goes_on(bring, catalogue, monkeypatch):
    monkeypatch.setattr("ragslm.ingest.feed.DOCUMENTS", 1)
    log, put, room = Log(A, B, C), catalogue.put_document, [2]

    def full(document, *, identity, durable):
        if not room[0]:
            raise StorageFullError("No space.")
        room[0] -= 1
        return put(document, identity=identity, durable=durable)

    monkeypatch.setattr(catalogue, "put_document", full)
    with pytest.raises(StorageFullError):
        bring(log)
    assert catalogue.place("s").cursor == "v1:2"
    room[0] = 9
    assert counts(bring(log)) == (1, 0, 0, 0, 0)


def test_a_cursor_that_is_too_long_is_a_fault_of_the_connector(bring, catalogue):
    class Chatty(Log):
        def whole(self):
            yield A
            yield Cursor("x" * 70_000)

    assert "65,536" in bring(Chatty()).error
    assert catalogue.place("s") is None


def test_records_are_scrubbed_by_field_and_survive_a_rebuild(bring, catalogue, run):
    told = record({"Who": "Xu", "Code": "Smith"}, {"Who": "PERSON", "Code": "KEEP"})
    one = SourceDocument(uri="crm://1", content=told, media_type=MEDIA_TYPE)
    bring(Listing(one))
    assert run([], rebuild=True).quarantined == ()
    (info,) = catalogue.documents()
    stored = catalogue.document(info.id)
    assert [stored.parsed.text[r.start : r.end] for r in stored.replacements][:1] == ["Xu"]


# ---------------------------------------------------------------- dead letters


def test_a_letter_is_kept_and_tried_again_until_it_is_enough(bring, catalogue, pool, monkeypatch):
    monkeypatch.setattr(module, "MOST_TRIES", 3)
    pool.failing[A.uri] = ParseFailure("Parsing took longer than 1 s and was stopped.", again=True)
    log = Log(A, B)
    assert counts(bring(log)) == (1, 0, 0, 0, 1)
    for tries in (2, 3, 3):
        bring(log)
        (letter,) = catalogue.dead_letters()
        assert (letter.uri, letter.source, letter.tries, letter.kept) == (A.uri, "sync:s", tries, True)
    del pool.failing[A.uri]
    catalogue.reopen([A.uri])
    assert bring(log).added == 1
    assert catalogue.dead_letters() == []
    assert set(held(catalogue)) == {"a", "b"}


def test_letters_are_reopened_with_their_sources(bring, sync, catalogue, pool):
    """What is kept is tried from there; what only its source can give leads to a whole reading of it."""
    unread = doc("unread", "", metadata={UNREAD: "The attachment cannot be opened."})
    log = Log(BAD, unread, A)
    bring(log)
    sources = [Source(name="s", kind="memory"), Source(name="other", kind="memory")]
    assert sync.reopen(sources, [BAD.uri]) == sources[:1]
    bring(log)
    assert log.asked[-1] == "v1:3"
    assert {one.uri: one.tries for one in catalogue.dead_letters()} == {BAD.uri: 2, unread.uri: 1}
    assert sync.reopen(sources, None) == sources[:1]
    log.entries[1] = doc("unread", "Now it can be opened.")
    assert bring(log).added == 1
    assert log.asked[-1] is None
    assert {one.uri: one.tries for one in catalogue.dead_letters()} == {BAD.uri: 3}
    with pytest.raises(NotFoundError, match="1 of the uris"):
        sync.reopen(sources, ["memory://none"])


def test_a_letter_goes_with_its_document(bring, catalogue, pool):
    pool.failing[A.uri] = ParseFailure("The parser crashed.", again=True)
    log = Log(A, B)
    bring(log)
    log.entries.append(Removed(A.uri))
    bring(log)
    assert catalogue.dead_letters() == []


def test_a_listing_keeps_no_content_of_what_it_can_give_again(bring, catalogue):
    assert len(bring(Listing(BAD, A)).quarantined) == 1
    (letter,) = catalogue.dead_letters()
    assert (letter.kept, letter.tries) == (False, 1)
    assert "UNSCRUBBABLE" not in letter.reason


def test_a_letter_tells_what_its_source_told(bring, catalogue, pool):
    told = doc(
        "a", "Words.", title="T", version="7", scope="p-1", readers=frozenset({"x"}), metadata={"k": [1]}
    )
    pool.failing[A.uri] = ParseFailure("The parser crashed.", again=True)
    bring(Log(told))
    (letter,) = catalogue.letters("sync:s", 5)
    assert letter.document == SourceDocument(
        **{f: getattr(told, f) for f in told.__slots__} | {"source": "sync:s"}
    )


def test_a_dropped_source_leaves_nothing_and_can_come_back(bring, sync, catalogue):
    log = Log(A, B, BAD)
    bring(log)
    assert sync.drop("s", identity=OWNER) == 2
    assert (held(catalogue), catalogue.dead_letters(), catalogue.place("s")) == ({}, [], None)
    with pytest.raises(NotFoundError, match="nothing of a source 's'"):
        sync.drop("s", identity=OWNER)
    assert bring(log).added == 2


# ---------------------------------------------------------------- dry run


@pytest.mark.parametrize("kind", [Listing, Log])
def test_a_dry_run_says_what_a_run_then_does_and_changes_nothing(bring, catalogue, kind):
    before = kind(A, B)
    bring(before)
    if kind is Log:
        before.entries += [doc("a", "Changed."), Removed(B.uri), C]
        later = before
    else:
        later = Listing(doc("a", "Changed."), C)
    state = catalogue.seq(), catalogue.place("s"), held(catalogue)
    with catalogue.audit_trail() as (head, _):
        told = bring(later, dry_run=True)
        with catalogue.audit_trail() as (after, _):
            assert after == head
    assert state == (catalogue.seq(), catalogue.place("s"), held(catalogue))
    done = bring(later)
    assert counts(told) == counts(done) == (1, 1, 0, 1, 0)
    assert told.cursor_moved == done.cursor_moved


def test_a_dry_run_of_a_new_workspace_loads_and_keeps_nothing(bring, catalogue, embedder):
    assert counts(bring(Log(A, B), dry_run=True)) == (2, 0, 0, 0, 0)
    assert catalogue.identity() is None
    assert embedder.texts == []


# ---------------------------------------------------------------- one at a time


def test_two_at_once_are_refused(bring, catalogue):
    with only_one(catalogue.path), pytest.raises(WorkspaceError, match="Another `ragslm sync`"):
        bring(Listing(A))
    assert bring(Listing(A)).added == 1


def _hold(path, held, free):
    with only_one(path):
        held.set()
        free.wait(30)


def test_another_process_holds_the_lock_until_it_dies(bring, catalogue):
    context = multiprocessing.get_context("spawn")
    held_now, free = context.Event(), context.Event()
    other = context.Process(target=_hold, args=(catalogue.path, held_now, free))
    other.start()
    assert held_now.wait(30)
    with pytest.raises(WorkspaceError):
        bring(Listing(A))
    other.kill()
    other.join()
    assert bring(Listing(A)).added == 1


# ---------------------------------------------------------------- any sequence of events

EVENTS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from("abc"), st.sampled_from(["One.", "Two.", "UNSCRUBBABLE"])),
        st.sampled_from("abc").map(lambda name: (name, None)),
        st.sampled_from(["run", "crash", "version", "dry"]),
    ),
    max_size=25,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=EVENTS)
def test_whatever_happens_the_workspace_ends_as_the_source(events, tmp_path_factory, monkeypatch):
    """Additions, changes, deletions, runs, crashes and lost cursors in any order."""
    monkeypatch.setattr("ragslm.ingest.feed.DOCUMENTS", 2)
    log, latest = Log(), {}
    with Catalogue.create(tmp_path_factory.mktemp("w") / "w", bytes(32)) as catalogue:
        sync = sync_of(catalogue, partial(ingest_of, catalogue))
        monkeypatch.setattr(connecting, "load_connector", lambda kind, domains: lambda: log)
        source = Source(name="s", kind="memory")
        for event in [*events, "run"]:
            if event == "version":
                log.version += "i"
            elif event == "dry":
                sync.preview(source)
            elif event == "crash":
                log.entries.append(SourceError("down"))
                sync.run(source, identity=OWNER)
                log.entries.pop()
            elif event == "run":
                assert sync.run(source, identity=OWNER).error is None
            else:
                name, text = event
                if text is None:
                    log.entries.append(Removed(f"memory://{name}.txt"))
                    latest.pop(name, None)
                else:
                    log.entries.append(doc(name, text))
                    latest[name] = text
        good = {name: text for name, text in latest.items() if text != "UNSCRUBBABLE"}
        assert held(catalogue) == good
        assert {letter.uri for letter in catalogue.dead_letters()} == {
            f"memory://{name}.txt" for name in latest.keys() - good.keys()
        }


# ---------------------------------------------------------------- what sends by itself


class Sender(Listing):
    """A listener that cannot be read."""

    def load(self):
        raise SourceError("It sends by itself.")

    def listen(self, store, stop, ready):
        raise AssertionError


def test_what_is_received_is_stored_once_and_nothing_is_removed(sync, bring, catalogue):
    source = Source(name="s", kind="memory", readers=("ward",))
    assert sync.receive(source, [A, BAD], identity=OWNER).keys() == {BAD.uri}
    before = catalogue.documents()
    assert [catalogue.access_of(info.id).readers for info in before] == [frozenset({"ward"})]
    assert sync.receive(source, [A, BAD], identity=OWNER).keys() == {BAD.uri}
    assert catalogue.documents() == before
    assert sync.receive(source, [B], identity=OWNER) == {}
    assert held(catalogue) == {"a": "About valve a.", "b": "About valve b."}
    assert [(letter.kept, letter.source) for letter in catalogue.dead_letters()] == [(True, "sync:s")]


def test_synchronising_what_sends_by_itself_tries_its_dead_letters_alone(sync, bring, catalogue):
    source = Source(name="s", kind="memory")
    sync.receive(source, [A, BAD], identity=OWNER)
    report = bring(Sender())
    assert report.error is None
    assert counts(report) == (0, 0, 0, 0, 1)  # a failed scrub may pass
    assert catalogue.dead_letters()[0].tries == 2
    assert counts(bring(Sender(), dry_run=True)) == (0, 0, 0, 0, 0)
    assert held(catalogue) == {"a": "About valve a."}
    assert sync.drop("s", identity=OWNER) == 1


def test_only_what_sends_by_itself_is_listened_to(sync, bring):
    bring(Listing(A))
    with pytest.raises(ConfigError, match="None of these"):
        sync.listeners([Source(name="s", kind="memory")])
