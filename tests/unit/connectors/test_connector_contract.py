"""The connector suites catch what they are for: each connector below breaks one promise."""

import datetime as dt

import pytest

from ragslm.errors import CursorError
from ragslm.protocols import DOCUMENTS_ONLY
from ragslm.records import MEDIA_TYPE, record
from ragslm.testing.connector_contract import ConnectorContract, IncrementalContract
from ragslm.types import Cursor, Removed, SourceDocument

POLICY = {"Name": "PERSON", "Note": "TEXT"}


def document(number, **told):
    return SourceDocument(
        uri=f"memory://{number}", content=b"words of the document" * 3, source="memory://", **told
    )


def recorded(policy):
    content = record({"Name": "Ann"}, policy)
    return [SourceDocument(uri=f"m://{n}", content=content, media_type=MEDIA_TYPE) for n in range(2)]


class InMemory:
    name = "memory"
    policy = DOCUMENTS_ONLY
    documents = (document(0), document(1), document(2))

    def load(self):
        yield from self.documents


class TestInMemory(ConnectorContract):
    @pytest.fixture
    def connector(self):
        return InMemory()

    @pytest.fixture
    def snapshot(self):
        return lambda: InMemory.documents


def made(**changed):
    return type("Broken", (InMemory,), changed)()


class NoPolicy:
    name = "bare"

    def load(self):
        yield from InMemory.documents


calls = iter(range(9))
BROKEN = [
    ("is_a_connector", NoPolicy()),
    ("is_a_connector", made(name="")),
    ("says_what_its_fields_mean_for_privacy", made(policy={"Name": "a person"})),
    ("says_what_its_fields_mean_for_privacy", made(documents=recorded(POLICY))),
    ("every_field_has_the_meaning_of_the_policy", made(policy=POLICY, documents=recorded({"Name": "KEEP"}))),
    ("not_everything_is_free_text", made(policy={"Name": "TEXT"})),
    ("loads_lazily", made(load=lambda self: list(self.documents))),
    ("gives_every_document_once_in_a_stable_order", made(documents=[document(1), document(1)])),
    (
        "gives_every_document_once_in_a_stable_order",
        made(load=lambda self: iter([document(next(calls))] * 2)),
    ),
    ("uris_are_absolute", made(documents=[SourceDocument(uri="a.txt", content=b"")])),
    ("all_documents_of_one_source_agree_on_it", made(documents=[document(1), *recorded(POLICY)])),
    ("tells_what_the_source_knows", made(documents=[document(1, scope=" ")])),
    ("tells_what_the_source_knows", made(documents=[document(1, readers=["a"])])),
    ("tells_what_the_source_knows", made(documents=[document(1, effective_date=dt.datetime(2024, 1, 1))])),
]


@pytest.mark.parametrize(("promise", "connector"), BROKEN)
def test_a_broken_promise_is_caught(promise, connector):
    with pytest.raises((AssertionError, TypeError)):
        getattr(ConnectorContract(), f"test_{promise}")(connector)


def test_a_promise_to_tell_is_kept():
    class Telling(ConnectorContract):
        telling = frozenset({"readers"})

    with pytest.raises(AssertionError, match="readers"):
        Telling().test_tells_what_the_source_knows(InMemory())


def test_a_write_to_the_source_is_caught():
    read = []
    connector = made(load=lambda self: iter(read.append(1) or self.documents))
    with pytest.raises(AssertionError):
        ConnectorContract().test_never_writes_to_the_source(connector, lambda: len(read))


# ---------------------------------------------------------------- changes


class Changing(InMemory):
    """Positions as cursors; `entries` are documents and removals."""

    def __init__(self):
        self.entries = list(InMemory.documents)

    def changes(self, cursor):
        if cursor is not None and not cursor.isdigit():
            raise CursorError("unknown")
        for number in range(self.begin(cursor), len(self.entries)):
            yield self.entries[number]
            yield Cursor(str(number + 1))

    def begin(self, cursor):
        return int(cursor or 0)

    def change(self):
        self.entries += [document(7), SourceDocument(uri="memory://1", content=b"new"), Removed("memory://2")]
        return {"added": "memory://7", "changed": "memory://1", "removed": "memory://2"}


class TestChanging(IncrementalContract):
    @pytest.fixture
    def connector(self):
        return Changing()

    @pytest.fixture
    def change(self, connector):
        return connector.change

    @pytest.fixture
    def snapshot(self, connector):
        return lambda: list(connector.entries)


def changing(**changed):
    return type("Broken", (Changing,), changed)()


def without_removals(self, cursor):
    return (one for one in Changing.changes(self, cursor) if not isinstance(one, Removed))


def without_last_cursor(self, cursor):
    return iter(list(Changing.changes(self, cursor))[:-1])


BROKEN_CHANGES = [
    ("is_incremental", InMemory()),
    ("the_first_reading_is_the_whole_listing", changing(changes=without_last_cursor)),
    ("the_first_reading_is_the_whole_listing", changing(load=lambda self: iter([document(0)]))),
    ("resumes_from_every_cursor_without_a_gap", changing(begin=lambda self, c: int(c) + 1 if c else 0)),
    ("nothing_new_yields_no_document", changing(begin=lambda self, c: 0)),
    ("changes_come_lazily", changing(changes=lambda self, c: list(Changing.changes(self, c)))),
]


@pytest.mark.parametrize(("promise", "connector"), BROKEN_CHANGES)
def test_a_broken_promise_about_changes_is_caught(promise, connector):
    with pytest.raises(AssertionError):
        getattr(IncrementalContract(), f"test_{promise}")(connector)


def test_a_deletion_that_is_not_told_is_caught():
    connector = changing(changes=without_removals)
    with pytest.raises(AssertionError):
        IncrementalContract().test_yields_what_changed(connector, connector.change)


@pytest.mark.parametrize("error", [ValueError, KeyError])
def test_a_crash_over_an_unknown_cursor_is_caught(error):
    def crash(self, cursor):
        raise error

    with pytest.raises(error):
        IncrementalContract().test_an_unknown_cursor_is_refused_as_such(changing(begin=crash, changes=crash))
