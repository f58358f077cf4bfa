"""FHIR R4 JSON: a Bundle or a single resource becomes one readable section for each resource.

Source: HL7 FHIR R4, https://hl7.org/fhir/R4/
"""

import json
from datetime import date
from typing import Any

from ragslm.errors import QuarantineError
from ragslm.records import MAGIC
from ragslm.types import ParsedDocument, SourceDocument
from ragslm_connectors._formats._builder import TextBuilder
from ragslm_connectors._formats._decode import decode
from ragslm_connectors._formats._limits import MAX_CHARS, content_of
from ragslm_connectors.medical._fhir_resources import People, Resource, date_of, write_resource
from ragslm_connectors.medical._fhir_values import items, words

_SUFFIXES = frozenset({".json", ".fhir", ".ndjson"})


class FhirParser:
    """FHIR R4 JSON, and the NDJSON of a bulk export of one patient.

    Names, birth dates, addresses, telecoms and identifiers are labelled by their element; codes,
    values and units are labelled `KEEP`. The scope is `Patient/<id>` where exactly one patient is
    there; the effective date is the latest of any resource.

    Attributes:
        max_chars: longest text accepted, in characters.
    """

    name = "fhir"
    media_type = "application/fhir+json"
    max_chars = MAX_CHARS

    def claims(self, head: bytes, suffix: str) -> bool:
        """A JSON object with `resourceType` in its first bytes, or JSON-like content as `.json`."""
        begins = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
        if begins == b"{" and b'"resourceType"' in head:
            return True
        return suffix in _SUFFIXES and begins in (b"{", b"[", b"") and not head.startswith(MAGIC)

    def parse(self, document: SourceDocument) -> ParsedDocument:
        """One section for each resource.

        Raises:
            QuarantineError: empty, no JSON, nested too deeply, no FHIR resource, or the lines of several
                patients; names the line.
        """
        root = _loaded(decode(content_of(document, self.max_chars)))
        entries = _entries(root)
        people = People(entries)
        builder = TextBuilder(self.max_chars)
        for _, resource in entries:
            write_resource(builder, resource, people)
        return builder.build(title=_title(root), effective_date=_latest(entries), scope=_scope(entries))


def _loaded(text: str) -> Resource:
    try:
        root = json.loads(text, parse_float=str)  # 6.40 must not become 6.4
    except RecursionError:
        raise QuarantineError("The JSON is nested too deeply.") from None
    except ValueError as error:
        if isinstance(error, json.JSONDecodeError) and error.msg == "Extra data" and error.lineno > 1:
            return _of_lines(text)
        line = f"Line {error.lineno}: " if isinstance(error, json.JSONDecodeError) else ""
        raise QuarantineError(f"{line}the file is not valid JSON.") from None
    if not isinstance(root, dict) or not words(root.get("resourceType")):
        raise QuarantineError("The JSON is no FHIR resource: it has no resourceType.")
    return root


def _of_lines(text: str) -> Resource:
    """The resources of an NDJSON file as a Bundle, if they are one patient's.

    Several patients in one document would have no scope, and be shown to everyone.
    """
    entries = []
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                entries.append({"resource": _loaded(line)})
            except QuarantineError:
                raise QuarantineError(f"Line {number}: it holds no FHIR resource in JSON.") from None
    patients = {one for entry in entries for one in _patients(entry["resource"])}
    if len(patients) > 1:
        raise QuarantineError(
            f"The NDJSON file holds records of {len(patients):,} patients. Bring its folder in with "
            "`ragslm sync` and a source of kind `fhir`, which keeps them apart."
        )
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


def _entries(root: Resource) -> list[tuple[str, Resource]]:
    """Full URL and resource of each entry of a Bundle; the resource itself if it is none."""
    if root["resourceType"] != "Bundle":
        return [("", _with_medication(root, {}))]
    found: list[tuple[str, Resource]] = []
    for number, entry in enumerate(items(root.get("entry"))):
        for resource in items(entry.get("resource")):
            if not words(resource.get("resourceType")):
                raise QuarantineError(f"Bundle.entry[{number}].resource has no resourceType.")
            found.append((words(entry.get("fullUrl")), resource))
    if not found:
        raise QuarantineError("The FHIR Bundle holds no resource.")
    drugs = {url: r for url, r in found if r["resourceType"] == "Medication"}
    drugs |= {f"Medication/{words(r.get('id'))}": r for r in drugs.values()}
    return [(url, _with_medication(resource, drugs)) for url, resource in found]


def _with_medication(resource: Resource, drugs: dict[str, Resource]) -> Resource:
    """The resource with the code of the drug it refers to, as if it had been written in it."""
    contained = {f"#{words(r.get('id'))}": r for r in items(resource.get("contained"))}
    for reference in items(resource.get("medicationReference")):
        target = words(reference.get("reference"))
        drug = contained.get(target) or drugs.get(target) or {}
        code = drug.get("code") or {"text": words(reference.get("display"))}
        return resource | {"medicationCodeableConcept": code}
    return resource


def _title(root: Resource) -> str:
    """Never a name: a title is shown to everyone who may read the document."""
    kind = words(root["resourceType"])
    return "Patient record (FHIR Bundle)" if kind == "Bundle" else f"FHIR {kind}"


def _latest(entries: list[tuple[str, Resource]]) -> date | None:
    days = [found for _, resource in entries if (found := _date(date_of(resource)))]
    return max(days, default=None)


def _date(text: str) -> date | None:
    """A full date; `2019` or `2019-03` names no day."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _scope(entries: list[tuple[str, Any]]) -> str | None:
    """`Patient/<id>` of the one patient that is here, or that everything here is about."""
    ids = {words(r.get("id")) for _, r in entries if words(r.get("resourceType")) == "Patient"} - {""}
    ids = ids or {one for _, resource in entries for one in _patients(resource)}
    return f"Patient/{ids.pop()}" if len(ids) == 1 else None


def _patients(resource: Resource) -> set[str]:
    """Ids of the patients that a resource is or is about; a version in a reference is left out."""
    if resource["resourceType"] == "Patient":
        return {words(resource.get("id"))} - {""}
    subjects = items(resource.get("subject") or resource.get("patient"))
    references = (words(subject.get("reference")) for subject in subjects)
    return {r.rpartition("Patient/")[2].partition("/")[0] for r in references if "Patient/" in r} - {""}
