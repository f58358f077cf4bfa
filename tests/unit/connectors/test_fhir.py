import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ragslm.errors import QuarantineError
from ragslm.types import ParsedDocument, SourceDocument
from ragslm_connectors.medical.fhir import FhirParser

FILES = Path(__file__).parents[2] / "data" / "formats"


def parse(value: Any) -> ParsedDocument:
    content = value if isinstance(value, bytes) else json.dumps(value).encode()
    return FhirParser().parse(SourceDocument(uri="file:///x.json", content=content))


def fields(parsed: ParsedDocument) -> list[tuple[str, str]]:
    return [(f.entity, parsed.text[f.start : f.end]) for f in parsed.fields]


PATIENT = {
    "resourceType": "Patient",
    "id": "p1",
    "name": [
        {"use": "official", "family": "Doe", "given": ["Jane", "Q"]},
        {"use": "maiden", "family": "Roe", "given": ["Jane"]},
    ],
    "birthDate": "1970-02-03",
    "address": [{"line": ["1 Main St"], "city": "Boston", "postalCode": "02108"}],
    "telecom": [{"system": "phone", "value": "555-1"}, {"system": "email", "value": "j@example.org"}],
    "identifier": [
        {"type": {"coding": [{"code": "MR"}]}, "value": "M-1"},
        {"system": "http://hl7.org/fhir/sid/us-ssn", "value": "999-11-2222"},
        {"type": {"coding": [{"code": "DL"}]}, "value": "S1"},
        {"type": {"coding": [{"code": "PPN"}]}, "value": "X1"},
        {"value": "other"},
    ],
    "contact": [{"name": {"text": "Ann Doe"}, "telecom": [{"system": "phone", "value": "555-2"}]}],
}
A1C = {
    "resourceType": "Observation",
    "code": {"coding": [{"system": "http://loinc.org", "code": "4548-4", "display": "Hemoglobin A1c"}]},
    "subject": {"reference": "urn:uuid:1"},
    "effectiveDateTime": "2019-03-02T10:00:00Z",
    "valueQuantity": {"value": 6.4, "unit": "%"},
}


@pytest.mark.parametrize(
    "expected",
    [
        ("PERSON", "Jane Q Doe"),
        ("PERSON", "Jane Roe"),  # a former name is a name
        ("DATE_OF_BIRTH", "1970-02-03"),
        ("LOCATION", "1 Main St, Boston, 02108"),
        ("PHONE_NUMBER", "555-1"),
        ("EMAIL_ADDRESS", "j@example.org"),
        ("MRN", "M-1"),
        ("US_SSN", "999-11-2222"),  # by its system
        ("US_DRIVER_LICENSE", "S1"),
        ("US_PASSPORT", "X1"),
        ("ID", "other"),  # an identifier of unknown kind
        ("PERSON", "Ann Doe"),  # a contact person
        ("PHONE_NUMBER", "555-2"),
    ],
)
def test_personal_parts_are_labelled(expected: tuple[str, str]) -> None:
    assert expected in fields(parse(PATIENT))


def test_an_observation_reads_as_one_sentence() -> None:
    bundle = {
        "resourceType": "Bundle",
        "entry": [{"fullUrl": "urn:uuid:1", "resource": PATIENT}, {"resource": A1C}],
    }
    parsed = parse(bundle)
    line = parsed.text.split("\n\n")[1]
    assert line == "Hemoglobin A1c: 6.4 % (LOINC 4548-4), 2019-03-02, patient Jane Q Doe."
    assert parsed.sections[1].path == "Observation › Hemoglobin A1c › 2019-03-02"
    assert (parsed.scope, parsed.effective_date) == ("Patient/p1", date(2019, 3, 2))
    assert ("KEEP", "Hemoglobin A1c") in fields(parsed)
    assert ("KEEP", "6.4 %") in fields(parsed)


def test_nothing_personal_in_title_or_sections() -> None:
    parsed = parse((FILES / "Patient-example.json").read_bytes())
    shown = f"{parsed.title} {[s.path for s in parsed.sections]}"
    assert not any(text in shown for entity, text in fields(parsed) if entity == "PERSON")


def test_digits_stay_as_written() -> None:
    content = json.dumps(A1C).replace("6.4", "6.40").encode()
    assert "6.40 %" in parse(content).text


def test_a_prescription_names_the_drug_it_refers_to() -> None:
    parsed = parse((FILES / "MedicationRequest-medrx0301.json").read_bytes())
    assert parsed.sections[0].path.startswith("MedicationRequest › ")
    assert "Inpatient" not in parsed.sections[0].path
    assert ("PERSON", "Donald Duck") in fields(parsed)


def test_components_and_upper_bounds_are_told() -> None:
    pressure = parse((FILES / "Observation-blood-pressure-dar.json").read_bytes())
    assert "Systolic blood pressure 107 mmHg" in pressure.text
    assert "Reference range: up to 4.5 mmol/L." in parse((FILES / "Bundle-lipids.json").read_bytes()).text


def test_two_patients_give_no_scope() -> None:
    two = {"resourceType": "Bundle", "entry": [{"resource": PATIENT}, {"resource": PATIENT | {"id": "p2"}}]}
    assert parse(two).scope is None


@pytest.mark.parametrize(
    "odd",
    [
        {"name": "a string", "telecom": 5, "address": [None]},  # wrong shapes
        {"name": [{"given": "Jane", "family": ["Doe"]}]},  # one where many belong, many where one
        {"identifier": [{"type": [], "value": {}}], "contact": "x", "extension": [1]},
    ],
)
def test_wrong_shapes_lose_nothing_but_themselves(odd: dict[str, Any]) -> None:
    assert "Patient" in parse({"resourceType": "Patient", "id": "1"} | odd).text


def test_sections_of_a_composition_nest_only_so_deep() -> None:
    section: dict[str, Any] = {"title": "end"}
    for _ in range(50):
        section = {"section": [section]}
    with pytest.raises(QuarantineError, match="nested"):
        parse({"resourceType": "Composition", "section": [section]})


def test_broken_base64_is_quarantined() -> None:
    attachment = {"contentType": "text/plain", "data": "!!!"}
    with pytest.raises(QuarantineError, match="base64"):
        parse({"resourceType": "DocumentReference", "content": [{"attachment": attachment}]})


def lines(*resources: dict[str, Any]) -> bytes:
    return "".join(json.dumps(one) + "\n" for one in resources).encode()


def test_the_ndjson_of_one_patient_is_one_record() -> None:
    weight = {
        "resourceType": "Observation",
        "code": {"text": "Weight"},
        "subject": {"reference": "Patient/p1"},
    }
    parsed = parse(lines(PATIENT, weight | {"valueQuantity": {"value": 71.5, "unit": "kg"}}))
    assert "Weight: 71.5 kg" in parsed.text
    assert parsed.scope == "Patient/p1"


def test_the_ndjson_of_several_patients_is_not_mixed() -> None:
    weight = {"resourceType": "Observation", "subject": {"reference": "Patient/p2"}}
    with pytest.raises(QuarantineError, match="2 patients"):
        parse(lines(PATIENT, weight))


def test_a_broken_line_of_ndjson_is_named() -> None:
    with pytest.raises(QuarantineError, match="Line 2"):
        parse(lines(PATIENT) + b"{broken")


def test_a_version_in_a_reference_is_no_other_patient() -> None:
    one = {"resourceType": "Observation", "subject": {"reference": "Patient/p1/_history/2"}}
    assert parse(one).scope == "Patient/p1"


@pytest.mark.parametrize(
    ("attachment", "said"),
    [
        ({"contentType": "application/rtf", "data": "e1xydGYxIFN0b3Agd2FyZmFyaW4ufQ=="}, "Stop warfarin."),
        ({"contentType": "text/plain", "data": "U3RvcCB3YXJmYXJpbi4="}, "Stop warfarin."),
        ({"contentType": "image/png", "data": "iVBORw0="}, "which is not read"),
        ({"contentType": "application/pdf", "url": "Binary/1"}, "was not read"),
    ],
)
def test_what_is_attached_is_read_or_said_not_to_be(attachment: dict[str, Any], said: str) -> None:
    assert said in parse({"resourceType": "DocumentReference", "content": [{"attachment": attachment}]}).text
    assert said in parse({"resourceType": "DiagnosticReport", "presentedForm": [attachment]}).text


CODED = {"coding": [{"system": "http://snomed.info/sct", "code": "38341003", "display": "Hypertension"}]}
WRITTEN = "High pressure, seen by Rosa Vasquez-Lindqvist"


@pytest.mark.parametrize(
    "resource",
    [
        {"resourceType": "Condition", "code": CODED | {"text": WRITTEN}},
        {"resourceType": "Condition", "code": {"text": WRITTEN}},
        {"resourceType": "Condition", "code": {"coding": [{"display": WRITTEN}]}},
        A1C | {"valueQuantity": None, "valueCodeableConcept": CODED | {"text": WRITTEN}},
        A1C | {"component": [{"code": {"text": WRITTEN}, "valueBoolean": True}]},
        A1C | {"component": [{"code": CODED, "valueCodeableConcept": {"text": WRITTEN}}]},
        {"resourceType": "Encounter", "reasonCode": [CODED, {"text": WRITTEN}]},
        {"resourceType": "AllergyIntolerance", "reaction": [{"manifestation": [{"text": WRITTEN}]}]},
        {"resourceType": "DiagnosticReport", "code": CODED, "result": [{"display": WRITTEN}]},
        {"resourceType": "Claim", "item": [{"productOrService": {"text": WRITTEN}}]},
    ],
)
def test_what_an_author_wrote_for_a_code_is_no_term(resource: dict[str, Any]) -> None:
    parsed = parse(resource)
    assert WRITTEN in parsed.text
    assert not [words for _, words in fields(parsed) if "Vasquez" in words]


@pytest.mark.parametrize("text", ["Hypertension", "HYPERTENSION", "38341003"])
def test_a_text_that_repeats_its_code_is_a_term(text: str) -> None:
    parsed = parse({"resourceType": "Condition", "code": CODED | {"text": text}})
    assert ("KEEP", text) in fields(parsed)


def test_a_list_of_codes_labels_each_by_itself() -> None:
    parsed = parse({"resourceType": "Encounter", "reasonCode": [CODED, {"text": "a fall"}, CODED]})
    assert "Reason: Hypertension; a fall." in parsed.text
    assert fields(parsed) == [("KEEP", "Hypertension")]
