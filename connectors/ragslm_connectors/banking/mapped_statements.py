"""A connector over another one: statements as CSV get the mapping that lies beside them.

`2024-05.csv` takes `2024-05.mapping.yaml`, else `statements.mapping.yaml` of the same place. A CSV with
neither, and every other document, goes through as it is.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from ragslm.errors import SourceError
from ragslm.ingest.files import UNREAD
from ragslm.protocols import Connector
from ragslm.registry import load_connector
from ragslm.types import SourceDocument
from ragslm_connectors._formats._decode import decode
from ragslm_connectors.banking.statement_csv import mapped

SUFFIX = ".mapping.yaml"
SHARED = f"statements{SUFFIX}"


@dataclass(frozen=True, slots=True)
class MappedStatements:
    """The documents of `inner`, which is read twice: once for the mappings, once for the rest."""

    inner: Connector

    @property
    def name(self) -> str:
        """Name of the connector inside."""
        return self.inner.name

    @property
    def policy(self) -> Mapping[str, str]:
        """That of the connector inside; what a mapping labels is scrubbed by the parser of statements."""
        return self.inner.policy

    def load(self) -> Iterator[SourceDocument]:
        """Yield every document but the mappings, in the order of the connector inside.

        Raises:
            QuarantineError: a mapping is none.
            SourceError: one cannot be read: its statements would go in unlabelled.
        """
        mappings = {one.uri: _text_of(one) for one in self.inner.load() if one.uri.endswith(SUFFIX)}
        for document in self.inner.load():
            if document.uri in mappings:
                continue
            mapping = _mapping_of(document.uri, mappings)
            yield document if mapping is None or not document.content else mapped(document, mapping)


def source(path: Path, max_bytes: int = 100_000_000, marker: str | None = None) -> MappedStatements:
    """Kind `statements` of `sources.yaml`: a folder of statements as CSV, with their mappings beside them.

    Args:
        path: the folder.
        max_bytes: largest file that is read.
        marker: name of a file that must be in the folder.

    Raises:
        SourceError: there is no such folder, or it lacks its marker.
    """
    return MappedStatements(load_connector("folder")(path=path, max_bytes=max_bytes, marker=marker))


def _text_of(mapping: SourceDocument) -> str:
    if reason := mapping.metadata.get(UNREAD):
        raise SourceError(f"A mapping of statements was not read, so nothing was taken in. {reason}")
    return decode(mapping.content)


def _mapping_of(uri: str, mappings: dict[str, str]) -> str | None:
    """The mapping beside a CSV; None if there is none."""
    if not uri.lower().endswith(".csv"):
        return None
    folder = uri.rpartition("/")[0]
    own = f"{folder}/{PurePosixPath(uri).stem}{SUFFIX}"
    return mappings.get(own, mappings.get(f"{folder}/{SHARED}"))
