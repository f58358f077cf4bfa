"""Places that hold documents."""

from collections.abc import Callable, Iterator, Mapping
from threading import Event
from types import MappingProxyType
from typing import Protocol, runtime_checkable

from ragslm.types import Cursor, Removed, SourceDocument

DOCUMENTS_ONLY: Mapping[str, str] = MappingProxyType({})
"""`Connector.policy` of a connector that yields files as they are: the policy of each file's parser holds."""


@runtime_checkable
class Connector(Protocol):
    """A place that holds documents. Loading is lazy and never writes to the source."""

    @property
    def name(self) -> str:
        """Short name of the kind of source."""
        ...

    @property
    def policy(self) -> Mapping[str, str]:
        """What each field that the source labels means for privacy, by label: an entity type such as
        `PERSON`, `MRN` or `ACCOUNT`; `KEEP` for knowledge that recognisers must leave alone (codes, units);
        `TEXT` for free text that they search. `ragslm.records.record` refuses a field without one.

        `DOCUMENTS_ONLY` where the source labels nothing. A connector without a policy is not loaded.
        """
        ...

    def load(self) -> Iterator[SourceDocument]:
        """Yield every document once, in a stable order. A document that cannot be read at all is
        yielded with empty content, so that it is quarantined instead of forgotten.

        Whatever the source yielded before and does not yield now is removed, so a listing that cannot be
        finished must raise, never end early.

        Raises:
            SourceError: the source cannot be read now. Nothing is removed.
        """
        ...


@runtime_checkable
class IncrementalConnector(Connector, Protocol):
    """A connector that can say what has changed since a place it named before."""

    def changes(self, cursor: str | None) -> Iterator[SourceDocument | Removed | Cursor]:
        """Yield what was added, changed or removed after `cursor`, in the order in which it holds, and end.

        None yields everything the source holds now. A `Cursor` says that everything yielded before it may
        be committed; it is stored only when all of that is. Resumed from any cursor it yields what followed
        that cursor; repeats are harmless, gaps are not. The last item is a cursor, unless there is none.

        Raises:
            CursorError: `cursor` is not one that this version reads, or it is too old for the source.
                Everything is read again from None, and what is gone is removed.
            SourceError: the source cannot be read now. The next run goes on from the last cursor.
        """
        ...


@runtime_checkable
class Listener(Connector, Protocol):
    """A source that sends by itself and wants an answer, such as an HL7 interface.

    Its `load` raises `SourceError`: there is nothing to ask it for. `ragslm listen` runs it.
    """

    def listen(
        self, store: Callable[[SourceDocument], str | None], stop: Event, ready: Callable[[str], None]
    ) -> None:
        """Take in what is sent, until `stop` is set.

        Args:
            store: returns when the document is stored durably; with the reason if it could not be read and
                is kept as a dead letter. Raises `RagslmError` if it is not stored. Safe in any thread. Only
                when it has returned may the sender be told that the document is safe.
            stop: ends it, after what was begun.
            ready: called once with the address, when it can be sent to.

        Raises:
            ConfigError: it cannot listen as it is set up.
        """
        ...


ConnectorFactory = Callable[..., Connector]
"""Makes a connector from keyword settings. Their annotations are checked against `sources.yaml`; one that is
annotated `SecretStr` is given there as a file or an environment variable, never in clear."""


@runtime_checkable
class BringsConnectors(Protocol):
    """A domain that also brings kinds of sources."""

    def connectors(self) -> Mapping[str, str]:
        """Where the factories are, as `package.module:factory`, by kind as `sources.yaml` names it."""
        ...
