"""DICOM: Structured Reports as text, encapsulated documents, and the facts of an image's header.

Pixels are never read: reading stops before them. Overlays, waveforms and private elements are not looked at.

Field policy, by element: names of patients, physicians and operators are `PERSON`, patient ids `MRN`, birth
dates `DATE_OF_BIRTH`, addresses `LOCATION`, telephone numbers `PHONE_NUMBER`, institutions `ORGANIZATION`,
accession numbers, study ids, station names and every instance UID `ID`, device serial numbers `DEVICE_ID`,
ethnic group `NRP`. In a report, person names are `PERSON`, and texts whose concept is an observer's or
subject's name, id or birth date are labelled so; concept names, codes, measurements and coordinates are
`KEEP`. Descriptions, comments, histories and report texts are free text, which recognisers scrub. Elements
not named in `_dicom_values` are left out. Dates of the study stay.

Source: DICOM PS3.3 (information objects), PS3.15 annex E, https://www.dicomstandard.org/current
"""

import io
import warnings
from datetime import date
from typing import Any

from ragslm.errors import QuarantineError
from ragslm.types import ParsedDocument, SourceDocument
from ragslm_connectors._formats._builder import TextBuilder
from ragslm_connectors._formats._limits import MAX_CHARS
from ragslm_connectors.medical._dicom_content import ContentWriter
from ragslm_connectors.medical._dicom_values import (
    HEADER,
    PLACE,
    STATUS,
    STUDY,
    age_is,
    code_of,
    element,
    names_of,
    sequence,
    stamp_of,
    text_of,
)
from ragslm_connectors.medical._embedded import write_embedded

_MARK = b"DICM"
_PREAMBLE = 128
_SUFFIXES = frozenset({".dcm", ".dicom", ".dic"})
_GROUPS = (b"\x02\x00", b"\x08\x00", b"\x00\x02", b"\x00\x08")  # first element of a file without preamble
_NEEDED = ("SOPClassUID", "Modality", "PatientID", "PatientName")
_UNDEFINED = 0xFFFFFFFF
_REPORTS = frozenset({"SR", "KO"})
_DATES = ("ContentDate", "AcquisitionDate", "SeriesDate", "StudyDate", "InstanceCreationDate")
_MODALITIES = {
    "CR": "Computed radiography",
    "CT": "Computed tomography",
    "DX": "Digital radiography",
    "ECG": "Electrocardiography",
    "ES": "Endoscopy",
    "MG": "Mammography",
    "MR": "Magnetic resonance imaging",
    "NM": "Nuclear medicine",
    "OT": "Other imaging",
    "PT": "Positron emission tomography",
    "RF": "Fluoroscopy",
    "SM": "Slide microscopy",
    "SR": "Structured report",
    "US": "Ultrasound",
    "XA": "Angiography",
}
_Facts = tuple[tuple[str, str, str], ...]


class DicomParser:
    """DICOM files.

    The scope is `Patient/<PatientID>`, the effective date that of the content.

    Attributes:
        max_chars: longest text accepted, in characters.
    """

    name = "dicom"
    media_type = "application/dicom"
    max_chars = MAX_CHARS

    def claims(self, head: bytes, suffix: str) -> bool:
        """The mark behind the preamble; or a DICOM suffix over a file that begins with an early element."""
        if head[_PREAMBLE : _PREAMBLE + 4] == _MARK:
            return True
        return suffix in _SUFFIXES and (not head or head[:2] in _GROUPS)

    def parse(self, document: SourceDocument) -> ParsedDocument:
        """Patient, study, place and status as a paragraph each; then the report, or the embedded document.

        Raises:
            QuarantineError: empty, no DICOM, cut off, or an element cannot be read; names the element.
        """
        if not document.content:
            raise QuarantineError("The file is empty (0 bytes).")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # pydicom warns of every value that breaks a rule
            return self._parsed(_read(document.content))

    def _parsed(self, dataset: Any) -> ParsedDocument:
        builder = TextBuilder(self.max_chars)
        kind = _kind(dataset)
        _write_facts(builder, dataset, "Patient", HEADER)
        _write_facts(builder, dataset, "Study", STUDY)
        _write_facts(builder, dataset, "Place", PLACE)
        _write_facts(builder, dataset, "Report status", STATUS)
        _write_report(builder, dataset)
        if "EncapsulatedDocument" in dataset:
            _write_document(builder, dataset)
        scope = text_of(dataset, "PatientID")
        return builder.build(
            title=kind, effective_date=_effective(dataset), scope=f"Patient/{scope}" if scope else None
        )


def _read(content: bytes) -> Any:
    """The data set up to its pixels.

    Raises:
        QuarantineError: it is none, or it breaks off.
    """
    import pydicom
    from pydicom.errors import InvalidDicomError

    marked = content[_PREAMBLE : _PREAMBLE + 4] == _MARK
    if not marked and content[:2] not in _GROUPS:
        raise QuarantineError("The file is not DICOM: there is no DICM mark at byte 128.")
    file = io.BytesIO(content)
    try:
        with pydicom.config.disable_value_validation():
            dataset = pydicom.dcmread(file, stop_before_pixels=True, force=not marked)
    except InvalidDicomError:
        raise QuarantineError("The file is not DICOM: its header cannot be read.") from None
    except (MemoryError, RecursionError):
        raise
    except Exception as error:  # struct, value, key, attribute errors: whatever damaged bytes bring about
        raise QuarantineError(
            f"The DICOM data set is damaged near byte {file.tell()} ({type(error).__name__})."
        ) from None
    if not any(keyword in dataset for keyword in _NEEDED):
        raise QuarantineError(
            "The DICOM data set names no object and no patient: elements (0008,0016) SOPClassUID, "
            "(0008,0060) Modality and (0010,0020) PatientID are missing."
        )
    _check_whole(dataset)
    return dataset


def _check_whole(dataset: Any) -> None:
    """Refuse what pydicom reads without complaint: a file that breaks off.

    Raises:
        QuarantineError: a value is shorter than its length says, or the report or document is missing.
    """
    from pydicom.dataelem import RawDataElement

    for tag in dataset.keys():  # noqa: SIM118 (iterating the data set itself would convert its elements)
        place = f"({tag.group:04X},{tag.element:04X})"
        try:
            raw = dataset.get_item(tag)
        except Exception as error:  # some elements are converted at once, which damaged ones do not survive
            raise QuarantineError(f"Element {place} cannot be read ({type(error).__name__}).") from None
        if not isinstance(raw, RawDataElement) or not raw.value or raw.length == _UNDEFINED:
            continue
        if (got := len(raw.value)) < raw.length:
            raise QuarantineError(f"Element {place} breaks off: {got} bytes of {raw.length}.")
    if text_of(dataset, "Modality") in _REPORTS and "ContentSequence" not in dataset:
        raise QuarantineError("Element (0040,A730) ContentSequence is missing: the report has no content.")
    if ".104." in text_of(dataset, "SOPClassUID") and "EncapsulatedDocument" not in dataset:
        raise QuarantineError("Element (0042,0011) EncapsulatedDocument is missing.")


def _kind(dataset: Any) -> str:
    """`CT Image`, `Comprehensive SR`: what kind of object it is; never a name or a description."""
    from pydicom.uid import UID

    uid = text_of(dataset, "SOPClassUID")
    name = UID(uid).name if uid and len(uid) <= 64 else ""
    modality = text_of(dataset, "Modality")
    known = _MODALITIES.get(modality, "")
    if not name or name == uid:
        return f"DICOM object ({known})" if known else "DICOM object"
    return f"{name.removesuffix(' Storage')} (DICOM)"


def _write_facts(builder: TextBuilder, dataset: Any, section: str, facts: _Facts) -> None:
    """One sentence of the elements that are there."""
    builder.section(section)
    builder.block("record")
    told = False
    for keyword, word, entity in facts:
        values = names_of(dataset, keyword) if entity == "PERSON" else [text_of(dataset, keyword)]
        for value in filter(None, values):
            machine = _machine(dataset) if keyword == "Manufacturer" else ""
            builder.write(f"{', ' if told else ''}{machine}{word} ")
            builder.write(value, (age_is(value) if keyword == "PatientAge" else entity) or None, keyword)
            told = True
            if keyword == "Modality" and value in _MODALITIES:
                builder.write(f" ({_MODALITIES[value].lower()})")
    if section == "Patient":
        told |= _write_other_ids(builder, dataset, told)
    builder.write("." if told else "")
    builder.close()


def _machine(dataset: Any) -> str:
    """What a device makes, before its maker's name; empty where the object tells of none."""
    modality = text_of(dataset, "Modality")
    known = modality in _MODALITIES and modality not in (*_REPORTS, "OT")
    return f"{_MODALITIES[modality].lower()} " if known else ""


def _write_other_ids(builder: TextBuilder, dataset: Any, told: bool) -> bool:
    for item in sequence(dataset, "OtherPatientIDsSequence"):
        if number := text_of(item, "PatientID"):
            builder.write(", also id " if told else "Patient id ")
            builder.write(number, "MRN", "OtherPatientIDsSequence.PatientID")
            told = True
    return told


def _write_report(builder: TextBuilder, dataset: Any) -> None:
    """The tree of a Structured Report, below its title, and who verified it."""
    items = sequence(dataset, "ContentSequence")
    title, _ = code_of(dataset, "ConceptNameCodeSequence")
    if items:
        builder.begin_heading(1, title or "Report")
        builder.write(title or "Report", "KEEP", "ConceptNameCodeSequence")
        builder.close()
        ContentWriter(builder).write(dataset, level=2)
    observers = sequence(dataset, "VerifyingObserverSequence")
    if observers:
        builder.section("Verification")
    for observer in observers:
        builder.block("record", "Report verified")
        for name in names_of(observer, "VerifyingObserverName"):
            builder.write(" by ")
            builder.write(name, "PERSON", "VerifyingObserverName")
        if organisation := text_of(observer, "VerifyingOrganization"):
            builder.write(", ")
            builder.write(organisation, "ORGANIZATION", "VerifyingOrganization")
        if when := text_of(observer, "VerificationDateTime"):
            builder.write(f", {stamp_of(when)}")
        builder.write(".")
    builder.close()


def _write_document(builder: TextBuilder, dataset: Any) -> None:
    """An encapsulated PDF, CDA or other document."""
    place = "Element (0042,0011) EncapsulatedDocument"
    content = element(dataset, "EncapsulatedDocument")
    if not isinstance(content, bytes) or not content.strip(b"\x00"):
        raise QuarantineError(f"{place} is empty.")
    media = text_of(dataset, "MIMETypeOfEncapsulatedDocument")
    length = element(dataset, "EncapsulatedDocumentLength")
    told = length if isinstance(length, int) and 0 < length <= len(content) else len(content)
    write_embedded(builder, content[:told].rstrip(b"\x00"), media, place, "Document")


def _effective(dataset: Any) -> date | None:
    for keyword in _DATES:
        try:
            return date.fromisoformat(text_of(dataset, keyword))
        except ValueError:
            continue
    return None
