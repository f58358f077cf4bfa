"""What a synchronisation would do, told without parsing, scrubbing or writing anything."""

from dataclasses import replace

from ragslm.ingest.feed import Change, is_document, resume
from ragslm.ingest.files import Files
from ragslm.ingest.items import Item, digest
from ragslm.ingest.known import Known
from ragslm.ingest.members import outermost
from ragslm.ingest.sources import Source
from ragslm.ingest.tally import Tally
from ragslm.protocols import Connector, IncrementalConnector
from ragslm.types import Cursor, Removed, SourceDocument


class Preview:
    """Counts of one source. What would turn out to be unreadable counts as added or changed."""

    def __init__(self, source: Source, domain: str, known: Known, tally: Tally) -> None:
        self._source = source
        self._domain = domain
        self._known = known
        self._tally = tally
        self._seen: dict[str, str] = {}

    def count(self, connector: Connector, cursor: str | None) -> bool:
        """Read the source and count; whether a cursor would move."""
        last, whole = cursor, True
        if isinstance(connector, IncrementalConnector):
            changes, whole = resume(connector, cursor)
            for change in changes:
                last = self._change(change, last)
        else:
            for document in connector.load():
                if is_document(document).uri not in self._seen:
                    self._document(document)
        if whole:
            self._gone(connector)
        return last != cursor

    def _change(self, change: Change, last: str | None) -> str | None:
        if isinstance(change, Cursor):
            return change.value
        if isinstance(change, Removed):
            self._tally.counts["removed"] += self._known.holds(change.uri) or change.uri in self._seen
            self._known.forget(change.uri)
            self._seen.pop(change.uri, None)
        else:
            self._document(is_document(change))
        return last

    def _document(self, document: SourceDocument) -> None:
        item = self._item(document)
        earlier = self._seen.get(document.uri)
        self._seen[document.uri] = item.sha256
        if earlier == item.sha256 or (earlier is None and self._known.has(item)):
            self._tally.done("unchanged")
        elif earlier is None and (reason := self._known.reason(item)):
            self._tally.quarantined.append((document.uri, reason))
            self._tally.done("quarantined")
        else:
            self._tally.done("changed" if earlier or self._known.holds(document.uri) else "added")

    def _item(self, document: SourceDocument) -> Item:
        source = self._source
        return Item(
            document=replace(document, source=source.root),
            sha256=digest(document.content),
            domain=self._domain,
            scope=source.scope if source.scope is not None else document.scope,
            readers=document.readers if source.readers is None else frozenset(source.readers),
        )

    def _gone(self, connector: Connector) -> None:
        held = set(self._known.under(self._source.root))
        unread: list[str] = []
        if isinstance(connector, Files) and connector.root is not None:
            held |= set(self._known.below(connector.root))
            unread = connector.unread
        gone = [
            uri for uri in held - self._seen.keys() if self._known.holds(uri) and not self._is_inside(uri)
        ]
        self._tally.counts["removed"] += sum(
            not any(uri.startswith(f"{folder}/") for folder in unread) for uri in gone
        )

    def _is_inside(self, uri: str) -> bool:
        """Whether it is a member of a container the source still holds; those are not opened here."""
        return outermost(uri) != uri and outermost(uri) in self._seen
