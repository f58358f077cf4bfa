"""C-CDA and other CDA R2 documents: header, narrative sections, coded entries, embedded documents.

Field policy, by element: names of persons are `PERSON`, of organisations `ORGANIZATION`; addresses
`LOCATION`; telecoms `PHONE_NUMBER` or `EMAIL_ADDRESS`; birth and death times `DATE_OF_BIRTH` and
`DATE_OF_DEATH`; ids by their root `US_SSN`, `US_NPI` or `US_MBI`, else `MRN` for the patient's and `ID` for
others'. Codes with their display names, quantities, lot numbers and device models are `KEEP`. Narrative,
texts and descriptions are free text, which recognisers scrub; names of the header are found in it again, and
what an entry labels in the narrative that it refers to.
Of who took part in an entry only names are told. Ids of the document, of entries and of templates are left
out: they say nothing to a reader.

Source: HL7 CDA R2 and C-CDA R2.1, https://www.hl7.org/ccdasearch/
"""

from datetime import date
from typing import Any

from ragslm.errors import QuarantineError
from ragslm.types import PATH_SEPARATOR, ParsedDocument, SourceDocument
from ragslm_connectors._formats._builder import TextBuilder
from ragslm_connectors._formats._limits import MAX_CHARS, content_of
from ragslm_connectors._formats._xml import children, find, find_all, is_xml, local, parse_xml, text_at
from ragslm_connectors.medical._cda_entries import EntryWriter
from ragslm_connectors.medical._cda_header import PartyWriter, dates, patient_id, title_of
from ragslm_connectors.medical._cda_links import divided
from ragslm_connectors.medical._cda_narrative import lines_of, texts_by_id
from ragslm_connectors.medical._cda_statements import entries_of
from ragslm_connectors.medical._cda_values import code_label, code_text, words
from ragslm_connectors.medical._embedded import from_base64, write_embedded

_ROOT = b"ClinicalDocument"
_NAMESPACE = b"urn:hl7-org:v3"
_DEEPEST = 12


class CcdaParser:
    """CDA R2 documents.

    The scope is `Patient/<id>` of the one recordTarget, the effective date the end of the care described,
    else the document's own. A section path is the sections' titles with their LOINC codes; `Entry 3` for the
    third coded entry of a section, `Entry 3.1` for the first result of the panel in it, and the IDs of the
    narrative that it is one record with, such as `Entry 3, text #allergy3`.

    Attributes:
        max_chars: longest text accepted, in characters.
    """

    name = "ccda"
    media_type = "application/hl7-cda+xml"
    max_chars = MAX_CHARS

    def claims(self, head: bytes, suffix: str) -> bool:
        """XML whose first bytes name ClinicalDocument, or the HL7 v3 namespace behind a long comment."""
        plain = head.replace(b"\x00", b"") if head[:2] in (b"\xff\xfe", b"\xfe\xff") else head
        if plain is not head:
            return _ROOT in plain
        return is_xml(head) and (b"<" + _ROOT in head or b":" + _ROOT in head or _NAMESPACE in head)

    def parse(self, document: SourceDocument) -> ParsedDocument:
        """A section for each part of the header, each section's narrative, and each entry.

        Raises:
            QuarantineError: empty, not well-formed, with a document type, no ClinicalDocument, without a
                body, or with an embedded document nobody reads; names line or element.
        """
        root = parse_xml(content_of(document, self.max_chars))
        if local(root) != _ROOT.decode():
            raise QuarantineError(f"Line {root.sourceline}: the XML is no CDA ClinicalDocument.")
        builder = TextBuilder(self.max_chars)
        _write_start(builder, root)
        PartyWriter(builder).header(root)
        _write_body(builder, root)
        scope = patient_id(root)
        return builder.build(
            title=title_of(root), effective_date=_effective(root), scope=f"Patient/{scope}" if scope else None
        )


def _write_start(builder: TextBuilder, root: Any) -> None:
    builder.section("Document")
    # A heading: by itself it names everything the document is about, and answers nothing.
    builder.block("heading", text_at(root, "title") or title_of(root))
    if label := code_label(find(root, "code")):
        builder.write(" (")
        builder.write(f"{title_of(root)}, {label}", "KEEP", "ClinicalDocument.code")
        builder.write(")")
    if day := next(dates(root), ""):
        builder.write(f", {day}")
    builder.write(".")
    builder.close()


def _write_body(builder: TextBuilder, root: Any) -> None:
    bodies = 0
    for component in children(root, "component"):
        for body in children(component, "structuredBody"):
            bodies += 1
            for section in find_all(body, "component/section"):
                _write_section(builder, section, (), 0)
        for body in children(component, "nonXMLBody"):
            bodies += 1
            _write_embedded(builder, body)
    if not bodies:
        raise QuarantineError(
            f"Line {root.sourceline}: ClinicalDocument has neither structuredBody nor nonXMLBody."
        )


def _write_section(builder: TextBuilder, section: Any, above: tuple[str, ...], depth: int) -> None:
    if depth > _DEEPEST:
        raise QuarantineError(f"Line {section.sourceline}: sections are nested more than {_DEEPEST} deep.")
    code = find(section, "code")
    title = text_at(section, "title") or words(find(section, "title")) or code_text(code, {}) or "Section"
    label = code_label(code)
    path = (*above, (f"{title} ({label})" if label else title).replace(PATH_SEPARATOR.strip(), "-"))
    builder.section(PATH_SEPARATOR.join(path))
    builder.block("heading", title)
    narrative, entries = find(section, "text"), entries_of(section)
    lines = lines_of(narrative) if narrative is not None else []
    rest, quoted = divided(lines, entries)
    for line in rest:
        builder.block(line.kind, line.text())
    builder.close()
    texts = texts_by_id(narrative) if narrative is not None else {}
    writer = EntryWriter(builder, PATH_SEPARATOR.join(path), texts, quoted)
    for number, entry in enumerate(entries, 1):
        writer.write(entry, number)
    for inner in find_all(section, "component/section"):
        _write_section(builder, inner, path, depth + 1)


def _write_embedded(builder: TextBuilder, body: Any) -> None:
    text = find(body, "text")
    if text is None:
        raise QuarantineError(f"Line {body.sourceline}: nonXMLBody has no text.")
    place = f"Line {text.sourceline}, nonXMLBody/text"
    reference = find(text, "reference")
    said = "".join(text.itertext())
    if reference is not None and not said.strip():
        raise QuarantineError(f"{place}: the body is a reference to another file, which is not read.")
    encoded = (text.get("representation") or "TXT").upper() == "B64"
    if text.get("compression"):
        raise QuarantineError(f"{place}: a compressed body is not read.")
    content = from_base64(said, place) if encoded else said.strip().encode()
    write_embedded(builder, content, text.get("mediaType") or "text/plain", place, "Body")


def _effective(root: Any) -> date | None:
    for day in dates(root):
        try:
            return date.fromisoformat(day.split(" ")[0])
        except ValueError:
            continue
    return None
