import base64
from datetime import date
from pathlib import Path

import pytest

from ragslm.errors import QuarantineError
from ragslm.types import ParsedDocument, SourceDocument
from ragslm_connectors._formats._xml import find_all, local, parse_xml
from ragslm_connectors.medical._cda_statements import STATEMENTS
from ragslm_connectors.medical.ccda import CcdaParser

FILES = Path(__file__).parents[2] / "data" / "formats" / "ccda"
HEADER = """
<code code="34133-9" codeSystem="2.16.840.1.113883.6.1" displayName="Summary of episode note"/>
<title>Summary of Jane Doe</title><effectiveTime value="20240302101500-0500"/>
<recordTarget><patientRole>
  <id extension="999-11-2222" root="2.16.840.1.113883.4.1"/><id extension="M-1" root="1.2.3"/>
  <addr><streetAddressLine>1 Main St</streetAddressLine><city>Boston</city></addr>
  <telecom value="tel:+1-617-555-1"/><telecom value="mailto:j@example.org"/>
  <patient><name><prefix>Dr.</prefix><given>Jane</given><given>Q</given><family>Doe</family></name>
  <administrativeGenderCode code="F" displayName="Female"/><birthTime value="19700203"/></patient>
  <providerOrganization><name>Good Clinic</name></providerOrganization>
</patientRole></recordTarget>
<author><assignedAuthor><id extension="1234567893" root="2.16.840.1.113883.4.6"/>
  <assignedPerson><name>Ann Roe</name></assignedPerson></assignedAuthor></author>
"""


def document(body: str, header: str = HEADER) -> bytes:
    root = '<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
    return f"{root}{header}<component>{body}</component></ClinicalDocument>".encode()


def embedded(media: str, text: str) -> bytes:
    return document(f'<nonXMLBody><text mediaType="{media}" representation="B64">{text}</text></nonXMLBody>')


def section(inside: str, title: str = "RESULTS") -> bytes:
    code = '<code code="30954-2" codeSystem="2.16.840.1.113883.6.1"/>'
    return document(
        f"<structuredBody><component><section>{code}<title>{title}</title>{inside}</section></component></structuredBody>"
    )


def parse(content: bytes) -> ParsedDocument:
    return CcdaParser().parse(SourceDocument(uri="file:///x.xml", content=content))


def fields(parsed: ParsedDocument) -> list[tuple[str, str]]:
    return [(f.entity, parsed.text[f.start : f.end]) for f in parsed.fields]


@pytest.mark.parametrize(
    "expected",
    [
        ("PERSON", "Jane Q Doe"),
        ("DATE_OF_BIRTH", "1970-02-03"),
        ("US_SSN", "999-11-2222"),  # by its root
        ("MRN", "M-1"),
        ("LOCATION", "1 Main St, Boston"),
        ("PHONE_NUMBER", "+1-617-555-1"),
        ("EMAIL_ADDRESS", "j@example.org"),
        ("ORGANIZATION", "Good Clinic"),
        ("PERSON", "Ann Roe"),  # written in one piece
        ("US_NPI", "1234567893"),
        ("KEEP", "Female"),
    ],
)
def test_the_header_is_labelled_by_element(expected: tuple[str, str]) -> None:
    parsed = parse(section("<text>None</text>"))
    assert expected in fields(parsed)
    assert parsed.scope == "Patient/M-1"  # no social security number
    assert parsed.effective_date == date(2024, 3, 2)
    assert parsed.title == "Summary of episode note"  # not the author's own, which may name the patient


def test_tables_keep_their_headings() -> None:
    table = """<text><table><caption>Labs</caption><thead><tr><th>Test</th><th>Value</th></tr></thead><tbody>
      <tr><td rowspan="2">Blood</td><td>Hb 9.1</td></tr><tr><td>Na 140</td></tr>
      <tr><td colspan="2">fasting<br/>patient</td></tr></tbody></table></text>"""
    parsed = parse(section(table))
    assert [parsed.text[b.start : b.end] for b in parsed.blocks if b.kind == "row"] == [
        "Test: Blood | Value: Hb 9.1",
        "Test: Blood | Value: Na 140",
        "Test: fasting patient",
    ]
    assert "Labs" in parsed.text
    assert parsed.sections[-1].path == "RESULTS (LOINC 30954-2)"


def test_lists_paragraphs_and_breaks() -> None:
    parsed = parse(
        section("<text><paragraph>One<br/>two</paragraph><list><item>A</item><item>B</item></list></text>")
    )
    assert [parsed.text[b.start : b.end] for b in parsed.blocks][-5:] == [
        "RESULTS",
        "One",
        "two",
        "- A",
        "- B",
    ]


def test_an_observation_is_a_line_with_value_unit_range_and_code() -> None:
    entry = """<text><content ID="r1">Hemoglobin</content></text><entry>
      <organizer classCode="BATTERY" moodCode="EVN"><code code="58410-2" displayName="CBC"/>
      <component><observation classCode="OBS" moodCode="EVN">
      <code code="718-7" codeSystem="2.16.840.1.113883.6.1">
      <originalText><reference value="#r1"/></originalText></code>
      <effectiveTime value="20240302"/><value xsi:type="PQ" value="9.1" unit="g/dL"/>
      <interpretationCode code="L" displayName="Low"/><author><assignedAuthor>
      <assignedPerson><name>Ann Roe</name></assignedPerson></assignedAuthor></author>
      <referenceRange><observationRange><value xsi:type="IVL_PQ">
      <low value="13.5" unit="g/dL"/><high value="17.5" unit="g/dL"/></value>
      </observationRange></referenceRange></observation></component></organizer></entry>"""
    parsed = parse(section(entry))
    assert [section.path for section in parsed.sections[-2:]] == [
        "RESULTS (LOINC 30954-2) › Entry 1",
        "RESULTS (LOINC 30954-2) › Entry 1.1, text #r1",
    ]
    line = parsed.text.splitlines()[-1]
    assert line == (
        "Hemoglobin (LOINC 718-7): 9.1 g/dL, interpretation Low, reference 13.5 g/dL to 17.5 g/dL, "
        "2024-03-02, by Ann Roe."
    )
    assert ("PERSON", "Ann Roe") in fields(parsed)


def test_a_medication_tells_dose_route_and_times() -> None:
    entry = """<text/><entry><substanceAdministration moodCode="INT"><statusCode code="active"/>
      <effectiveTime xsi:type="IVL_TS"><low value="20240101"/></effectiveTime>
      <effectiveTime xsi:type="PIVL_TS" operator="A"><period value="12" unit="h"/></effectiveTime>
      <routeCode code="C38288" displayName="oral"/><doseQuantity value="1" unit="{tablet}"/>
      <consumable><manufacturedProduct><manufacturedMaterial>
      <code code="197380" displayName="atenolol 25 MG Oral Tablet" codeSystem="2.16.840.1.113883.6.88"/>
      </manufacturedMaterial></manufacturedProduct></consumable>
      </substanceAdministration></entry>"""
    assert parse(section(entry)).text.endswith(
        "planned: atenolol 25 MG Oral Tablet (RxNorm 197380), dose 1 {tablet}, route oral, from 2024-01-01, "
        "every 12 h, status active."
    )


def test_an_authors_words_for_a_code_are_left_to_the_recognisers() -> None:
    entry = """<text><content ID="p">as Ann Roe told</content></text><entry><observation moodCode="EVN">
      <code code="29308-4" codeSystem="2.16.840.1.113883.6.1">
      <originalText><reference value="#p"/></originalText></code>
      </observation></entry>"""
    parsed = parse(section(entry))
    assert parsed.text.endswith("as Ann Roe told (LOINC 29308-4).")
    assert ("KEEP", "as Ann Roe told") not in fields(parsed)


def test_a_denied_statement_says_so() -> None:
    entry = """<text/><entry><observation negationInd="true" moodCode="EVN"><code code="ASSERTION"/>
      <value xsi:type="CD" code="419199007" displayName="Allergy to substance"/></observation></entry>"""
    assert parse(section(entry)).text.endswith("Not: Allergy to substance.")


def test_an_embedded_text_is_the_body() -> None:
    text = base64.b64encode(b"Bleeding stopped.\n\nDischarged home.").decode()
    parsed = parse(embedded("text/plain", text))
    assert "Bleeding stopped." in parsed.text
    assert parsed.sections[-1].path == "Body"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (document("<structuredBody>").replace(b"</component>", b""), "Line .*not well-formed"),
        (
            b'<ClinicalDocument xmlns="urn:hl7-org:v3"/>',
            "Line 1: ClinicalDocument has neither structuredBody",
        ),
        (b'<Other xmlns="urn:hl7-org:v3"/>', "Line 1: the XML is no CDA"),
        (document("<nonXMLBody/>"), "nonXMLBody has no text"),
        (document('<nonXMLBody><text><reference value="a.pdf"/></text></nonXMLBody>'), "another file"),
        (embedded("application/pdf", "?"), "nonXMLBody/text: the embedded document is not valid base64"),
        (
            embedded("application/msword", "AAAA"),
            r"no parser reads the embedded document \(application/msword\)",
        ),
        (section("<text>" + "<content>" * 100 + "</content>" * 100 + "</text>"), "nested too deeply"),
    ],
)
def test_broken_documents_are_quarantined_with_their_place(content: bytes, reason: str) -> None:
    with pytest.raises(QuarantineError, match=reason):
        parse(content)


def records(parsed: ParsedDocument) -> list[tuple[str, str]]:
    """Last part of the section path and text of each record of the body."""
    names = {section.start: section.path.rpartition(" › ")[2] for section in parsed.sections}
    found = [
        (names.get(b.start, ""), parsed.text[b.start : b.end]) for b in parsed.blocks if b.kind == "record"
    ]
    return [(name, text) for name, text in found if name.startswith("Entry ")]


def observation(inside: str) -> str:
    return f'<observation classCode="OBS" moodCode="EVN">{inside}</observation>'


def coded(name: str, value: str, id_: str = "") -> str:
    reference = f'<text><reference value="{id_}"/></text>' if id_ else ""
    return observation(
        f'<code code="1-1" displayName="{name}"/>{reference}<value xsi:type="PQ" value="{value}"/>'
    )


def table(*rows: str, columns: tuple[str, ...] = ("Test", "Value")) -> str:
    heads = "".join(f"<th>{column}</th>" for column in columns)
    return f"<text><table><thead><tr>{heads}</tr></thead><tbody>{''.join(rows)}</tbody></table></text>"


@pytest.mark.parametrize(
    "where", ['<tr ID="x"><td>Hb</td><td>low</td></tr>', '<tr><td>Hb</td><td ID="x">low</td></tr>']
)
@pytest.mark.parametrize("id_", ["#x", "x"])  # some senders leave the # out
def test_a_row_and_the_entry_that_refers_to_it_are_one_record(where: str, id_: str) -> None:
    other = "<tr><td>Na</td><td>high</td></tr>"
    parsed = parse(section(f"{table(where, other)}<entry>{coded('Hemoglobin', '9.1', id_)}</entry>"))
    assert records(parsed) == [("Entry 1, text #x", "Hemoglobin: 9.1.\nTest: Hb | Value: low")]
    assert parsed.text.count("low") == 1
    assert [parsed.text[b.start : b.end] for b in parsed.blocks if b.kind == "row"] == [
        "Test: Na | Value: high"
    ]


def test_a_short_narrative_tells_the_only_entry_of_its_section() -> None:
    row = "<tr><td>Pulse oximetry</td><td>92%</td></tr>"
    told = table(row).replace("</text>", "<paragraph>Priority:</paragraph><paragraph>high</paragraph></text>")
    entry = f"<entry>{coded('Oxygen', '92')}</entry>"
    assert records(parse(section(f"{told}{entry}"))) == [
        ("Entry 1", "Oxygen: 92.\nTest: Pulse oximetry | Value: 92%\nPriority:\nhigh")
    ]


@pytest.mark.parametrize(
    ("rows", "entries", "after"),
    [
        (2, 1, ""),  # two rows tell two things
        (1, 2, ""),  # two entries
        (1, 1, "x" * 600),  # longer than a passage
    ],
)
def test_any_other_narrative_stands_by_itself(rows: int, entries: int, after: str) -> None:
    told = table(*[f"<tr><td>Oximetry {row}</td><td>92%{after}</td></tr>" for row in range(rows)])
    coding = "".join(f"<entry>{coded(str(number), str(number))}</entry>" for number in range(entries))
    parsed = parse(section(told + coding))
    assert records(parsed) == [(f"Entry {n + 1}", f"{n}: {n}.") for n in range(entries)]
    assert parsed.text.count("Oximetry") == rows


def test_each_result_of_a_panel_takes_its_cells_of_a_shared_row() -> None:
    pressure = '<content ID="a">120</content>/<content ID="b">80</content>'
    row = f'<tr><td>2 March</td><td>{pressure}</td><td ID="c">71</td></tr>'
    results = "".join(
        f"<component>{coded(*one)}</component>"
        for one in (("Systolic", "120", "#a"), ("Diastolic", "80", "#b"), ("Heart rate", "71", "#c"))
    )
    panel = f'<organizer><code code="2-2" displayName="Vital signs"/>{results}</organizer>'
    parsed = parse(section(f"{table(row, columns=('Day', 'BP', 'Pulse'))}<entry>{panel}</entry>"))
    assert records(parsed) == [
        ("Entry 1", "Vital signs."),
        ("Entry 1.1, text #a", "Systolic: 120.\nDay: 2 March | BP: 120/80"),
        ("Entry 1.2, text #b", "Diastolic: 80.\nDay: 2 March | BP: 120/80"),
        ("Entry 1.3, text #c", "Heart rate: 71.\nDay: 2 March | Pulse: 71"),
    ]


def test_each_result_of_a_relatives_panel_says_whose_it_is() -> None:
    father = '<code code="FTH" displayName="Father"/>'
    whose = f'<subject><relatedSubject classCode="PRS">{father}</relatedSubject></subject>'
    results = "".join(f"<component>{coded(name, '1')}</component>" for name in ("Gout", "Migraine"))
    entry = f'<organizer><code code="1" displayName="History"/>{whose}{results}</organizer>'
    assert [text for _, text in records(parse(section(f"<text/><entry>{entry}</entry>")))] == [
        "History, about Father.",
        "Gout: 1, about Father.",
        "Migraine: 1, about Father.",
    ]


def test_what_the_codes_say_already_is_not_said_twice() -> None:
    text = '<text><content ID="d">Appendicitis.</content></text>'
    value = '<value xsi:type="CD" code="7" displayName="appendicitis"/>'
    entry = observation(f'<code code="ASSERTION"/><text><reference value="#d"/></text>{value}')
    parsed = parse(section(f"{text}<entry>{entry}</entry>"))
    assert records(parsed) == [("Entry 1, text #d", "appendicitis.")]
    assert parsed.text.lower().count("appendicitis") == 1


def test_what_the_codes_deny_is_told_as_the_narrative_has_it() -> None:
    text = '<text><content ID="d">Asthma</content></text>'
    value = '<value xsi:type="CD" code="7" displayName="Asthma"/>'
    entry = observation(f'<code code="ASSERTION"/><text><reference value="#d"/></text>{value}')
    denied = entry.replace("<observation", '<observation negationInd="true"')
    assert records(parse(section(f"{text}<entry>{denied}</entry>"))) == [
        ("Entry 1, text #d", "Not: Asthma.\nAsthma")
    ]


def test_text_that_several_entries_share_stays_in_the_narrative() -> None:
    text = (
        '<text><paragraph ID="p">Both were low.</paragraph><paragraph>Nobody points here.</paragraph></text>'
    )
    entries = "".join(f"<entry>{coded(name, '1', '#p')}</entry>" for name in ("Hb", "Na"))
    parsed = parse(section(text + entries))
    assert [text for _, text in records(parsed)] == ["Hb: 1.", "Na: 1."]
    assert "RESULTS\n\nBoth were low.\n\nNobody points here.\n\nHb" in parsed.text


def test_a_row_named_as_one_code_alone_belongs_to_its_record() -> None:
    rows = [
        "<tr><td>Hemoglobin (blood)</td><td>low</td></tr>",
        "<tr><td>Sodium in urine</td><td>high</td></tr>",
    ]
    rows += ["<tr><td>Iron</td><td>a</td></tr>", "<tr><td>Iron</td><td>b</td></tr>"]
    entries = "".join(f"<entry>{coded(name, '1')}</entry>" for name in ("Hemoglobin", "Sodium", "Iron"))
    parsed = parse(section(table(*rows) + entries))
    assert [text for _, text in records(parsed)] == [
        "Hemoglobin: 1.\nTest: Hemoglobin (blood) | Value: low",
        "Sodium: 1.",  # a word behind the name is another name
        "Iron: 1.",  # of two rows nothing tells which
    ]
    assert "Test: Sodium in urine | Value: high\nTest: Iron | Value: a\nTest: Iron | Value: b" in parsed.text


def test_persons_of_an_entry_are_labelled_in_its_narrative_as_well() -> None:
    person = "<assignedAuthor><assignedPerson><name>Ann Roe</name></assignedPerson></assignedAuthor>"
    told = f'<text><reference value="#r"/></text><author>{person}</author>'
    entry = observation(f'<code code="1" displayName="Hb"/>{told}')
    row = '<tr ID="r"><td>seen by Ann Roe</td><td>1</td></tr>'
    parsed = parse(section(f"{table(row)}<entry>{entry}</entry>"))
    assert parsed.text.endswith("Hb, by Ann Roe.\nTest: seen by Ann Roe | Value: 1")
    assert fields(parsed)[-2:] == [("PERSON", "Ann Roe")] * 2


@pytest.mark.parametrize("path", sorted(FILES.glob("*.xml")), ids=lambda path: path.name)
def test_nothing_is_lost_from_a_sample(path: Path) -> None:
    root = parse_xml(path.read_bytes())
    parsed = parse(path.read_bytes())
    wanted = [e for e in root.iter() if local(e) == "section"]
    headings = [parsed.text[b.start : b.end] for b in parsed.blocks if b.kind == "heading"]
    titles = [" ".join("".join(t.itertext()).split()) for s in wanted for t in find_all(s, "title")]
    assert all(titles.count(title) <= headings.count(title) for title in titles)
    entries = [e for e in root.iter() if local(e) == "entry" and local(e.getparent()) == "section"]
    results = [
        e for e in root.iter() if local(e) in STATEMENTS and local(e.getparent().getparent()) == "organizer"
    ]
    names = [name.partition(",")[0] for name, _ in records(parsed)]
    assert sum("." not in name for name in names) == len(entries)
    assert sum("." in name for name in names) == len(results)
    told = " ".join(parsed.text.replace("|", " ").split())
    pieces = [one for s in wanted for text in find_all(s, "text") for one in text.iter()]
    for one in pieces:
        before = one.text if local(one) != "th" else ""  # the heading of an empty column heads nothing
        for word in f"{before or ''} {one.tail or ''}".split():
            assert word.rstrip(".") in told  # a record has its own full stop
    values = [v for v in root.iter() if local(v) == "value" and v.get("unit") and v.get("value")]
    assert all(v.get("value") in parsed.text for v in values if local(v.getparent()) == "observation")
