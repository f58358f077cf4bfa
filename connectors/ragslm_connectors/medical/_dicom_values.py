"""DICOM data elements as words, each with the privacy meaning its tag gives it.

Source: DICOM PS3.5 section 6.2 (value representations), PS3.15 table E.1-1 (what identifies a person).
"""

import re
from collections.abc import Iterator
from typing import Any

from ragslm.errors import QuarantineError
from ragslm_connectors._formats._builder import one_line
from ragslm_connectors.medical._old_age import OLDEST_KEPT

_DATE = re.compile(r"(\d{4})[.\-]?(\d\d)[.\-]?(\d\d)")
_TIME = re.compile(r"(\d\d):?(\d\d)")
_LONGEST = 20_000  # characters of one value

# Facts of the header that a reader asks for: keyword, words, privacy type. An empty type is free text.
HEADER = (
    ("PatientName", "Patient", "PERSON"),
    ("OtherPatientNames", "also named", "PERSON"),
    ("PatientBirthName", "born as", "PERSON"),
    ("PatientMotherBirthName", "mother born as", "PERSON"),
    ("PatientID", "patient id", "MRN"),
    ("OtherPatientIDs", "other patient ids", "MRN"),
    ("IssuerOfPatientID", "issuer", "ORGANIZATION"),
    ("PatientBirthDate", "born", "DATE_OF_BIRTH"),
    ("PatientSex", "sex", "KEEP"),
    ("PatientAge", "age", "KEEP"),
    ("PatientSize", "height in m", "KEEP"),
    ("PatientWeight", "weight in kg", "KEEP"),
    ("PatientAddress", "address", "LOCATION"),
    ("PatientTelephoneNumbers", "telephone", "PHONE_NUMBER"),
    ("EthnicGroup", "ethnic group", "NRP"),
    ("Occupation", "occupation", ""),
    ("MedicalAlerts", "medical alerts", ""),
    ("Allergies", "allergies", ""),
    ("PregnancyStatus", "pregnancy status", "KEEP"),
    ("SmokingStatus", "smoking status", "KEEP"),
    ("AdditionalPatientHistory", "history", ""),
    ("PatientComments", "comments", ""),
    ("ResponsiblePerson", "responsible person", "PERSON"),
)
STUDY = (
    ("Modality", "Imaging modality", "KEEP"),
    ("BodyPartExamined", "body part", "KEEP"),
    ("Laterality", "side", "KEEP"),
    ("ViewPosition", "view", "KEEP"),
    ("StudyDescription", "study", ""),
    ("SeriesDescription", "series", ""),
    ("ProtocolName", "protocol", ""),
    ("RequestedProcedureDescription", "requested procedure", ""),
    ("PerformedProcedureStepDescription", "performed procedure", ""),
    ("ReasonForTheRequestedProcedure", "reason", ""),
    ("AdmittingDiagnosesDescription", "admitting diagnoses", ""),
    ("StudyDate", "study date", ""),
    ("SeriesDate", "series date", ""),
    ("AcquisitionDate", "acquired", ""),
    ("ContentDate", "content date", ""),
    ("StudyComments", "comments on the study", ""),
    ("ImageComments", "comments on the image", ""),
    ("ContrastBolusAgent", "contrast agent", ""),
    ("ContrastBolusRoute", "contrast route", ""),
    ("ScanOptions", "scan options", "KEEP"),
    ("SliceThickness", "slice thickness in mm", "KEEP"),
    ("KVP", "tube voltage in kV", "KEEP"),
    ("XRayTubeCurrent", "tube current in mA", "KEEP"),
    ("ExposureTime", "exposure time in ms", "KEEP"),
    ("MagneticFieldStrength", "field strength in T", "KEEP"),
    ("PatientPosition", "patient position", "KEEP"),
    ("NumberOfFrames", "frames", "KEEP"),
    ("Rows", "rows", "KEEP"),
    ("Columns", "columns", "KEEP"),
    ("AccessionNumber", "accession number", "ID"),
    ("StudyID", "study id", "ID"),
    ("StudyInstanceUID", "study UID", "ID"),
    ("SeriesInstanceUID", "series UID", "ID"),
    ("SOPInstanceUID", "instance UID", "ID"),
)
PLACE = (
    ("ReferringPhysicianName", "Referred by", "PERSON"),
    ("PhysiciansOfRecord", "physicians of record", "PERSON"),
    ("PerformingPhysicianName", "performed by", "PERSON"),
    ("NameOfPhysiciansReadingStudy", "read by", "PERSON"),
    ("RequestingPhysician", "requested by", "PERSON"),
    ("OperatorsName", "operator", "PERSON"),
    ("InstitutionName", "institution", "ORGANIZATION"),
    ("InstitutionAddress", "institution's address", "LOCATION"),
    ("InstitutionalDepartmentName", "department", ""),
    ("Manufacturer", "device of", "KEEP"),
    ("ManufacturerModelName", "model", "KEEP"),
    ("StationName", "station", "ID"),
    ("DeviceSerialNumber", "device serial number", "DEVICE_ID"),
)
STATUS = (
    ("CompletionFlag", "Report completion", "KEEP"),
    ("VerificationFlag", "report verification", "KEEP"),
    ("PreliminaryFlag", "report stage", "KEEP"),
)
_WORDS = {"M": "male", "F": "female", "O": "other"}


def age_is(value: str) -> str:
    """Privacy type of an age string: over 89 years it is personal; what is no age string is free text.

    Source: 45 CFR 164.514(b)(2)(i)(C); DICOM PS3.5, 6.2, AS.
    """
    if not re.fullmatch(r"\d{3}[DWMY]", value):
        return ""
    return "AGE" if value.endswith("Y") and int(value[:3]) > OLDEST_KEPT else "KEEP"


def element(dataset: Any, keyword: str) -> Any:
    """The value of an element, None if it is not there.

    Raises:
        QuarantineError: it cannot be read; names tag and keyword.
    """
    try:
        return dataset.get(keyword)
    except Exception as error:  # pydicom converts when asked, and fails in many ways on damaged values
        raise unreadable(keyword, error) from None


def unreadable(keyword: str, error: Exception) -> QuarantineError:
    """The reason for an element that cannot be read."""
    from pydicom.datadict import tag_for_keyword

    tag = tag_for_keyword(keyword) or 0
    return QuarantineError(
        f"Element ({tag >> 16:04X},{tag & 0xFFFF:04X}) {keyword} cannot be read ({type(error).__name__})."
    )


def text_of(dataset: Any, keyword: str) -> str:
    """An element in one line, several values by commas; empty if it is not there.

    Raises:
        QuarantineError: it cannot be read; names tag and keyword.
    """
    value = element(dataset, keyword)
    if value is None:
        return ""
    try:
        values = value if _is_multiple(value) else [value]
        told = [_one(item, keyword) for item in values]
    except Exception as error:  # a person's name decodes its characters here
        raise unreadable(keyword, error) from None
    return ", ".join(text for text in told if text)[:_LONGEST]


def lines_of(dataset: Any, keyword: str) -> list[str]:
    """The lines of a text that have words.

    Raises:
        QuarantineError: it cannot be read; names tag and keyword.
    """
    value = element(dataset, keyword)
    lines = str(value).replace("\x00", "").splitlines() if value is not None else []
    return [text for line in lines if (text := one_line(line))]


def names_of(dataset: Any, keyword: str) -> list[str]:
    """The persons an element names, given names first.

    Raises:
        QuarantineError: it cannot be read; names tag and keyword.
    """
    value = element(dataset, keyword)
    if value is None:
        return []
    try:
        return [name for item in (value if _is_multiple(value) else [value]) if (name := _name(item))]
    except Exception as error:
        raise unreadable(keyword, error) from None


def sequence(dataset: Any, keyword: str) -> list[Any]:
    """The items of a sequence.

    Raises:
        QuarantineError: it cannot be read; names tag and keyword.
    """
    value = element(dataset, keyword)
    try:
        return [item for item in value or () if hasattr(item, "get")]
    except Exception as error:
        raise unreadable(keyword, error) from None


def code_of(dataset: Any, keyword: str) -> tuple[str, str]:
    """Meaning, and code with its scheme such as `SCT 17621005`, of the first item of a code sequence."""
    for item in sequence(dataset, keyword)[:1]:
        code = text_of(item, "CodeValue") or text_of(item, "LongCodeValue") or text_of(item, "URNCodeValue")
        scheme = text_of(item, "CodingSchemeDesignator")
        return text_of(item, "CodeMeaning") or code, f"{scheme} {code}".strip()
    return "", ""


def all_codes(dataset: Any, keyword: str) -> Iterator[str]:
    """Every meaning and code of a code sequence, its equivalents included."""
    for item in sequence(dataset, keyword):
        for one in (item, *sequence(item, "EquivalentCodeSequence")):
            for name in ("CodeMeaning", "CodeValue", "LongCodeValue", "URNCodeValue"):
                yield text_of(one, name)


def date_of(text: str) -> str:
    """`20040119` or `1997.04.24` as `2004-01-19`; other text as it is."""
    found = _DATE.match(text.strip())
    return "-".join(found.groups()) if found else text


def stamp_of(text: str) -> str:
    """A date and time as `2001-02-13 18:47`."""
    day, rest = text[:8], text[8:]
    time = _TIME.match(rest)
    return f"{date_of(day)} {time[1]}:{time[2]}" if time else date_of(text)


def time_of(text: str) -> str:
    """`160527` as `16:05`."""
    found = _TIME.match(text)
    return f"{found[1]}:{found[2]}" if found else text


def _is_multiple(value: Any) -> bool:
    return not isinstance(value, (str, bytes)) and hasattr(value, "__iter__") and not _is_name(value)


def _is_name(value: Any) -> bool:
    return hasattr(value, "family_name")


def _one(value: Any, keyword: str) -> str:
    if _is_name(value):
        return _name(value)
    if isinstance(value, bytes):
        return ""
    text = one_line(str(value).replace("\x00", ""))
    if keyword.endswith("Date"):
        return date_of(text)
    return _WORDS.get(text, text) if keyword == "PatientSex" else text


def _name(value: Any) -> str:
    """Given, middle and family name of the first group; a name in ideographs where there is only that."""
    if not _is_name(value):
        return one_line(str(value).replace("^", " ").replace("=", " "))
    parts = [value.given_name, value.middle_name, value.family_name]
    text = one_line(" ".join(part for part in parts if part).replace("^", " "))
    return text or one_line(str(value).replace("^", " ").replace("=", " "))
