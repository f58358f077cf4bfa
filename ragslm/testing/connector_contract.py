"""What every connector must hold, as a pytest suite; used like `ParserContract`."""

from collections.abc import Iterator

import pytest

from ragslm.protocols import Connector
from ragslm.types import SourceDocument


class ConnectorContract:
    """Subclass it and override the fixture."""

    @pytest.fixture
    def connector(self) -> Connector:
        """The connector under test, over a source with at least two documents."""
        raise NotImplementedError

    def test_is_a_connector(self, connector: Connector) -> None:
        """It has the protocol's members, and a name."""
        assert isinstance(connector, Connector)
        assert connector.name

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
        assert len(set(uris)) == len(uris)
        assert first == second

    def test_uris_are_absolute(self, connector: Connector) -> None:
        """A scheme, so that two sources never collide."""
        for document in connector.load():
            assert "://" in document.uri or document.uri.startswith("urn:")

    def test_all_documents_of_one_source_agree_on_it(self, connector: Connector) -> None:
        """Removal compares what is stored under a source with what it yields now."""
        assert len({document.source for document in connector.load()}) == 1

    def test_a_document_does_not_print_its_content(self, connector: Connector) -> None:
        """`repr` reaches logs."""
        for document in connector.load():
            if len(document.content) > 20:
                assert repr(document.content) not in repr(document)
