"""A FHIR R4 server as a source: one document for each resource, kept in step by `_lastUpdated` and history.

Each resource is a document of its own: its uri is its address, its version the server's, its deletion one
line of the history, and a citation leads to exactly it. Source: HL7 FHIR R4, https://hl7.org/fhir/R4/http.html
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import PositiveInt, SecretStr

from ragslm.errors import ConfigError, CursorError, SourceError
from ragslm.protocols import DOCUMENTS_ONLY
from ragslm.types import Cursor, Removed, SourceDocument
from ragslm_connectors.medical._fhir_document import document, drugs_of, id_of, with_attachments
from ragslm_connectors.medical._fhir_http import FhirHttp, FhirStatusError
from ragslm_connectors.medical._fhir_listing import Capability, deleted, pages
from ragslm_connectors.medical._fhir_place import Place, before, instant
from ragslm_connectors.medical._fhir_values import items, words

TYPES = (
    "Patient",
    "AllergyIntolerance",
    "Condition",
    "DiagnosticReport",
    "DocumentReference",
    "Encounter",
    "Immunization",
    "MedicationRequest",
    "Observation",
    "Procedure",
)
"""What a clinician asks about, unless `types` says otherwise."""
OVERLAP_SECONDS = 60.0
"""Read again before the place kept: a change may become visible a little after the time it carries."""
RESTARTS = 3
"""Times an expired list is asked for anew without having got further."""
_ATTACHED = frozenset({"DocumentReference", "DiagnosticReport"})
_EXPIRED = 410

Change = SourceDocument | Removed | Cursor


class FhirServer:
    """A FHIR R4 server over its REST API. Only reads.

    Args:
        url: the service's base URL; HTTPS, or HTTP on this machine.
        types: resource types to bring in, in this order.
        search: further search parameters by type, such as `{Observation: category=laboratory}`.
        token: bearer token.
        count: resources asked for in a page.
        max_bytes: largest attachment that is fetched.
        whole_days: a server without `_history` tells no deletions; after so many days everything is
            read again, and what is gone is removed.
        ca_file: certificates to trust instead of the system's, PEM.

    Raises:
        ConfigError: `url` is none that records may come from.
    """

    name = "fhir"
    policy = DOCUMENTS_ONLY

    def __init__(
        self,
        url: str,
        types: tuple[str, ...] = TYPES,
        search: dict[str, str] | None = None,
        token: SecretStr | None = None,
        count: PositiveInt = 200,
        max_bytes: PositiveInt = 20_000_000,
        whole_days: PositiveInt = 7,
        ca_file: Path | None = None,
    ) -> None:
        self._base = base_of(url)
        self._types = tuple(dict.fromkeys(types))
        self._search = dict(search or {})
        self._token = token
        self._count = count
        self._max_bytes = max_bytes
        self._whole = timedelta(days=whole_days)
        self._ca_file = ca_file
        if not all(kind.isalpha() for kind in self._types) or not self._search.keys() <= set(self._types):
            raise ConfigError("`types` are names of FHIR resources, and `search` is for those of `types`.")

    def load(self) -> Iterator[SourceDocument]:
        """Every resource there is now, once."""
        seen: set[str] = set()
        for change in self.changes(None):
            if isinstance(change, SourceDocument) and change.uri not in seen:
                seen.add(change.uri)
                yield change

    def changes(self, cursor: str | None) -> Iterator[Change]:
        """Deletions since the cursor, then what was added or changed, type by type, oldest change first."""
        kept = None if cursor is None else Place.read(cursor)
        with FhirHttp(self._base, self._token, self._ca_file) as http:
            server = Capability.of(http)
            self._check(server)
            gone = [] if kept is None else self._gone(http, server, kept)
            yield from map(Removed, gone)
            place = replace(kept, began=server.now) if kept else Place(server.now, server.now)
            for kind in self._types:
                for change in self._changed(http, server, kind, place):
                    if isinstance(change, Place):
                        place = change
                        yield place.cursor()
                    else:
                        yield change
            yield place.cursor()

    def _check(self, server: Capability) -> None:
        if missing := [kind for kind in self._types if kind not in server.includes]:
            raise SourceError(f"The FHIR server does not offer {missing[0]}. Take it out of `types`.")

    def _gone(self, http: FhirHttp, server: Capability, kept: Place) -> list[str]:
        """Uris of what was deleted since the last reading began."""
        if not server.histories.issuperset(self._types) and server.now - kept.whole > self._whole:
            raise CursorError("It is time for a whole reading: this server tells no deletions.")
        since = before(kept.began, OVERLAP_SECONDS)
        return [
            self._uri(kind, one)
            for kind in self._types
            if kind in server.histories
            for one in deleted(http, kind, since, self._count)
        ]

    def _uri(self, kind: str, logical_id: str) -> str:
        return f"{self._base}/{kind}/{logical_id}"

    # ---------------------------------------------------------------- one type

    def _changed(
        self, http: FhirHttp, server: Capability, kind: str, place: Place
    ) -> Iterator[SourceDocument | Place]:
        """Documents of one type, and the places reached between them.

        A list that expires while it is read (410) is asked for anew from there.
        """
        restarts = 0
        while True:
            reached = place.reached.get(kind)
            try:
                for found in self._listed(http, server, kind, place):
                    if isinstance(found, Place):
                        place = found
                    yield found
                return
            except FhirStatusError as error:
                restarts = 1 if place.reached.get(kind) != reached else restarts + 1
                if error.status != _EXPIRED or restarts > RESTARTS:
                    raise

    def _listed(
        self, http: FhirHttp, server: Capability, kind: str, place: Place
    ) -> Iterator[SourceDocument | Place]:
        latest, all_tell, in_order = place.reached.get(kind), True, None
        for page in pages(http, kind, self._query(server, kind, latest)):
            in_order = _is_sorted(page) if in_order is None else in_order
            entries = items(page.get("entry"))
            drugs = drugs_of(entries)
            for resource in _matches(entries, kind):
                at = instant(next(iter(items(resource.get("meta"))), {}).get("lastUpdated"))
                all_tell = all_tell and at is not None
                if at is not None:
                    latest = at if latest is None else max(latest, at)
                yield self._document(http, kind, resource, drugs)
            if in_order and all_tell and latest is not None:
                yield _at(place, kind, latest)
        if all_tell and latest is not None:
            yield _at(place, kind, latest)

    def _query(self, server: Capability, kind: str, since: datetime | None) -> list[tuple[str, str]]:
        query = [("_sort", "_lastUpdated"), ("_count", str(self._count))]
        if since is not None:
            query.append(("_lastUpdated", "ge" + before(since, OVERLAP_SECONDS)))
        if (drug := f"{kind}:medication") in server.includes[kind]:
            query.append(("_include", drug))
        for pair in filter(None, self._search.get(kind, "").split("&")):
            name, _, value = pair.partition("=")
            query.append((name, value))
        return query

    def _document(
        self, http: FhirHttp, kind: str, resource: dict[str, Any], drugs: Mapping[str, dict[str, Any]]
    ) -> SourceDocument:
        if kind in _ATTACHED:
            resource = with_attachments(http, resource, self._max_bytes)
        return document(self._uri(kind, id_of(resource)), resource, drugs)


def _is_sorted(page: dict[str, Any]) -> bool:
    """Whether the server says that it sorted as it was asked to: its `self` link names what it has heeded."""
    links = [words(link.get("url")) for link in items(page.get("link")) if link.get("relation") == "self"]
    return any("_sort=_lastUpdated" in link for link in links)


def _at(place: Place, kind: str, reached: datetime) -> Place:
    return replace(place, reached={**place.reached, kind: reached})


def _matches(entries: list[dict[str, Any]], kind: str) -> Iterator[dict[str, Any]]:
    """What was searched for, without what the server includes or remarks."""
    for entry in entries:
        mode = next((words(one.get("mode")) for one in items(entry.get("search"))), "match")
        for resource in items(entry.get("resource")):
            if mode == "match" and resource.get("resourceType") == kind:
                yield resource


def base_of(url: str) -> str:
    """The base URL of a server, without a slash at its end.

    Raises:
        ConfigError: it is none, or would send records over the network in clear.
    """
    parts = urlsplit(url)
    here = parts.hostname in ("localhost", "127.0.0.1", "::1")
    if not parts.hostname or parts.query or parts.fragment or parts.username is not None:
        raise ConfigError("`url` of a FHIR server is its base, such as https://fhir.example.org/r4.")
    if parts.scheme != "https" and not (here and parts.scheme == "http"):
        raise ConfigError("A FHIR server on another machine is read over https:// only: it sends records.")
    return url.rstrip("/")
