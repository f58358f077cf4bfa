"""One readable line for each FHIR R4 resource, with its personal parts labelled.

A code's own term, a value and its unit are labelled `KEEP`: a drug or a disease named after a person must
not be taken for one. What an author wrote in the place of a term is free text.

Source: HL7 FHIR R4, https://hl7.org/fhir/R4/resourcelist.html
"""

import base64
import binascii
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from ragslm.errors import QuarantineError
from ragslm.types import PATH_SEPARATOR
from ragslm_connectors._formats._builder import TextBuilder, one_line
from ragslm_connectors.medical._embedded import from_base64, write_embedded
from ragslm_connectors.medical._fhir_values import (
    address_of,
    all_codes,
    all_names,
    code_label,
    code_text,
    coded,
    day,
    items,
    name_of,
    quantity,
    strings,
    value_of,
    words,
    write_contacts,
    write_identifiers,
)
from ragslm_connectors.medical._old_age import is_old_age

Resource = dict[str, Any]
Coded = tuple[str, str | None]
"""Words of a concept, and their label."""
_DEEPEST = 8  # nested sections of a Composition
_PEOPLE = frozenset({"Patient", "Practitioner", "RelatedPerson", "Person"})
_CODES = ("medicationCodeableConcept", "code", "vaccineCode", "type", "serviceType", "category")
_DATES = (
    "effectiveDateTime",
    "effectivePeriod",
    "effectiveInstant",
    "performedDateTime",
    "performedPeriod",
    "occurrenceDateTime",
    "onsetDateTime",
    "onsetPeriod",
    "authoredOn",
    "period",
    "billablePeriod",
    "recordedDate",
    "date",
    "issued",
    "created",
)
_ABATED = ("abatementDateTime", "abatementPeriod")


class People:
    """Names by reference, so that a line can say whose value it is."""

    def __init__(self, entries: list[tuple[str, Resource]]) -> None:
        self._names: dict[str, tuple[str, str]] = {}
        for url, resource in entries:
            kind = words(resource.get("resourceType"))
            name = name_of(resource.get("name")) if kind in _PEOPLE else words(resource.get("name"))
            entity = "PERSON" if kind in _PEOPLE else "ORGANIZATION"
            if name and kind in (*_PEOPLE, "Organization"):
                for key in (url, f"{kind}/{words(resource.get('id'))}"):
                    self._names[key] = (name, entity)

    def of(self, references: Any) -> Iterator[tuple[str, str]]:
        """Name and entity of each Reference: that of the resource it points to, else its display."""
        for reference in items(references):
            target = words(reference.get("reference"))
            if known := self._names.get(target):
                yield known
            elif display := words(reference.get("display")):
                yield display, "ORGANIZATION" if target.startswith("Organization/") else "PERSON"


def date_of(resource: Resource) -> str:
    """When it happened, as precise as it was given; empty if it is not said."""
    return next((text for key in _DATES if (text := day(resource.get(key)))), "")


def section_of(resource: Resource) -> str:
    """`Observation › Hemoglobin A1c › 2019-03-02`; nothing personal."""
    kind = words(resource.get("resourceType"))
    if kind in _PEOPLE or kind == "Organization":
        return kind
    parts = (kind, _title(resource), date_of(resource))
    return PATH_SEPARATOR.join(part for part in parts if part)


def write_resource(builder: TextBuilder, resource: Resource, people: People) -> None:
    """A section with one line, and what text the resource carries."""
    kind = words(resource.get("resourceType"))
    builder.section(section_of(resource))
    builder.block("record")
    _WRITERS.get(kind, _write_event)(builder, resource, people)
    builder.close()


def _title(resource: Resource) -> str:
    """What it is about, in the words of its code."""
    return code_text(_subject(resource))


def _subject(resource: Resource) -> Any:
    """The concept that says what it is about; None if none has words."""
    return next((concept for key in _CODES if code_text(concept := resource.get(key))), None)


def _write_person(builder: TextBuilder, resource: Resource, people: People) -> None:
    kind = words(resource.get("resourceType"))
    builder.write(f"{kind}: ")
    for number, name in enumerate(all_names(resource.get("name"))):
        builder.write(", also " if number else "")
        builder.write(name, "PERSON", f"{kind}.name")
    if birth := day(resource.get("birthDate")):
        builder.write(", born ")
        builder.write(birth, "DATE_OF_BIRTH", f"{kind}.birthDate")
    if death := day(resource.get("deceasedDateTime")):
        builder.write(", died ")
        builder.write(death, "DATE_OF_DEATH", f"{kind}.deceasedDateTime")
    for text in (words(resource.get("gender")), code_text(resource.get("maritalStatus"))):
        if text:
            builder.write(f", {text}")
    builder.write(".")
    _write_extensions(builder, resource, kind)
    write_identifiers(builder, resource, kind)
    write_contacts(builder, resource, kind)
    for contact in items(resource.get("contact")):
        if name := name_of(contact.get("name")):
            builder.write(f" Contact ({code_text(contact.get('relationship')) or 'other'}): ")
            builder.write(name, "PERSON", f"{kind}.contact.name")
            builder.write(".")
        write_contacts(builder, contact | {"address": contact.get("address")}, f"{kind}.contact")


def _write_extensions(builder: TextBuilder, resource: Resource, kind: str) -> None:
    """The US Core extensions that name people and places."""
    for extension in items(resource.get("extension")):
        url = words(extension.get("url"))
        if url.endswith("patient-mothersMaidenName") and (name := words(extension.get("valueString"))):
            builder.write(" Mother's maiden name: ")
            builder.write(name, "PERSON", f"{kind}.extension.mothersMaidenName")
            builder.write(".")
        for place in items(extension.get("valueAddress")):
            if url.endswith("patient-birthPlace") and (text := address_of(place)):
                builder.write(" Place of birth: ")
                builder.write(text, "LOCATION", f"{kind}.extension.birthPlace")
                builder.write(".")


def _write_organization(builder: TextBuilder, resource: Resource, people: People) -> None:
    builder.write("Organization: ")
    builder.write(words(resource.get("name")) or "unnamed", "ORGANIZATION", "Organization.name")
    builder.write(".")
    write_identifiers(builder, resource, "Organization")
    write_contacts(builder, resource, "Organization")


def _write_event(builder: TextBuilder, resource: Resource, people: People) -> None:
    """`Hemoglobin A1c: 6.4 % (LOINC 4548-4), 2019-03-02, patient Jane Doe.` and what belongs to it."""
    kind = words(resource.get("resourceType"))
    if kind != "Observation":
        builder.write(f"{_spaced(kind)}: ")
    _write_codes(builder, [coded(_subject(resource))], f"{kind}.code")
    _write_value(builder, resource, kind)
    label = next((text for key in _CODES if (text := code_label(resource.get(key)))), "")
    if label:
        builder.write(" (")
        builder.write(label, "KEEP", f"{kind}.code.coding")
        builder.write(")")
    _write_circumstances(builder, resource, people, kind)
    builder.write(".")
    _write_more(builder, resource, people, kind)


def _write_value(builder: TextBuilder, resource: Resource, kind: str) -> None:
    told = ": "
    for one in (resource, *items(resource.get("component"))):
        if value := value_of(one):
            builder.write(told)
            if one is not resource and code_text(one.get("code")):
                _write_codes(builder, [coded(one.get("code"))], f"{kind}.component.code")
                builder.write(" ")
            builder.write(value, _value_is(one, value), f"{kind}.value")
            told = "; "


def _value_is(observed: Resource, value: str) -> str | None:
    """Privacy type of a value: free text may name anyone, an age over 89 is personal."""
    if is_old_age(all_codes(observed.get("code")), value):
        return "AGE"
    if words(observed.get("valueString")):
        return None
    text, label = coded(observed.get("valueCodeableConcept"))
    return label if text == value else "KEEP"


def _write_circumstances(builder: TextBuilder, resource: Resource, people: People, kind: str) -> None:
    """When, in which state, of whom, by whom and where."""
    if date := date_of(resource):
        builder.write(f", {date}")
    if end := next((day(resource[key]) for key in _ABATED if resource.get(key)), ""):
        builder.write(f", until {end}")
    status = code_text(resource.get("clinicalStatus")) or words(resource.get("status"))
    if status and status not in ("final", "finished", "completed"):
        builder.write(f", status {status}")
    for word, references in _parties(resource):
        for name, entity in people.of(references):
            builder.write(f", {word} ")
            builder.write(name, entity, f"{kind}.{word}")


def _parties(resource: Resource) -> Iterator[tuple[str, Any]]:
    yield "patient", resource.get("subject") or resource.get("patient")
    for key in ("performer", "requester", "recorder", "asserter", "author", "provider", "serviceProvider"):
        found = items(resource.get(key))
        yield "by" if key != "serviceProvider" else "at", [p.get("actor") or p for p in found]
    yield "with", [p.get("individual") for p in items(resource.get("participant"))]


def _write_more(builder: TextBuilder, resource: Resource, people: People, kind: str) -> None:
    """Sentences that only some resources have."""
    if interpretation := code_text(resource.get("interpretation")):
        builder.write(f" Interpretation: {interpretation}.")
    for reference in items(resource.get("referenceRange"))[:3]:
        if text := words(reference.get("text")) or _bounds(reference):
            builder.write(f" Reference range: {text}.")
    for dosage in items(resource.get("dosageInstruction")):
        if text := _dosage(dosage):
            builder.write(" Dosage: ")
            builder.write(text, None if words(dosage.get("text")) else "KEEP", f"{kind}.dosageInstruction")
            builder.write(".")
    _write_lists(builder, resource, kind)
    told = [("Conclusion", resource.get("conclusion")), ("Description", resource.get("description"))]
    told += [("Note", note.get("text")) for note in items(resource.get("note"))]
    for title, value in told:  # free text: recognisers look at it
        if text := words(value):
            builder.write(f" {title}: {text.rstrip('.')}.")


def _bounds(reference: Resource) -> str:
    """`from 1 mmol/L up to 4 mmol/L`, or either half."""
    low, high = quantity(reference.get("low")), quantity(reference.get("high"))
    return " ".join(filter(None, (f"from {low}" if low else "", f"up to {high}" if high else "")))


def _write_lists(builder: TextBuilder, resource: Resource, kind: str) -> None:
    """Codes that come in lists."""
    for title, key in (("Reason", "reasonCode"), ("Reaction", "reaction"), ("Activity", "activity")):
        _write_list(builder, title, [_inner_code(item) for item in items(resource.get(key))], f"{kind}.{key}")
    results: list[Coded] = [(words(item.get("display")), None) for item in items(resource.get("result"))]
    _write_list(builder, "Results", results, f"{kind}.result")


def _write_list(builder: TextBuilder, title: str, told: list[Coded], path: str) -> None:
    if any(text for text, _ in told):
        builder.write(f" {title}: ")
        _write_codes(builder, told, path)
        builder.write(".")


def _write_codes(builder: TextBuilder, told: Iterable[Coded], path: str) -> None:
    """Those that have words, each once; `not coded` if none has."""
    found = list(dict.fromkeys(one for one in told if one[0]))
    for number, (text, label) in enumerate(found):
        builder.write(text, label, path, before="; " if number else "")
    if not found:
        builder.write("not coded")


def _inner_code(item: Resource) -> Coded:
    """A code, or the code one level inside: a reaction's manifestation, an activity's detail."""
    detail = next(iter(items(item.get("detail"))), {})
    return coded(item.get("manifestation") or detail.get("code") or item)


def _dosage(dosage: Resource) -> str:
    if text := words(dosage.get("text")):
        return text.rstrip(".")
    doses = [quantity(rate.get("doseQuantity")) for rate in items(dosage.get("doseAndRate"))]
    for timing in items(dosage.get("timing")):
        for repeat in items(timing.get("repeat")):
            frequency, period = words(repeat.get("frequency")), words(repeat.get("period"))
            if frequency and period:
                doses.append(f"{frequency} time(s) every {period} {words(repeat.get('periodUnit'))}")
    return ", ".join(filter(None, doses))


def _write_bill(builder: TextBuilder, resource: Resource, people: People) -> None:
    """Claim or ExplanationOfBenefit in one line: what was billed and for how much."""
    kind = words(resource.get("resourceType"))
    builder.write(f"{_spaced(kind)}: ")
    billed = (coded(item.get("productOrService")) for item in items(resource.get("item")))
    _write_codes(builder, billed, f"{kind}.item")
    for total in items(resource.get("total"))[:1]:
        money = next(iter(items(total.get("amount"))), total)
        if amount := words(money.get("value")):
            builder.write(f", total {amount} {words(money.get('currency'))}")
    _write_circumstances(builder, resource, people, kind)
    builder.write(".")


def _write_composition(builder: TextBuilder, resource: Resource, people: People) -> None:
    _write_event(builder, resource, people)
    _write_sections(builder, resource, 0)


def _write_sections(builder: TextBuilder, resource: Resource, depth: int) -> None:
    if depth > _DEEPEST:
        raise QuarantineError(f"Composition.section is nested more than {_DEEPEST} deep.")
    for section in items(resource.get("section")):
        title = words(section.get("title")) or code_text(section.get("code"))
        narrative = " ".join(_narrative(section))
        if text := f"{title}: {narrative}".strip(": "):
            builder.block("paragraph", text)
        _write_sections(builder, section, depth + 1)


def _narrative(resource: Resource) -> Iterator[str]:
    """The words of a narrative's XHTML; it is free text, so recognisers scrub it."""
    from lxml import etree, html

    for text in items(resource.get("text")):
        if markup := words(text.get("div")):
            try:
                parser = html.HTMLParser(no_network=True, remove_comments=True)
                yield one_line(" ".join(html.fromstring(markup, parser=parser).itertext()))
            except etree.LxmlError:
                raise QuarantineError("Composition.section.text is not readable XHTML.") from None


def _write_document(builder: TextBuilder, resource: Resource, people: People) -> None:
    """DocumentReference: its line, and the files attached to it."""
    _write_event(builder, resource, people)
    for content in items(resource.get("content")):
        _write_attachments(
            builder, content.get("attachment"), "DocumentReference.content.attachment", resource
        )


def _write_report(builder: TextBuilder, resource: Resource, people: People) -> None:
    """DiagnosticReport: its line, and the report as it was issued."""
    _write_event(builder, resource, people)
    _write_attachments(builder, resource.get("presentedForm"), "DiagnosticReport.presentedForm", resource)


def _write_attachments(builder: TextBuilder, attachments: Any, path: str, resource: Resource) -> None:
    """What each Attachment holds; of one that is only linked, that it was not read."""
    for attachment in items(attachments):
        kind = words(attachment.get("contentType"))
        data = "".join(strings(attachment.get("data")))
        if not data:
            if words(attachment.get("url")):
                builder.block("paragraph", "An attachment is linked here and was not read.")
        elif kind.startswith("text/plain"):
            _write_plain(builder, data, path)
        else:
            section = PATH_SEPARATOR.join((section_of(resource), "Attachment"))
            write_embedded(builder, from_base64(data, f"{path}.data"), kind, f"{path}.data", section)


def _write_plain(builder: TextBuilder, data: str, path: str) -> None:
    try:
        text = one_line(base64.b64decode(data, validate=True).decode("utf-8"))
    except (binascii.Error, UnicodeDecodeError):
        raise QuarantineError(f"{path}.data is no base64 text.") from None
    if text:
        builder.block("paragraph", text)


def _spaced(kind: str) -> str:
    """`MedicationRequest` as `Medication request`."""
    return "".join(f" {c.lower()}" if c.isupper() and i else c for i, c in enumerate(kind))


_WRITERS: dict[str, Callable[[TextBuilder, Resource, People], None]] = {
    "Patient": _write_person,
    "Practitioner": _write_person,
    "RelatedPerson": _write_person,
    "Person": _write_person,
    "Organization": _write_organization,
    "Claim": _write_bill,
    "ExplanationOfBenefit": _write_bill,
    "Composition": _write_composition,
    "DocumentReference": _write_document,
    "DiagnosticReport": _write_report,
}
