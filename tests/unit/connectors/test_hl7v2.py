from datetime import date
from pathlib import Path

import pytest

from ragslm.errors import QuarantineError
from ragslm.testing.parser_contract import assert_sound
from ragslm.types import ParsedDocument, SourceDocument
from ragslm_connectors.medical.hl7v2 import Hl7v2Parser

FILES = Path(__file__).parents[2] / "data" / "formats" / "hl7v2"
HEAD = "MSH|^~\\&|LAB|H|EHR|H|20240302101500||ORU^R01|1|P|2.5.1"
PERSON = (
    "PID|1||M-1^^^H^MR~999112222^^^SSA^SS||Doe&van^Jane^Q^^Dr.^MD||19700203|F|||1 Main St^^Boston^MA^02108"
)


def parse(*segments: str, head: str = HEAD, encoding: str = "utf-8") -> ParsedDocument:
    return parse_bytes("\r".join([head, *segments]).encode(encoding))


def parse_bytes(content: bytes) -> ParsedDocument:
    return Hl7v2Parser().parse(SourceDocument(uri="file:///x.hl7", content=content))


def fields(parsed: ParsedDocument) -> list[tuple[str, str]]:
    return [(f.entity, parsed.text[f.start : f.end]) for f in parsed.fields]


def test_a_result_reads_as_one_line() -> None:
    parsed = parse(
        "OBR|1|||57021-8^CBC^LN",
        "OBX|1|NM|718-7^Hemoglobin^LN||9.1|g/dL^grams per deciliter^UCUM|13.5-17.5|L|||F|||20240302101500",
    )
    assert "Hemoglobin 9.1 g/dL (low, reference 13.5–17.5), 2024-03-02 (LOINC 718-7)." in parsed.text
    assert parsed.sections[-1].path == "CBC › Hemoglobin › OBX[1]"
    assert parsed.effective_date == date(2024, 3, 2)
    assert {("KEEP", "Hemoglobin"), ("KEEP", "9.1"), ("KEEP", " g/dL")} <= set(fields(parsed))


@pytest.mark.parametrize(
    ("segment", "expected"),
    [
        (PERSON, ("PERSON", "Jane Q Doe")),
        (PERSON, ("PERSON", "van")),  # a partner's surname
        (PERSON, ("DATE_OF_BIRTH", "1970-02-03")),
        (PERSON, ("MRN", "M-1")),
        (PERSON, ("US_SSN", "999112222")),  # by its type in table 0203
        (PERSON, ("LOCATION", "1 Main St, Boston, MA, 02108")),
        ("PID|||||||||||||(617)555-1", ("PHONE_NUMBER", "(617)555-1")),
        ("PID|||||||||||||^NET^Internet^j@example.org", ("EMAIL_ADDRESS", "j@example.org")),
        ("PID||||||||||||||||||A-1^^^H^AN|999-11-2222|S1^MA", ("ACCOUNT", "A-1")),
        ("PID||||||||||||||||||A-1^^^H^AN|999-11-2222|S1^MA", ("US_SSN", "999-11-2222")),
        ("PID||||||||||||||||||A-1^^^H^AN|999-11-2222|S1^MA", ("US_DRIVER_LICENSE", "S1")),
        ("NK1|1|Roe^Ann|MTH^mother", ("PERSON", "Ann Roe")),
        ("PV1|1|I|W1^12^3^H|||| 99^House^Greg", ("PERSON", "Greg House")),
        ("PV1|1|I|W1^12^3^H", ("ORGANIZATION", "H")),
        ("OBR|1|ORD-1^EHR|||", ("ID", "ORD-1")),
        ("PR1|1||X|||||1210^Anes^Mark", ("PERSON", "Mark Anes")),  # withdrawn in 2.6
        ("NTE|1||Seen.||7^Roe^Ann", ("PERSON", "Ann Roe")),
        ("RXA|0|1|20240101||207^Moderna^CVX|0.5|mL||||||||LOT9", ("KEEP", "LOT9")),
        ("DG1|1||I10^Hypertension^I10", ("KEEP", "Hypertension")),
        ("OBX|1|XPN|1^Nurse^L||Roe^Ann", ("PERSON", "Ann Roe")),  # a name as a value
    ],
)
def test_personal_parts_are_labelled_by_type_and_field(segment: str, expected: tuple[str, str]) -> None:
    assert expected in fields(parse(segment))


@pytest.mark.parametrize(
    "segment",
    [
        "OBX|1|ST|1^Remark^L||seen with Ann Roe",  # a string
        "DG1|1||^Ann Roe told it",  # words in a coded element without a code
        "DG1|1||I10^Hypertension^I10^^^^^^Ann Roe has it",  # as it was written before it was coded
        "OBX|1|NM|1^Weight^L^^^^^^Ann Roe weighed||5",
        "RXA|0|1|20240101||1^Mix^L^^^^^^Mix of Ann Roe|1\rRXR|IM^Intramuscular",
        "ZPI|1|Ann Roe",  # a segment of a site's own
        "OBX|1|NM|1^Weight^L||Ann Roe",  # no number in the field of one
        "OBX|1|NM|1^Weight^L||5|kg|told by Ann Roe",  # a reference range in words
        "OBX|1|NM|1^Weight^L||5|^as Ann Roe says",  # a unit in words
        "OBX|1|NM|1^Weight^L||5|kg||Ann Roe",  # a flag of a site's own
        "PV1|1|Ann Roe",  # words in a field of codes
    ],
)
def test_what_anyone_can_write_is_left_to_the_recognisers(segment: str) -> None:
    parsed = parse(segment)
    at = parsed.text.index("Ann Roe")
    assert not any(f.start < at + 7 and at < f.end and f.entity == "KEEP" for f in parsed.fields)


def test_texts_of_one_observation_are_one_report() -> None:
    parsed = parse(
        "OBR|1|||1^Chest X-ray^L",
        "OBX|1|TX|1^Report^L||No pleural effusion.",
        "OBX|2|TX|1^Report^L||Heart size\\.br\\is normal.",
        "OBX|3|TX|1^Report^L||",
        "OBX|4|TX|1^Report^L||IMPRESSION: normal.",
        "OBX|5|TX|2^Addendum^L||None.",
    )
    report = next(s for s in parsed.sections if "to OBX" in s.path)
    assert report.path == "Chest X-ray › Report › OBX[1] to OBX[4]"
    text = parsed.text[report.start : report.end]
    assert "No pleural effusion.\nHeart size\nis normal.\n\nIMPRESSION: normal." in text
    assert parsed.sections[-1].path == "Chest X-ray › Addendum › OBX[5]"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("a\\F\\b", "a|b"),
        ("a\\S\\b", "a^b"),
        ("a\\T\\b", "a&b"),
        ("a\\R\\b", "a~b"),
        ("a\\E\\b", "a\\b"),
        ("a\\X41\\b", "aAb"),
        ("a\\XC3A9\\b", "aéb"),  # octets of UTF-8
        ("a\\H\\b\\N\\c", "abc"),  # highlighting
        ("a\\Q\\b", "a\\Q\\b"),  # unknown: as it is written
        ("5\\6", "5\\6"),  # a lone backslash
        ("a\\Z01\\b", "ab"),  # a site's own
        ("a\\XZZ\\b", "a\\XZZ\\b"),
    ],
)
def test_escapes(written: str, read: str) -> None:
    assert f"Remark: {read}" in parse(f"OBX|1|ST|1^Remark^L||{written}").text


def test_any_delimiters() -> None:
    parsed = parse_bytes(b"MSH#*+!%#A#B#C#D#20240101##ADT*A01#1#P#2.3\rPID#1##7*x*x*H*MR+8##Doe%x*Ja!S!ne")
    assert ("PERSON", "Ja*ne Doe") in fields(parsed)
    assert parsed.scope == "Patient/7"


@pytest.mark.parametrize(
    ("charset", "encoding", "name"),
    [
        ("UNICODE UTF-8", "utf-8", "Müller"),
        ("8859/1", "latin-1", "Müller"),
        ("8859/5", "iso8859-5", "Иванов"),
        ("8859/15", "iso8859-15", "Œuvre"),
        ("~ISO IR87", "iso2022_jp", "Smith"),  # the first repetition counts
        ("GB 18030-2000", "gb18030", "王"),
        ("", "latin-1", "Müller"),  # nothing declared
        ("ASCII", "utf-8", "Müller"),
    ],
)
def test_character_sets(charset: str, encoding: str, name: str) -> None:
    parsed = parse(f"PID|1||1||{name}^A", head=f"{HEAD}||||||{charset}", encoding=encoding)
    assert ("PERSON", f"A {name}") in fields(parsed)


def test_batches_and_their_counts() -> None:
    message = f"{HEAD}\rPID|1||M-1||Doe^Jane\rOBX|1|NM|1^Na^L||140|mmol/L"
    batch = f"FHS|^~\\&\rBHS|^~\\&\r{message}\r{message}\rBTS|2\rFTS|1\r"
    parsed = parse_bytes(batch.encode())
    assert [s.path for s in parsed.sections if "OBX" in s.path] == [
        "Message 1 › Na › OBX[1]",
        "Message 2 › Na › OBX[1]",
    ]
    assert parsed.scope == "Patient/M-1"
    with pytest.raises(QuarantineError, match="BTS-1 says 3 messages, the file holds 2"):
        parse_bytes(batch.replace("BTS|2", "BTS|3").encode())
    two = batch.replace("M-1", "M-2", 1)
    assert parse_bytes(two.encode()).scope is None


def test_frames_and_line_ends() -> None:
    framed = b"\x0b" + f"{HEAD}\r{PERSON}\r".encode() + b"\x1c\r"
    assert parse_bytes(framed).scope == "Patient/M-1"
    for end in ("\n", "\r\n"):
        assert parse_bytes(f"{HEAD}{end}{PERSON}{end}".encode()).scope == "Patient/M-1"
    folded = parse_bytes(f"{HEAD}\rOBX|1|TX|1^Note^L||one\nTHE two\r".encode())
    assert "Note: one\nTHE two" in folded.text  # no segment named THE


def test_an_embedded_document_is_read_and_a_picture_named() -> None:
    text = "QmxlZWRpbmcgc3RvcHBlZC4="  # Bleeding stopped.
    parsed = parse(
        f"OBX|1|ED|1^Letter^L||^text^plain^Base64^{text}", "OBX|2|ED|2^Photo^L||^Image^JPEG^Base64^/9j/"
    )
    assert "Bleeding stopped." in parsed.text
    assert "Attachment of type image/jpeg, which is not read." in parsed.text
    two = parse(f"OBX|1|ED|1^Letter^L||^text^plain^Base64^{text}~^text^plain^A^Seen^again")
    assert_sound(two)
    assert "Seen^again" in two.text
    with pytest.raises(QuarantineError, match=r"OBX\[1\]-5: the embedded document is not valid base64"):
        parse("OBX|1|ED|1^Letter^L||^text^plain^Base64^?!")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"MSH|^~\\&|A\rPID|1", "MSH-9"),
        (b"MSH|^~\\&|A|||||X|ADT^A01|1", "ends after its MSH"),
        (b"MSH|^~^&|A|||||X|ADT^A01|1\rPID|1", "Line 1: MSH-2"),
        (b"MSH||A|||||X|ADT^A01|1\rPID|1", "Line 1: MSH-2"),
        (b"MSHa^~\\&a", "Line 1: MSH-1"),
        (b"PID|1||1", "Line 1: no HL7 message begins here"),
        (b"FHS|^~\\&\rPID|1||1", "Line 2: segment PID stands outside of a message"),
        (b"FHS|^~\\&\r", "no HL7 message"),
        (b"MSH|^~\\&|A|||||X|ADT^A01|1\r\r=)(\r", "Line 3: no segment"),
        (b"MSH|^~\\&|||||X||ADT^A01|1|P|2.5||||||UNICODE UTF-8\rPID|1||1||M\xfcller", "MSH-18: byte"),
        (b"MSH|^~\\&|\x00|||||ADT^A01|1\rPID|1", "NUL"),
    ],
)
def test_broken_messages_are_quarantined_with_their_place(content: bytes, reason: str) -> None:
    with pytest.raises(QuarantineError, match=reason):
        parse_bytes(content)


@pytest.mark.parametrize("path", sorted(FILES.glob("*.hl7")), ids=lambda path: path.name)
def test_nothing_is_lost_from_a_sample(path: Path) -> None:
    lines = [line for line in path.read_text(encoding="utf-8-sig").splitlines() if line.strip()]
    parsed = parse_bytes(path.read_bytes())
    told: set[str] = set()
    for name in {line[:3] for line in lines}:
        count = sum(line.startswith(name) for line in lines)
        for number in range(1, count + 1):
            place = f"{name}[{number}]"
            if any(s.path.endswith(f" {place}") for s in parsed.sections) or f"({place})" in parsed.text:
                told.add(place)
    assert len(told) == len(lines)
    for line in lines:
        cells = line.split("|")
        if cells[0] == "OBX" and cells[2] in ("NM", "ST", "TX") and cells[5]:
            assert cells[5].split("~")[0] in parsed.text
