"""What the catalogue already has, so that nothing unchanged is read twice."""

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import replace

import ragslm
from ragslm.ingest.items import Item
from ragslm.ingest.members import outermost, prefix_of
from ragslm.settings import IngestSettings
from ragslm.store.catalogue import Catalogue
from ragslm.types import EVERYONE, SourceDocument


class Known:
    """Documents and quarantined ones as they were when the run began.

    Args:
        conditions: what decides whether a document can be read, besides its content.
        only: the uris that the run is about; None is all of the domain.
    """

    def __init__(
        self, catalogue: Catalogue, domain: str, conditions: str, only: Collection[str] | None = None
    ) -> None:
        self._catalogue = catalogue
        self._domain = domain
        self._conditions = conditions
        self._sums = catalogue.hashes(domain) if only is None else catalogue.hashes_of(domain, only)
        self._quarantined: dict[str | None, dict[str, str]] = {}
        self._reasons: dict[str, str] | None = None
        self._stored_inside: dict[str, list[str]] | None = None
        self._quarantined_inside: dict[str | None, dict[str, list[str]]] = {}

    def has(self, item: Item) -> bool:
        """Whether exactly this document is stored, for the readers and the scope that are stated, if any."""
        if self._sums.get(item.document.uri) != item.sha256:
            return False
        access = self._catalogue.access_of(item.id)
        if access is None or (item.readers is not None and access.readers != _opened(item.readers)):
            return False
        if item.scope == EVERYONE:
            return access.scope is None or self._told_by_format(item.id)
        return item.scope in (None, access.scope)

    def with_access(self, item: Item) -> Item:
        """The item with its readers and scope. What neither run nor source states stays as it is stored, or
        was before the document went to quarantine.
        """
        readers, scope = item.readers, item.scope
        if readers is None or scope is None:
            kept_scope, kept_readers = self._kept(item)
            scope = kept_scope if scope is None else scope
            readers = kept_readers if readers is None else readers
        return replace(
            item,
            scope=None if scope == EVERYONE else scope,
            readers=_opened(readers),
            keeps_readers=item.readers is None,
        )

    def reason(self, item: Item) -> str | None:
        """Why exactly this document could not be read before, under the same conditions."""
        uri = item.document.uri
        if self._marks(item.document.source).get(uri) != self.mark(item):
            return None
        return self._all_reasons().get(uri)

    def mark(self, item: Item) -> str:
        """Digest of content and conditions: a higher limit or a new parser gives a document another try."""
        return hashlib.sha256(f"{item.sha256} {item.domain} {self._conditions}".encode()).hexdigest()

    def inside(self, document: SourceDocument) -> list[str]:
        """Uris of the stored members of a container, those of its members included."""
        if self._stored_inside is None:
            self._stored_inside = _by_root(self._sums)
        return _below(self._stored_inside, document.uri)

    def quarantined_inside(self, document: SourceDocument) -> list[tuple[str, str, bool]]:
        """Uri and reason of the quarantined members of a container, and whether each is to be tried again."""
        source = document.source
        marks = self._marks(source)
        if source not in self._quarantined_inside:
            self._quarantined_inside[source] = _by_root(marks)
        uris = _below(self._quarantined_inside[source], document.uri)
        return [(uri, self._all_reasons().get(uri, ""), not marks[uri]) for uri in uris]

    def holds(self, uri: str) -> bool:
        """Whether some version of it was stored when the run began, or since."""
        return uri in self._sums

    def under(self, source: str) -> list[str]:
        """Uris stored under a source root now."""
        return list(self._catalogue.hashes(self._domain, source))

    def forget(self, uri: str) -> None:
        """It is stored and quarantined no more."""
        self._sums.pop(uri, None)
        for found in self._quarantined.values():
            found.pop(uri, None)

    def below(self, root: str) -> list[str]:
        """Uris of stored documents inside a folder, whichever run brought them in."""
        return [uri for uri in self._sums if uri.startswith(root.rstrip("/") + "/")]

    def _marks(self, source: str | None) -> dict[str, str]:
        """Marks of what one source has in quarantine, by uri."""
        if source not in self._quarantined:
            self._quarantined[source] = self._catalogue.quarantine_hashes(source)
        return self._quarantined[source]

    def _all_reasons(self) -> dict[str, str]:
        if self._reasons is None:
            self._reasons = dict(self._catalogue.quarantined())
        return self._reasons

    def _kept(self, item: Item) -> tuple[str | None, frozenset[str] | None]:
        """Scope and readers that were stated of it before. A scope that the format told is none of them: the
        new version may be about somebody else, and tells it anew.
        """
        access = self._catalogue.access_of(item.id)
        if access is None:
            return self._catalogue.quarantined_access(item.document.uri) or (None, None)
        told = access.scope is not None and self._told_by_format(item.id)
        return None if told else access.scope, access.readers

    def _told_by_format(self, document_id: str) -> bool:
        """Whether a stored scope is the one that the document itself names."""
        stored = self._catalogue.document(document_id)
        return stored.scope == stored.parsed.scope


def _opened(readers: frozenset[str] | None) -> frozenset[str] | None:
    """Who may read it, as the catalogue says it: None is everyone."""
    return None if readers is None or EVERYONE in readers else readers


def _by_root(uris: Iterable[str]) -> dict[str, list[str]]:
    """Uris of members by the file they lie in."""
    found: dict[str, list[str]] = {}
    for uri in uris:
        if (root := outermost(uri)) != uri:
            found.setdefault(root, []).append(uri)
    return found


def _below(by_root: dict[str, list[str]], uri: str) -> list[str]:
    return [member for member in by_root.get(outermost(uri), ()) if member.startswith(prefix_of(uri))]


def conditions(settings: IngestSettings, domains: tuple[str, ...]) -> str:
    """Limits, parsers and version, as one line."""
    limits = settings.max_bytes, settings.max_characters, settings.parse_seconds, settings.parse_memory
    return f"{ragslm.__version__} {limits} {','.join(domains)}"
