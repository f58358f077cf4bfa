"""Bad input ends in a `QuarantineError` that says why, quickly, and never in another error."""

import io
import time
import zipfile
from pathlib import Path

import pytest

from ragslm.errors import QuarantineError
from ragslm.registry import find_parser
from ragslm.types import SourceDocument
from ragslm_connectors.banking import DOMAIN as BANKING
from ragslm_connectors.generic import DOMAIN as GENERIC
from ragslm_connectors.medical import DOMAIN as MEDICAL

FILES = Path(__file__).parents[2] / "data" / "formats"
DOMAINS = [GENERIC, MEDICAL, BANKING]
CAMT = b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02">'
CDA = b'<ClinicalDocument xmlns="urn:hl7-org:v3">'
PAIN = b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09">'
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20
BOMB = b"""<?xml version="1.0"?>
<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
""" + CAMT.replace(b">", b">&b;</Document>")
EXTERNAL = (
    b'<?xml version="1.0"?>\n\n<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>\n'
    + CAMT
    + b"&x;</Document>"
)


def zipped(name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return out.getvalue()


def parser_name(content: bytes, suffix: str) -> str | None:
    parser = find_parser(DOMAINS, content[:4096], suffix)
    return parser.name if parser else None


@pytest.mark.parametrize(
    ("content", "suffix", "reason"),
    [
        (b"", ".pdf", "0 bytes"),  # nothing at all, under every suffix
        (b"", ".docx", "0 bytes"),
        (b"", ".html", "0 bytes"),
        (b"", ".md", "0 bytes"),
        (b"", ".txt", "0 bytes"),
        (b"", ".csv", "0 bytes"),
        (b"", ".json", "0 bytes"),
        (PNG, ".pdf", "not a PDF"),  # a picture with a wrong name
        (b"just words", ".pdf", "not a PDF"),
        (b"%PDF-1.7\ntruncated", ".pdf", "damaged"),  # a header and nothing behind it
        ((FILES / "password.pdf").read_bytes(), ".pdf", "password"),  # encrypted
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 600, ".docx", "password-protected"),  # encrypted or old Word
        (zipped("word/document.xml", b"<broken"), ".docx", "not a readable Word"),
        (zipped("word/document.xml", b"\x00" * 250_000_000), ".docx", "unpacks"),  # zip bomb
        (b"", ".pptx", "0 bytes"),
        (b"", ".xlsx", "0 bytes"),
        (b"", ".xls", "0 bytes"),
        (b"", ".odt", "0 bytes"),
        (b"", ".rtf", "0 bytes"),
        (b"", ".eml", "0 bytes"),
        (b"", ".msg", "0 bytes"),
        (b"", ".zip", "0 bytes"),
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 600, ".xlsx", "password-protected"),
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 600, ".pptx", "password-protected"),
        (zipped("ppt/presentation.xml", b"<broken"), ".pptx", "not a readable PowerPoint"),
        (zipped("xl/workbook.xml", b"<broken"), ".xlsx", "not a readable Excel"),
        (zipped("xl/workbook.xml", b"\x00" * 250_000_000), ".xlsx", "unpacks"),
        (zipped("content.xml", b"<!DOCTYPE x [<!ENTITY a 'b'>]><x/>"), ".odt", "Line 1"),
        (b"a\x01\x02\x03\x04\x05b" * 50, ".txt", "control characters"),  # text in name only
        (b"\xff\xfea", ".txt", "does not fit"),  # half a UTF-16 character
        (b"\x81\x8d\x8f\x90 text", ".txt", "neither"),  # bytes that fit no encoding
        (b"<p>" + b"<div>" * 100_000, ".html", "nested too deeply"),  # bottomless HTML
        (b"a" * 200_000_000, ".txt", "too large"),  # 200 MB of text
        (b"a" * 25_000_000, ".md", "too long"),
        (b"[" * 100_000, ".json", "nested too deeply"),  # deep JSON
        (b'{"resourceType":' + b'{"a":' * 100_000, ".json", "nested too deeply"),
        (b'{"a": 1}', ".json", "no FHIR resource"),
        (b'{"resourceType": "Bundle"', ".json", "Line 1"),  # cut off
        (b'{"resourceType": "Bundle", "entry": []}', ".json", "no resource"),
        (BOMB, ".xml", "Line 2"),  # entity bomb
        (EXTERNAL, ".xml", "Line 3"),  # reference to a file
        (EXTERNAL.decode().encode("utf-16"), ".xml", None),  # hidden in another encoding: nobody's
        (CAMT + b"<a>", ".xml", "not well-formed"),
        (CAMT + b"<a>" * 100_000, ".xml", "not well-formed"),  # bottomless XML
        ((FILES / "camt053.v2.wrong.xml").read_bytes(), ".xml", "no statement"),
        (b'<regulation xmlns="eregs"/>', ".xml", "no RegML"),
        (b"<!DOCTYPE x [<!ENTITY a 'ha'>]>" + CDA + b"&a;", ".xml", "Line 1"),  # an entity in CDA
        (CDA + b"<a>" * 100_000, ".xml", "not well-formed"),  # bottomless CDA
        (b"MSH|^~\\&|A" + b"|" * 5_000_000, ".hl7", "MSH-9"),  # empty fields without end
        (b"\x00" * 128 + b"DICM" + bytes(200_000), ".dcm", "SOPClassUID|damaged"),
        (PAIN + b"<CstmrCdtTrfInitn/></Document>", ".xml", "Line 1: the message holds no CdtTrfTxInf"),
        (PAIN + b"<Other/></Document>", ".xml", "Line 1: the document holds no payment order"),
        (PAIN.replace(b"pain.001", b"pain.002") + b"</Document>", ".xml", "no OrgnlGrpInfAndSts"),
        ((FILES / "invalid_statement.sta").read_bytes(), ".sta", "Line 1: the file holds no MT940 tag"),
        (b":20:x\n:25:1\n:60F:C200101EUR1,\n:61:oops\n", ".sta", "Line 4: :61: is no entry"),
        (b":20:x\n:25:1\n:60F:C209901EUR1,\n", ".sta", "Line 3: :60F: holds no date"),
        (b":20:x\n:25:1\n:62F:XX\n", ".sta", "Line 3: :62F: is no balance"),
        (b":20:x\n:21:y\n", ".sta", "Line 1: the statement has no account"),
        ((FILES / "date_missing.ofx").read_bytes(), ".ofx", r"Line 33: STMTRS\[1\].*DTPOSTED is missing"),
        ((FILES / "decimal_error.ofx").read_bytes(), ".ofx", r"Line 36: STMTRS\[1\].*DTPOSTED is no date"),
        (b"<OFX><SIGNONMSGSRSV1></OFX>", ".ofx", "Line 1: OFX holds no statement"),
        (b"<OFX>\n<BANKMSGSRSV1>\n", ".ofx", "Line 2: element BANKMSGSRSV1 is not closed"),
        (b"<OFX>\n</STMTRS></OFX>", ".ofx", "Line 2: the end tag of STMTRS closes nothing"),
        (b"<OFX>" + b"<A>" * 100_000, ".ofx", "nested too deeply"),
        (b"<OFX><MEMO><![CDATA[x", ".ofx", "CDATA section is not closed"),
        (b"<!DOCTYPE x><OFX></OFX>", ".ofx", "Line 1: OFX with a document type"),
        (b"no tags", ".ofx", "no element OFX"),
        (b"---\nstatement_csv: 1\nx: [\n---\na\n", ".csv", "no valid YAML"),
        (b"---\nstatement_csv: 1\n---\na\n", ".csv", "'columns' must be"),
        (PNG, ".png", None),  # a type nobody reads
        (b"MZ\x00\x00", ".exe", None),
    ],
)
def test_bad_input(content: bytes, suffix: str, reason: str | None) -> None:
    parser = find_parser(DOMAINS, content[:4096], suffix)
    if reason is None:
        assert parser is None
        return
    assert parser is not None
    begun = time.monotonic()
    with pytest.raises(QuarantineError, match=reason):
        parser.parse(SourceDocument(uri="file:///bad" + suffix, content=content))
    assert time.monotonic() - begun < 5


@pytest.mark.parametrize(
    ("file", "suffix", "expected"),
    [
        ("fake-memo.pdf", ".txt", "pdf"),  # content outweighs the suffix
        ("example-10k-1p.html", ".txt", "inline-xbrl"),
        ("filing.ixbrl.htm", ".htm", "inline-xbrl"),
        ("pain_002_v3_group_reject.xml", ".xml", "iso20022-status"),  # it names the order it answers
        ("pain.008.001.08.xml", ".xml", "iso20022-payments"),
        ("mt940.txt", ".txt", "mt940"),
        ("generic.sta", "", "mt940"),
        ("anzcc.ofx", ".xml", "ofx"),
        ("date_missing.ofx", "", "ofx"),
        ("statement-de.csv", ".csv", "statement-csv"),
        ("simple.docx", ".pdf", "docx"),
        ("simple.pptx", ".docx", "pptx"),
        ("stanley-cups.xlsx", ".xls", "xlsx"),
        ("2023-half-year-analyses-by-segment.xlsx", ".zip", "xlsx"),
        ("fake.odt", ".zip", "odt"),
        ("letter.rtf", ".doc", "rtf"),
        ("basic_email.eml", "", "eml"),
        ("papers.zip", ".txt", "archive"),
        ("records.tar.gz", "", "archive"),
        ("tests-example.xls", ".xls", "xls"),
        ("fake-email.msg", ".msg", "msg"),
        ("Bundle-lipids.json", ".txt", "fhir"),
        ("camt053.v8.xml", ".xml", "camt"),
        ("hl7v2/LAB-ORU-1.hl7", ".txt", "hl7v2"),
        ("ccda/CCD.xml", ".xml", "ccda"),
        ("dicom/test-SR.dcm", "", "dicom"),
        ("ticket.record", ".json", "record"),  # a connector's uri may end so
        ("note.txt", "", "text"),
        ("note.txt", ".md", "markdown"),
        ("fees.csv", ".csv", "csv"),
    ],
)
def test_content_outweighs_the_suffix(file: str, suffix: str, expected: str) -> None:
    assert parser_name((FILES / file).read_bytes(), suffix) == expected
