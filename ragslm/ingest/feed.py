"""The changes of an incremental connector, cut into stretches that are stored before a cursor is."""

import logging
from collections.abc import Callable, Iterator
from itertools import chain

from ragslm.errors import CursorError, SourceError
from ragslm.protocols import IncrementalConnector
from ragslm.types import Cursor, Removed, SourceDocument

_log = logging.getLogger(__name__)

DOCUMENTS = 128
"""Documents after which the next cursor ends a stretch: enough for whole batches of scrubber and encoder."""
BYTES = 32_000_000
"""Bytes after which it does."""
LONGEST_CURSOR = 65_536

Change = SourceDocument | Removed | Cursor


def resume(connector: IncrementalConnector, cursor: str | None) -> tuple[Iterator[Change], bool]:
    """What follows the cursor, and whether that is everything the source holds.

    A cursor that the connector does not read any more costs a whole reading, never a document.
    """
    if cursor is not None:
        changes = iter(connector.changes(cursor))
        try:
            return chain([next(changes)], changes), False
        except StopIteration:
            return iter(()), False
        except CursorError:
            _log.warning("A cursor of %d characters is not read any more; starting anew.", len(cursor))
    return iter(connector.changes(None)), True


class Feed:
    """One reading of a source.

    Args:
        changes: as the connector yields them.
        remove: called with the uri of a document that the source holds no more.

    Attributes:
        ended: everything was yielded, or the source failed.
        failure: what it failed with. It ends a stretch, so that the place reached before it can be kept.
        cursor: the last cursor met; to be committed when every document yielded so far is stored.
    """

    def __init__(self, changes: Iterator[Change], remove: Callable[[str], None]) -> None:
        self._changes = self._until_failure(changes)
        self._remove = remove
        self._held: str | None = None
        self._waiting: list[SourceDocument] = []
        self.ended = False
        self.failure: Exception | None = None
        self.cursor: str | None = None

    def stretch(self) -> Iterator[SourceDocument]:
        """Documents up to a cursor, or to another version or the removal of one that is still on its way:
        a run stores several together, and what came last must be stored last.
        """
        uris: set[str] = set()
        size = 0
        waiting, self._waiting = self._waiting, []
        for change in chain(waiting, self._changes):
            if isinstance(change, Cursor):
                self.cursor = _checked(change.value)
                if len(uris) >= DOCUMENTS or size >= BYTES:
                    return
            elif isinstance(change, Removed):
                if change.uri in uris:
                    self._held = change.uri
                    return
                self._remove(change.uri)
            else:
                document = is_document(change)
                if document.uri in uris:
                    self._waiting = [document]
                    return
                uris.add(document.uri)
                size += len(document.content)
                yield document
        self.ended = True

    def _until_failure(self, changes: Iterator[Change]) -> Iterator[Change]:
        """What the connector yields until it ends or fails."""
        try:
            yield from changes
        except Exception as failure:  # a connector may raise anything
            self.failure = failure

    def settle(self) -> None:
        """Remove what waited for the stretch to be stored."""
        if self._held is not None:
            self._remove(self._held)
            self._held = None


def is_document(value: object) -> SourceDocument:
    """What a connector yields, if it is a document.

    Raises:
        SourceError: it is something else.
    """
    if not isinstance(value, SourceDocument):
        raise SourceError(f"The connector yielded a {type(value).__name__}, not a SourceDocument. Mend it.")
    return value


def _checked(cursor: str) -> str:
    if not isinstance(cursor, str) or len(cursor) > LONGEST_CURSOR:
        raise SourceError(f"The connector's cursor is no text of at most {LONGEST_CURSOR:,} characters.")
    return cursor
