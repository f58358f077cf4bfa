"""What every connector must hold, as pytest suites; used like `ParserContract`.

`ConnectorContract` is for every connector, `IncrementalContract` for one that also yields changes.
"""

import datetime as dt
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import pytest

from ragslm.errors import CursorError
from ragslm.protocols import DOCUMENTS_ONLY, Connector, IncrementalConnector
from ragslm.records import MAGIC, MEANING, MEDIA_TYPE, TEXT
from ragslm.types import Cursor, Removed, SourceDocument

Change = SourceDocument | Removed | Cursor


class ConnectorContract:
    """Subclass it and override the fixtures.

    Attributes:
        telling: fields of `SourceDocument` that the source knows, of `version`, `effective_date`, `scope` and
            `readers`: at least one document must carry each.
    """

    telling: frozenset[str] = frozenset()

    @pytest.fixture
    def connector(self) -> Connector:
        """The connector under test, over a source with at least two documents."""
        raise NotImplementedError

    @pytest.fixture
    def snapshot(self) -> Callable[[], object]:
        """What the source holds, so that two calls can be compared: the bytes of its files, the rows of its
        tables; from the source itself, not through the connector.
        """
        raise NotImplementedError

    def test_is_a_connector(self, connector: Connector) -> None:
        """It has the protocol's members, and a name."""
        assert isinstance(connector, Connector)
        assert connector.name

    def test_says_what_its_fields_mean_for_privacy(self, connector: Connector) -> None:
        """A meaning for every label; and what labels nothing yields no records."""
        assert isinstance(connector.policy, Mapping)
        for label, meaning in connector.policy.items():
            assert label.strip(), "a field without a label"
            assert MEANING.fullmatch(meaning), f"{label!r} means {meaning!r}, which is no entity type"
        documents = list(connector.load())
        if connector.policy == DOCUMENTS_ONLY:
            assert all(document.media_type != MEDIA_TYPE for document in documents)

    def test_every_field_has_the_meaning_of_the_policy(self, connector: Connector) -> None:
        """What leaves as a record says of each field what the policy says; a column forgotten shows here."""
        for document in connector.load():
            if document.media_type == MEDIA_TYPE:
                assert document.content.startswith(MAGIC), "made otherwise than by ragslm.records.record"
                for label, _, meaning in json.loads(document.content)["ragslm_record"]:
                    assert connector.policy[label] == meaning

    def test_not_everything_is_free_text(self, connector: Connector) -> None:
        """A policy that leaves all to the recognisers is none."""
        if connector.policy:
            assert set(connector.policy.values()) != {TEXT}

    def test_loads_lazily(self, connector: Connector) -> None:
        """An iterator, so that a large source need not fit into memory."""
        documents = connector.load()
        assert isinstance(documents, Iterator)
        assert isinstance(next(documents), SourceDocument)

    def test_gives_every_document_once_in_a_stable_order(self, connector: Connector) -> None:
        """Two runs over an unchanged source agree, which is what makes the second one cheap."""
        first, second = list(connector.load()), list(connector.load())
        uris = [document.uri for document in first]
        assert len(first) > 1
        assert [uri for uri, count in Counter(uris).items() if count > 1] == []
        assert first == second

    def test_uris_are_absolute(self, connector: Connector) -> None:
        """A scheme, so that two sources never collide."""
        for document in connector.load():
            assert "://" in document.uri or document.uri.startswith("urn:")

    def test_all_documents_of_one_source_agree_on_it(self, connector: Connector) -> None:
        """Removal compares what is stored under a source with what it yields now."""
        assert len({document.source for document in connector.load()}) == 1

    def test_tells_what_the_source_knows(self, connector: Connector) -> None:
        """Version, date, scope and readers in their types, and each that is promised at least once."""
        documents = list(connector.load())
        for document in documents:
            assert document.version is None or (isinstance(document.version, str) and document.version)
            assert document.effective_date is None or type(document.effective_date) is dt.date
            assert document.scope is None or (isinstance(document.scope, str) and document.scope.strip())
            assert document.readers is None or isinstance(document.readers, frozenset)
            assert json.dumps(dict(document.metadata))
        for name in self.telling:
            assert any(getattr(document, name) is not None for document in documents), name

    def test_a_document_does_not_print_its_content(self, connector: Connector) -> None:
        """`repr` reaches logs."""
        for document in connector.load():
            if len(document.content) > 20:
                assert repr(document.content) not in repr(document)

    def test_never_writes_to_the_source(self, connector: Connector, snapshot: Callable[[], object]) -> None:
        """The source is the same after it was read, also when reading stopped half-way."""
        before = snapshot()
        next(connector.load())
        list(connector.load())
        assert snapshot() == before


class IncrementalContract(ConnectorContract):
    """For connectors with `changes`. Override `change` too."""

    @pytest.fixture
    def connector(self) -> IncrementalConnector:
        """The connector under test, over a source with at least two documents."""
        raise NotImplementedError

    @pytest.fixture
    def change(self) -> Callable[[], Mapping[str, str]]:
        """Adds one document, changes one and removes one: their uris by `added`, `changed`, `removed`."""
        raise NotImplementedError

    def test_is_incremental(self, connector: IncrementalConnector) -> None:
        """It has the protocol's members."""
        assert isinstance(connector, IncrementalConnector)

    def test_the_first_reading_is_the_whole_listing(self, connector: IncrementalConnector) -> None:
        """`changes(None)` and `load` hold the same, and it ends in a cursor."""
        changes = list(connector.changes(None))
        assert _held(changes) == {document.uri: document.content for document in connector.load()}
        assert isinstance(changes[-1], Cursor)

    def test_resumes_from_every_cursor_without_a_gap(self, connector: IncrementalConnector) -> None:
        """From each cursor at least what followed it comes again; repeats are harmless."""
        changes = list(connector.changes(None))
        for position, change in enumerate(changes):
            if isinstance(change, Cursor):
                missing = _held(changes[position:])
                again = _held(connector.changes(change.value))
                assert missing.items() <= again.items(), f"a gap after item {position + 1}"

    def test_nothing_new_yields_no_document(self, connector: IncrementalConnector) -> None:
        """From the last cursor of an unchanged source at most a few repeats come, and none is another."""
        held = _held(connector.changes(None))
        again = _held(connector.changes(_last(connector.changes(None))))
        assert again.items() <= held.items()
        assert len(again) < len(held)

    def test_yields_what_changed(
        self, connector: IncrementalConnector, change: Callable[[], Mapping[str, str]]
    ) -> None:
        """An addition, a change and a deletion after a cursor are all told from there."""
        before = list(connector.changes(None))
        uris = change()
        after = list(connector.changes(_last(before)))
        held = _held(after)
        assert uris["added"] in held
        assert held[uris["changed"]] != _held(before)[uris["changed"]]
        assert Removed(uris["removed"]) in after
        assert uris["removed"] not in held
        assert isinstance(after[-1], Cursor)

    def test_an_unknown_cursor_is_refused_as_such(self, connector: IncrementalConnector) -> None:
        """A cursor of another version is no crash: it leads to a reading from the beginning."""
        with pytest.raises(CursorError):
            list(connector.changes("\x00 a cursor of another version"))

    def test_changes_come_lazily(self, connector: IncrementalConnector) -> None:
        """An iterator, so that a large source need not fit into memory."""
        assert isinstance(connector.changes(None), Iterator)

    def test_reading_changes_never_writes_to_the_source(
        self, connector: IncrementalConnector, snapshot: Callable[[], object]
    ) -> None:
        """The source is the same afterwards."""
        before = snapshot()
        list(connector.changes(_last(connector.changes(None))))
        assert snapshot() == before


def _held(changes: Iterable[Change]) -> dict[str, bytes]:
    """Content by uri of what is there after these changes."""
    held: dict[str, bytes] = {}
    for change in changes:
        if isinstance(change, SourceDocument):
            held[change.uri] = change.content
        elif isinstance(change, Removed):
            held.pop(change.uri, None)
    return held


def _last(changes: Iterable[Any]) -> str:
    return [change.value for change in changes if isinstance(change, Cursor)][-1]
