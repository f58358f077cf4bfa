"""What the catalogue already has, so that nothing unchanged is read twice."""

import hashlib

import ragslm
from ragslm.ingest.items import Item
from ragslm.settings import IngestSettings
from ragslm.store.catalogue import Catalogue


class Known:
    """Documents and quarantined ones as they were when the run began.

    Args:
        conditions: what decides whether a document can be read, besides its content.
    """

    def __init__(self, catalogue: Catalogue, domain: str, conditions: str) -> None:
        self._catalogue = catalogue
        self._domain = domain
        self._conditions = conditions
        self._sums = catalogue.hashes(domain)
        self._quarantined: dict[str | None, dict[str, str]] = {}
        self._reasons: dict[str, str] | None = None

    def has(self, item: Item) -> bool:
        """Whether exactly this document is stored, for the same readers and the same scope."""
        if self._sums.get(item.document.uri) != item.sha256:
            return False
        access = self._catalogue.access_of(item.id)
        return (
            access is not None
            and access.readers == item.readers
            and (access.scope == item.scope or (item.scope is None and self._told_by_format(item.id)))
        )

    def reason(self, item: Item) -> str | None:
        """Why exactly this document could not be read before, under the same conditions."""
        source, uri = item.document.source, item.document.uri
        if source not in self._quarantined:
            self._quarantined[source] = self._catalogue.quarantine_hashes(source)
        if self._quarantined[source].get(uri) != self.mark(item):
            return None
        if self._reasons is None:
            self._reasons = dict(self._catalogue.quarantined())
        return self._reasons.get(uri)

    def mark(self, item: Item) -> str:
        """Digest of content and conditions: a higher limit or a new parser gives a document another try."""
        return hashlib.sha256(f"{item.sha256} {item.domain} {self._conditions}".encode()).hexdigest()

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

    def _told_by_format(self, document_id: str) -> bool:
        """Whether a stored scope is the one that the document itself names."""
        stored = self._catalogue.document(document_id)
        return stored.scope == stored.parsed.scope


def conditions(settings: IngestSettings, domains: tuple[str, ...]) -> str:
    """Limits, parsers and version, as one line."""
    limits = settings.max_bytes, settings.max_characters, settings.parse_seconds, settings.parse_memory
    return f"{ragslm.__version__} {limits} {','.join(domains)}"
