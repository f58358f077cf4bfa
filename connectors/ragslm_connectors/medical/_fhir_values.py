"""FHIR R4 data types as words, each with the label its element gives it.

Source: HL7 FHIR R4, https://hl7.org/fhir/R4/datatypes.html
"""

from collections.abc import Iterator
from typing import Any

from ragslm_connectors._formats._builder import TextBuilder, one_line

_SYSTEMS = {
    "http://loinc.org": "LOINC",
    "http://snomed.info/sct": "SNOMED CT",
    "http://www.nlm.nih.gov/research/umls/rxnorm": "RxNorm",
    "http://hl7.org/fhir/sid/icd-10": "ICD-10",
    "http://hl7.org/fhir/sid/icd-10-cm": "ICD-10-CM",
    "http://hl7.org/fhir/sid/cvx": "CVX",
    "http://hl7.org/fhir/sid/ndc": "NDC",
}
# Source: HL7 v2-0203 identifier types, https://terminology.hl7.org/CodeSystem-v2-0203.html
_IDENTIFIERS = {
    "MR": ("medical record number", "MRN"),
    "SS": ("social security number", "US_SSN"),
    "SB": ("social security number", "US_SSN"),
    "DL": ("driver's licence", "US_DRIVER_LICENSE"),
    "PPN": ("passport", "US_PASSPORT"),
    "AN": ("account", "ACCOUNT"),
    "BA": ("bank account", "ACCOUNT"),
    "IBAN": ("IBAN", "IBAN_CODE"),
    "NPI": ("NPI", "US_NPI"),
}
_IDENTIFIER_SYSTEMS = {
    "http://hl7.org/fhir/sid/us-ssn": ("social security number", "US_SSN"),
    "http://hl7.org/fhir/sid/us-npi": ("NPI", "US_NPI"),
    "http://hl7.org/fhir/sid/us-mbi": ("Medicare number", "US_MBI"),
}
_TELECOM = {"phone": "PHONE_NUMBER", "fax": "PHONE_NUMBER", "sms": "PHONE_NUMBER", "email": "EMAIL_ADDRESS"}


def items(value: Any) -> list[dict[str, Any]]:
    """The objects in a value that may be one object, a list, or nothing."""
    values = value if isinstance(value, list) else [value]
    return [item for item in values if isinstance(item, dict)]


def words(value: Any) -> str:
    """A primitive in one line; empty for anything else."""
    return one_line(str(value)) if isinstance(value, (str, int)) and not isinstance(value, bool) else ""


def strings(value: Any) -> list[str]:
    """The primitives in a value that may be one, a list, or nothing."""
    values = value if isinstance(value, list) else [value]
    return [text for text in map(words, values) if text]


def day(value: Any) -> str:
    """The date of a `date`, `dateTime` or `instant`; of a Period its start; as precise as it was given."""
    if isinstance(value, dict):
        return day(value.get("start")) or day(value.get("end"))
    return words(value)[:10]


def code_text(concept: Any) -> str:
    """What a CodeableConcept or Coding means in words: its text, else the first display or code."""
    for one in items(concept):
        codings = items(one.get("coding")) or [one]
        found = words(one.get("text")) or next((t for c in codings if (t := words(c.get("display")))), "")
        if found or (found := next((t for c in codings if (t := words(c.get("code")))), "")):
            return found
    return ""


def coded(concept: Any) -> tuple[str, str | None]:
    """What `code_text` says, and its label: a code's own term is knowledge, other words may name anyone."""
    text = code_text(concept)
    codings = [coding for one in items(concept) for coding in items(one.get("coding")) or [one]]
    terms = (words(c.get(key)) for c in codings if words(c.get("code")) for key in ("display", "code"))
    return text, "KEEP" if text.casefold() in map(str.casefold, terms) else None


def all_codes(concept: Any) -> Iterator[str]:
    """Every text, display and code of a CodeableConcept, whatever the system."""
    for one in items(concept):
        yield words(one.get("text"))
        for coding in items(one.get("coding")):
            yield words(coding.get("display"))
            yield words(coding.get("code"))


def code_label(concept: Any) -> str:
    """System and code, such as `LOINC 4548-4`, of the first coding in a known system; empty if none."""
    for one in items(concept):
        for coding in items(one.get("coding")):
            system = _SYSTEMS.get(words(coding.get("system")))
            if system and words(coding.get("code")):
                return f"{system} {words(coding.get('code'))}"
    return ""


def quantity(value: Any) -> str:
    """Value and unit of a Quantity, digits as they were written."""
    for one in items(value):
        if number := words(one.get("value")):
            unit = words(one.get("unit")) or words(one.get("code"))
            return f"{words(one.get('comparator'))}{number} {unit}".strip()
    return ""


def value_of(resource: dict[str, Any]) -> str:
    """The `value[x]` of an Observation or component, in words."""
    if text := quantity(resource.get("valueQuantity")) or code_text(resource.get("valueCodeableConcept")):
        return text
    for span in items(resource.get("valueRange")):
        return f"{quantity(span.get('low'))} to {quantity(span.get('high'))}"
    for ratio in items(resource.get("valueRatio")):
        return f"{quantity(ratio.get('numerator'))} / {quantity(ratio.get('denominator'))}"
    if isinstance(resource.get("valueBoolean"), bool):
        return "yes" if resource["valueBoolean"] else "no"
    simple = ("valueString", "valueInteger", "valueDateTime", "valueTime")
    return next((text for key in simple if (text := words(resource.get(key)))), "")


def name_of(names: Any) -> str:
    """The usual or official of several HumanNames; a name used formerly only if there is no other."""
    order = {"official": 0, "usual": 1, "": 2}
    found = sorted(items(names), key=lambda n: order.get(words(n.get("use")), 3))
    for name in found:
        parts = [*strings(name.get("given")), *strings(name.get("family"))]
        if text := " ".join(parts) or words(name.get("text")):
            return text
    return ""


def all_names(names: Any) -> Iterator[str]:
    """Every HumanName that has words, the one of `name_of` first."""
    first = name_of(names)
    if first:
        yield first
    for name in items(names):
        text = name_of([name])
        if text and text != first:
            yield text


def address_of(address: dict[str, Any]) -> str:
    """An Address in one line."""
    parts = [*strings(address.get("line"))]
    parts += [
        t for key in ("city", "district", "state", "postalCode", "country") if (t := words(address.get(key)))
    ]
    return ", ".join(parts) or words(address.get("text"))


def write_identifiers(builder: TextBuilder, resource: dict[str, Any], path: str) -> None:
    """`Medical record number: …` for each Identifier, labelled by its type or system."""
    for identifier in items(resource.get("identifier")):
        if value := words(identifier.get("value")):
            kind, entity = _identifier_kind(identifier)
            builder.write(f" {kind[:1].upper()}{kind[1:]}: ")
            builder.write(value, entity, f"{path}.identifier")
            builder.write(".")


def _identifier_kind(identifier: dict[str, Any]) -> tuple[str, str]:
    if known := _IDENTIFIER_SYSTEMS.get(words(identifier.get("system"))):
        return known
    for concept in items(identifier.get("type")):
        for coding in items(concept.get("coding")):
            if known := _IDENTIFIERS.get(words(coding.get("code"))):
                return known
    return "identifier", "ID"


def write_contacts(builder: TextBuilder, resource: dict[str, Any], path: str) -> None:
    """Addresses and telecoms, labelled."""
    for address in items(resource.get("address")):
        if text := address_of(address):
            builder.write(" Address: ")
            builder.write(text, "LOCATION", f"{path}.address")
            builder.write(".")
    for telecom in items(resource.get("telecom")):
        if text := words(telecom.get("value")):
            system = words(telecom.get("system"))
            builder.write(f" {(system or 'contact').capitalize()}: ")
            builder.write(text, _TELECOM.get(system, "ID"), f"{path}.telecom")
            builder.write(".")
