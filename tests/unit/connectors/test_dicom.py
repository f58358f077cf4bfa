import io
from datetime import date
from pathlib import Path
from typing import Any

import pydicom
import pytest
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian

from ragslm.errors import QuarantineError
from ragslm.types import ParsedDocument, SourceDocument
from ragslm_connectors.medical.dicom import DicomParser

FILES = Path(__file__).parents[2] / "data" / "formats" / "dicom"
BASIC_TEXT = "1.2.840.10008.5.1.4.1.1.88.11"
PDF_STORAGE = "1.2.840.10008.5.1.4.1.1.104.1"


def parse(content: bytes) -> ParsedDocument:
    return DicomParser().parse(SourceDocument(uri="file:///x.dcm", content=content))


def fields(parsed: ParsedDocument) -> list[tuple[str, str]]:
    return [(f.entity, parsed.text[f.start : f.end]) for f in parsed.fields]


def written(dataset: Dataset, kind: str = BASIC_TEXT) -> bytes:
    dataset.SOPClassUID, dataset.SOPInstanceUID = kind, "1.2.3"
    meta = FileMetaDataset()
    meta.TransferSyntaxUID, meta.MediaStorageSOPClassUID = ExplicitVRLittleEndian, kind
    meta.MediaStorageSOPInstanceUID = "1.2.3"
    dataset.file_meta = meta
    out = io.BytesIO()
    pydicom.dcmwrite(out, dataset, enforce_file_format=True)
    return out.getvalue()


def code(meaning: str, value: str, scheme: str = "DCM") -> list[Dataset]:
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = value, scheme, meaning
    return [item]


def item(kind: str, name: list[Dataset], **values: Any) -> Dataset:
    made = Dataset()
    made.RelationshipType, made.ValueType, made.ConceptNameCodeSequence = "CONTAINS", kind, name
    for keyword, value in values.items():
        setattr(made, keyword, value)
    return made


def report(*items: Dataset) -> Dataset:
    made = Dataset()
    made.Modality, made.PatientName, made.PatientID = "SR", "Doe^Jane^Q", "M-1"
    made.PatientBirthDate, made.ContentDate = "19700203", "20240302"
    made.ReferringPhysicianName = "House^Greg"
    made.ValueType, made.ConceptNameCodeSequence = "CONTAINER", code("Chest report", "1", "L")
    made.ContentSequence = list(items)
    return made


@pytest.mark.parametrize(
    "expected",
    [
        ("PERSON", "Jane Q Doe"),
        ("PERSON", "Greg House"),
        ("MRN", "M-1"),
        ("DATE_OF_BIRTH", "1970-02-03"),
        ("ID", "1.2.3"),  # the instance
        ("PERSON", "Ann Roe"),  # an observer's name in a text item
    ],
)
def test_the_header_is_labelled_by_element(expected: tuple[str, str]) -> None:
    parsed = parse(written(report(item("TEXT", code("Person Observer Name", "121008"), TextValue="Ann Roe"))))
    assert expected in fields(parsed)
    assert (parsed.scope, parsed.effective_date) == ("Patient/M-1", date(2024, 3, 2))
    assert parsed.title == "Basic Text SR (DICOM)"


def test_a_report_reads_as_headings_and_lines() -> None:
    value = Dataset()
    value.NumericValue, value.MeasurementUnitsCodeSequence = "4.5", code("centimeter", "cm", "UCUM")
    finding = item("CODE", code("Finding", "121071"), ConceptCodeSequence=code("Mass", "4147007", "SCT"))
    finding.ContentSequence = [
        item("NUM", code("Diameter", "81827009", "SCT"), MeasuredValueSequence=[value])
    ]
    text = item("TEXT", code("Impression", "121073"), TextValue="Mass at the left hilus.\r\nFollow up.")
    parsed = parse(
        written(report(item("CONTAINER", code("Findings", "121070"), ContentSequence=[finding]), text))
    )
    assert "- Finding: Mass (SCT 4147007).\n  - Diameter: 4.5 cm (centimeter)." in parsed.text
    assert "- Impression: Mass at the left hilus.\nFollow up." in parsed.text
    assert "Chest report › Findings" in {s.path for s in parsed.sections}
    assert {("KEEP", "Mass"), ("KEEP", "4.5 cm")} <= set(fields(parsed))


@pytest.mark.parametrize(
    ("age", "meaning"),
    [("089Y", "KEEP"), ("090Y", "AGE"), ("118Y", "AGE"), ("002W", "KEEP"), ("090M", "KEEP")],
)
def test_an_age_over_89_is_personal(age: str, meaning: str) -> None:
    made = report(item("TEXT", code("Finding", "121071"), TextValue="Clear lungs."))
    made.PatientAge = age
    assert (meaning, age) in fields(parse(written(made)))


def test_an_image_gives_its_facts_and_no_pixels() -> None:
    parsed = parse((FILES / "CT_small.dcm").read_bytes())
    assert parsed.title == "CT Image (DICOM)"
    assert "Imaging modality CT (computed tomography)" in parsed.text
    assert "contrast agent ISOVUE300/100" in parsed.text
    assert "computed tomography device of GE MEDICAL SYSTEMS, model RHAPSODE" in parsed.text
    assert parse((FILES / "CT_small.dcm").read_bytes()[:-30_000]).text == parsed.text


def test_an_encapsulated_document_is_read() -> None:
    made = Dataset()
    made.Modality, made.MIMETypeOfEncapsulatedDocument = "DOC", "text/plain"
    made.EncapsulatedDocument = b"Bleeding stopped.\x00"
    assert "Bleeding stopped." in parse(written(made, PDF_STORAGE)).text


def test_a_file_without_preamble_is_read_by_its_suffix() -> None:
    content = (FILES / "test-SR.dcm").read_bytes()[132:]
    assert DicomParser().claims(content[:4096], ".dcm")
    assert not DicomParser().claims(content[:4096], ".bin")
    assert "A mass of" in parse(content).text


def whole(name: str) -> bytes:
    return (FILES / name).read_bytes()


def cut(name: str, size: int) -> bytes:
    return whole(name)[:size]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "0 bytes"),
        (b"no DICOM at all", "no DICM mark"),
        (b"\x00" * 128 + b"DICM", "SOPClassUID"),
        (b"\x00" * 128 + b"DICM" + b"\xff" * 50, "damaged|names no object"),
        (cut("test-SR.dcm", 6_000), r"Element \(0040,A730\)"),  # the report breaks off
        (cut("reportsi.dcm", 2_000), "damaged near byte|breaks off"),
        (cut("test-SR.dcm", 1_600), "Element"),
        (
            whole("test-SR.dcm").replace(b"\x40\x00\x30\xa7SQ", b"\x40\x00\x30\xa7S\x00", 1),
            "cannot be read|damaged",
        ),
    ],
)
def test_broken_files_are_quarantined_with_their_element(content: bytes, reason: str) -> None:
    with pytest.raises(QuarantineError, match=reason):
        parse(content)


def test_a_report_without_content_and_an_empty_document_are_quarantined() -> None:
    empty, made = report(), Dataset()
    del empty.ContentSequence
    made.Modality = "DOC"
    with pytest.raises(QuarantineError, match=r"\(0040,A730\) ContentSequence is missing"):
        parse(written(empty))
    with pytest.raises(QuarantineError, match=r"\(0042,0011\) EncapsulatedDocument is missing"):
        parse(written(made, PDF_STORAGE))


def leaves(dataset: Dataset) -> list[Dataset]:
    return [
        one
        for child in dataset.get("ContentSequence", [])
        for one in ([] if child.get("ValueType") == "CONTAINER" else [child]) + leaves(child)
    ]


@pytest.mark.parametrize("name", ["test-SR.dcm", "reportsi.dcm", "sr_document.dcm"])
def test_nothing_is_lost_from_a_report(name: str) -> None:
    dataset = pydicom.dcmread(FILES / name)
    parsed = parse((FILES / name).read_bytes())
    wanted = leaves(dataset)
    assert sum(block.kind == "list_item" for block in parsed.blocks) == len(wanted) > 4
    for one in wanted:
        if "MeasuredValueSequence" in one:
            assert str(one.MeasuredValueSequence[0].NumericValue) in parsed.text
        if "TextValue" in one:
            assert " ".join(one.TextValue.split()).rstrip(".") in " ".join(parsed.text.split())
