"""What a FHIR server says it can do, its searches page by page, and its history of deletions.

Source: HL7 FHIR R4, https://hl7.org/fhir/R4/http.html and https://hl7.org/fhir/R4/search.html
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from ragslm.errors import CursorError, SourceError
from ragslm_connectors.medical._fhir_http import FhirHttp, FhirStatusError, outcome_codes
from ragslm_connectors.medical._fhir_values import items, strings, words

Resource = dict[str, Any]
ID = re.compile(r"[A-Za-z0-9\-.]{1,64}")
_R4 = re.compile(r"4\.[0-3](\.\d+)?")
_GONE = 410


@dataclass(frozen=True, slots=True)
class Capability:
    """What a server can do, by resource type.

    Attributes:
        now: the server's time when it was asked.
        includes: `_include` values that its searches take; a type that it does not have is missing.
        histories: types whose history it gives.
    """

    now: datetime
    includes: Mapping[str, frozenset[str]]
    histories: frozenset[str]

    @classmethod
    def of(cls, http: FhirHttp) -> "Capability":
        """Ask the server.

        Raises:
            SourceError: it is no R4 server, or cannot be read.
        """
        told, now = http.resource(f"{http.base}/metadata")
        if told["resourceType"] != "CapabilityStatement" or not _R4.fullmatch(words(told.get("fhirVersion"))):
            raise SourceError("What answers at `url` is no FHIR R4 server. Set it to the base of one.")
        offered = [kind for rest in items(told.get("rest")) for kind in items(rest.get("resource"))]
        return cls(
            now,
            {words(kind.get("type")): frozenset(strings(kind.get("searchInclude"))) for kind in offered},
            frozenset(
                words(kind.get("type"))
                for kind in offered
                if any(words(one.get("code")) == "history-type" for one in items(kind.get("interaction")))
            ),
        )


def pages(http: FhirHttp, path: str, query: list[tuple[str, str]]) -> Iterator[Resource]:
    """Every page of a search or history.

    Raises:
        FhirStatusError: the server refuses a page; 410 where its list has expired.
        SourceError: a page is no Bundle, says that it is not complete, or leads in a circle.
    """
    url: str | None = f"{http.base}/{path}?{urlencode(query)}"
    seen: set[int] = set()
    while url is not None:
        if hash(url) in seen:
            raise SourceError("The pages of the FHIR server lead in a circle. Its paging needs mending.")
        seen.add(hash(url))
        page, _ = http.resource(url)
        if page["resourceType"] != "Bundle":
            raise SourceError("The FHIR server answered a search with something that is no Bundle.")
        _check_complete(page)
        yield page
        links = (words(link.get("url")) for link in items(page.get("link")) if link.get("relation") == "next")
        following = next((link for link in links if link), None)
        url = http.absolute(following, url) if following else None


def _check_complete(page: Resource) -> None:
    found = [resource for entry in items(page.get("entry")) for resource in items(entry.get("resource"))]
    for outcome in (one for one in found if one.get("resourceType") == "OperationOutcome"):
        if any(issue.get("severity") in ("error", "fatal") for issue in items(outcome.get("issue"))):
            codes = ", ".join(outcome_codes(outcome)) or "unknown"
            raise SourceError(f"The FHIR server says that its list is not complete (issue {codes}).")


def deleted(http: FhirHttp, kind: str, since: str, count: int) -> list[str]:
    """Ids of one type whose newest version since then says that they are deleted.

    Raises:
        CursorError: the server's history does not reach back that far.
    """
    newest: dict[str, bool] = {}
    try:
        for page in pages(http, f"{kind}/_history", [("_since", since), ("_count", str(count))]):
            for entry in items(page.get("entry")):
                request = next(iter(items(entry.get("request"))), {})
                if found := _id_of(entry, request, kind):
                    newest.setdefault(found, request.get("method") == "DELETE")  # newest first, says R4
    except FhirStatusError as error:
        if error.status == _GONE:
            raise CursorError("The server's history does not reach back to the cursor.") from None
        raise
    return [one for one, is_deleted in newest.items() if is_deleted]


def _id_of(entry: Resource, request: Resource, kind: str) -> str:
    for resource in items(entry.get("resource")):
        return words(resource.get("id"))
    pattern = rf"(?:^|.*/){kind}/({ID.pattern})(?:/_history/.*)?"
    for url in (words(request.get("url")), words(entry.get("fullUrl"))):
        if found := re.fullmatch(pattern, url):
            return found[1]
    raise SourceError(f"An entry of the FHIR server's history of {kind} has no id.")
