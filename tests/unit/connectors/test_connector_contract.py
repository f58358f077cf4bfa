"""The connector suite itself, on a small real connector."""

from collections.abc import Iterator

import pytest

from ragslm.protocols import Connector
from ragslm.testing.connector_contract import ConnectorContract
from ragslm.types import SourceDocument


class InMemory:
    name = "memory"

    def load(self) -> Iterator[SourceDocument]:
        for number in range(3):
            yield SourceDocument(
                uri=f"memory://{number}", content=b"words of the document" * 3, source="memory://"
            )


class TestInMemory(ConnectorContract):
    @pytest.fixture
    def connector(self) -> Connector:
        return InMemory()
