"""A resource of a FHIR source as one document: its uri, version, readers and what belongs to it."""

import base64
from collections.abc import Mapping, Sequence
from typing import Any

from ragslm.errors import SourceError
from ragslm.types import EVERYONE, SourceDocument
from ragslm_connectors._http import TooLargeError, is_sendable
from ragslm_connectors.medical._fhir_http import (
    PAGE_BYTES,
    FhirHttp,
    FhirStatusError,
    dumped,
    loaded,
)
from ragslm_connectors.medical._fhir_listing import ID
from ragslm_connectors.medical._fhir_values import items, words

Resource = dict[str, Any]
_CONFIDENTIALITY = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality"
_RESTRICTED = frozenset({"R", "V"})
_UNSURE = frozenset({401, 429, 502, 503, 504})
"""Refusals that say nothing about the file asked for."""


def id_of(resource: Resource) -> str:
    """The resource's logical id.

    Raises:
        SourceError: it has none, so nothing could be cited, changed or removed by it.
    """
    found = words(resource.get("id"))
    if not ID.fullmatch(found):
        raise SourceError("The FHIR source gave a resource without an id. Its ids need mending.")
    return found


def document(uri: str, resource: Resource, drugs: Mapping[str, Resource] | None = None) -> SourceDocument:
    """The document of one resource, with the Medication it refers to, if that is known.

    Its scope is the patient that the FHIR parser finds in it. Readers: the owner alone where its security
    label is restricted or very restricted, else everyone, so that one whose label is gone is opened again.
    Source: https://hl7.org/fhir/R4/security-labels.html
    """
    meta = next(iter(items(resource.get("meta"))), {})
    labels = items(meta.get("security"))
    restricted = any(
        label.get("system") == _CONFIDENTIALITY and label.get("code") in _RESTRICTED for label in labels
    )
    return SourceDocument(
        uri=uri,
        content=dumped(_with_drugs(resource, drugs or {})),
        media_type="application/fhir+json",
        version=words(meta.get("versionId")) or None,
        readers=frozenset() if restricted else frozenset({EVERYONE}),
    )


def _with_drugs(resource: Resource, drugs: Mapping[str, Resource]) -> Resource:
    """The resource itself, or a Bundle of it and the Medications it refers to."""
    targets = [words(r.get("reference")) for r in items(resource.get("medicationReference"))]
    found = [drugs[target] for target in targets if target in drugs]
    if not found:
        return resource
    entries = [{"resource": resource}, *({"resource": drug} for drug in found)]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


def with_attachments(http: FhirHttp, resource: Resource, most: int) -> Resource:
    """The resource with the files that its attachments point to, where this server has them.

    An attachment elsewhere, gone, refused or larger than `most` bytes keeps its link alone; the parser says
    in the text that it was not read.
    """
    resource = dict(resource)
    if content := items(resource.get("content")):
        resource["content"] = [
            one | {"attachment": _filled(http, one["attachment"], most)}
            if isinstance(one.get("attachment"), dict)
            else one
            for one in content
        ]
    if forms := items(resource.get("presentedForm")):
        resource["presentedForm"] = [_filled(http, form, most) for form in forms]
    return resource


def _filled(http: FhirHttp, attachment: Resource, most: int) -> Resource:
    link = words(attachment.get("url"))
    url = http.absolute(link, http.base + "/")
    if not link or attachment.get("data") or not http.is_here(url):
        return attachment
    declared = words(attachment.get("contentType"))
    kind = declared if is_sendable(declared) else "*/*"
    try:
        content, headers = http.content(url, kind, min(most, PAGE_BYTES))
    except TooLargeError:
        return attachment
    except FhirStatusError as error:
        if error.status in _UNSURE:
            raise
        return attachment
    data = _of_binary(content) if "fhir+json" in headers.get("content-type", "") else None
    return attachment | {"data": data or base64.b64encode(content).decode("ascii")}


def _of_binary(content: bytes) -> str | None:
    """The data of a Binary resource, from a server that wraps what it was asked for; None if it is none."""
    try:
        resource = loaded(content)
    except SourceError:  # the parser says what is wrong with it, and quarantines this one document
        return None
    return words(resource.get("data")) or None if resource["resourceType"] == "Binary" else None


def drugs_of(entries: Sequence[Resource]) -> dict[str, Resource]:
    """Medications that a page includes, by every way to refer to them."""
    found: dict[str, Resource] = {}
    for entry in entries:
        for resource in items(entry.get("resource")):
            if resource.get("resourceType") == "Medication":
                found[f"Medication/{words(resource.get('id'))}"] = resource
                found[words(entry.get("fullUrl"))] = resource
    return found
