"""The header of a C-CDA document: whose it is, who wrote, keeps and signed it, and what it is about."""

from collections.abc import Iterator
from typing import Any

from ragslm_connectors._formats._builder import TextBuilder
from ragslm_connectors._formats._xml import children, find, find_all, local, text_at
from ragslm_connectors.medical._cda_values import (
    IDENTIFIERS,
    address_of,
    code_text,
    is_term,
    name_of,
    period,
    stamp,
    surroundings,
    telecom_of,
    words,
)

# What the header says about people and organisations, in the words of a reader.
_ROLES = {
    "recordTarget": "Patient",
    "author": "Author",
    "dataEnterer": "Entered by",
    "informant": "Informant",
    "custodian": "Custodian",
    "informationRecipient": "Recipient",
    "legalAuthenticator": "Legally signed by",
    "authenticator": "Signed by",
    "participant": "Participant",
    "inFulfillmentOf": "Order",
    "documentationOf": "Care described",
    "relatedDocument": "Related document",
    "authorization": "Authorisation",
    "componentOf": "Encounter",
}
_PATIENT_CODES = {
    "administrativeGenderCode": "sex",
    "maritalStatusCode": "marital status",
    "religiousAffiliationCode": "religion",
    "raceCode": "race",
    "ethnicGroupCode": "ethnic group",
}
_CODES = ("code", "functionCode", "dischargeDispositionCode", "standardIndustryClassCode")
_INNER = {
    "guardian": "guardian",
    "birthplace": "born in",
    "providerOrganization": "cared for by",
    "representedOrganization": "of",
    "scopingOrganization": "of",
    "asOrganizationPartOf": "part of",
}
_SKIPPED = frozenset(
    """
    templateId typeId realmCode signatureCode signatureText languageCommunication confidentialityCode
    """.split()
)
_ORGANISATIONS = ("Organization", "organization")


class PartyWriter:
    """Writes people and organisations, labelled by their elements."""

    def __init__(self, builder: TextBuilder) -> None:
        self.builder = builder
        self._begun = False

    def header(self, root: Any) -> None:
        """A section for each part of the header, in its order."""
        for element in root:
            role = _ROLES.get(local(element)) if isinstance(element.tag, str) else None
            if role:
                self.builder.section(role)
                self.builder.block("record", f"{role}: ")
                self.party(element, local(element))
                self.builder.write(".")
                self.builder.close()

    def party(self, element: Any, path: str) -> None:
        """Everything that an element says about a party, in one sentence; its parts joined by commas."""
        self._begun = False
        self._inside(element, path, "")
        if not self._begun:
            self.builder.write("nothing stated")

    def names(self, element: Any, path: str, word: str) -> None:
        """Only the names of a party, after `word`; nothing if it has none."""
        named = [(one, local(one.getparent())) for one in element.iter("{*}name")]
        self._begun = False
        for number, (one, holder) in enumerate(pair for pair in named if words(pair[0])):
            self.builder.write(f", {word} " if not number else "")
            self._name(one, path, holder)

    def _inside(self, element: Any, path: str, holder: str) -> None:
        for child in element:
            if not isinstance(child.tag, str) or local(child) in _SKIPPED:
                continue
            name = local(child)
            if name in ("observation", "act", "structuredBody"):
                continue
            if not self._leaf(child, name, path, holder):
                if word := _INNER.get(name, ""):
                    self._join()
                    self.builder.write(word)
                    self._begun = False
                    self.builder.write(" ")
                self._inside(child, path, name)

    def _leaf(self, element: Any, name: str, path: str, holder: str) -> bool:
        """Write what an element holds itself; False if it holds other elements to look into."""
        if name == "name":
            self._name(element, path, holder)
        elif name == "addr":
            self._labelled("", address_of(element), "LOCATION", f"{path}.addr")
        elif name == "telecom":
            text, entity = telecom_of(element)
            self._labelled("", text, entity, f"{path}.telecom")
        elif name == "id":
            self._identifier(element, path, holder)
        elif name in ("birthTime", "deceasedTime"):
            born = name == "birthTime"
            entity = "DATE_OF_BIRTH" if born else "DATE_OF_DEATH"
            text = stamp(element.get("value")).split(" ")[0]
            self._labelled("born " if born else "died ", text, entity, f"{path}.{name}")
        elif name in _PATIENT_CODES or name in _CODES:
            word = _PATIENT_CODES.get(name, "")
            text = code_text(element, {})
            entity = "KEEP" if is_term(element, text) else ""
            self._labelled(f"{word} " if word else "", text, entity, f"{path}.{name}")
        elif name in ("effectiveTime", "time"):
            self._labelled("", period(element), "", f"{path}.{name}")
        elif name in ("manufacturerModelName", "softwareName"):
            self._labelled("", words(element), "KEEP", f"{path}.{name}")
        elif name == "desc":
            self._labelled("", words(element), "", f"{path}.desc")
        else:
            return len(element) == 0
        return True

    def _name(self, element: Any, path: str, holder: str) -> None:
        if holder.endswith(_ORGANISATIONS) or holder in (
            "asOrganizationPartOf",
            "location",
            "healthCareFacility",
        ):
            self._labelled("", words(element), "ORGANIZATION", f"{path}.name")
            return
        if holder == "playingEntity" and find(element, "given") is None and find(element, "family") is None:
            self._labelled("", words(element), "", f"{path}.name")  # a place, a substance, or anyone
            return
        prefix, suffix = surroundings(element)
        self._labelled(f"{prefix} " if prefix else "", name_of(element), "PERSON", f"{path}.name")
        if suffix:
            self.builder.write(f", {suffix.rstrip('.')}")

    def _identifier(self, element: Any, path: str, holder: str) -> None:
        root, extension = element.get("root") or "", (element.get("extension") or "").strip()
        word, entity = IDENTIFIERS.get(root, ("id", "MRN" if holder == "patientRole" else "ID"))
        self._labelled(f"{word} ", extension or root, entity, f"{path}.id")

    def _labelled(self, before: str, text: str, entity: str, path: str) -> None:
        if text:
            self._join()
            self.builder.write(before)
            self.builder.write(text, entity or None, path)

    def _join(self) -> None:
        if self._begun:
            self.builder.write(", ")
        self._begun = True


def patient_id(root: Any) -> str | None:
    """The id of the one patient: the first that is no social security number; None for several patients."""
    targets = list(find_all(root, "recordTarget/patientRole"))
    if len(targets) != 1:
        return None
    numbers = [
        (one.get("root") in IDENTIFIERS, (one.get("extension") or one.get("root") or "").strip())
        for one in children(targets[0], "id")
    ]
    ordered = [number for _, number in sorted(numbers, key=lambda pair: pair[0]) if number]
    return ordered[0] if ordered else None


def dates(root: Any) -> Iterator[str]:
    """Dates the document may be of, the best first: the end of the care, then its own."""
    for path in (
        "documentationOf/serviceEvent/effectiveTime/high",
        "documentationOf/serviceEvent/effectiveTime",
    ):
        if (found := find(root, path)) is not None and found.get("value"):
            yield stamp(found.get("value"))
    if (found := find(root, "effectiveTime")) is not None:
        yield stamp(found.get("value"))


def title_of(root: Any) -> str:
    """What kind of document it is, in the words of its code; a title an author wrote may name anyone."""
    return code_text(find(root, "code"), {}) or text_at(root, "title") or "Clinical document"
