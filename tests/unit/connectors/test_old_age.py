"""Ages told by coded observations, in every medical format that has them."""

import json

import pytest

from ragslm.types import SourceDocument
from ragslm_connectors.medical import DOMAIN
from ragslm_connectors.medical._old_age import is_old_age
from tests.unit.connectors.test_ccda import section
from tests.unit.connectors.test_dicom import code, item, report, written


@pytest.mark.parametrize(
    ("about", "value", "old"),
    [
        (["Age", "LOINC 30525-0"], "93 a", True),  # coded
        (["Alter", "LOINC 21612-7"], "90", True),  # by its code alone, no unit
        (["Befund", "X", "30525-0"], "93 a", True),  # by a code that is not the first
        (["Patient age"], "91 years", True),  # by its name alone
        (["Patientenalter"], "93 Jahre", True),  # in German
        (["Age"], "1090 mo", True),  # in months
        (["Age"], "1,116 mo", True),  # with a comma between thousands
        (["Age"], "4900 wk", True),  # in weeks
        (["Age"], "34000 d", True),  # in days
        (["Age"], "93,5 a", True),  # with a decimal comma
        (["Age"], "93 ans", True),  # a unit that is not known counts as years
        (["Age"], "093Y", True),  # as DICOM has it
        (["Age"], "about 93 a", True),  # words before it
        (["Age"], "85 a to 97 a", True),  # the second number
        (["Age"], "85-97", True),
        (["Age"], "93 a 4 mo", True),  # years and months
        (["Age"], "over 95 years", True),  # in words of a code
        (["Age"], "95 years and over (A95)", True),
        (["Age"], "ninety-three", True),  # as a word
        (["Age"], "9" * 400, True),  # no age, and no error
        (["Age", "LOINC 30525-0"], "89 a", False),  # may stay
        (["Age"], "89.9 a", False),  # not yet
        (["Age"], "85 to 89 a", False),
        (["Gestational age"], "280 d", False),  # days
        (["Gestational age"], "100 to 280 d", False),  # numbers of one unit
        (["Gestational age"], "38w4d", False),
        (["Age"], "100000 h", False),  # eleven years
        (["BMI for age"], "95 %", False),  # no time
        (["Age-related macular degeneration"], "stage 95", False),  # no age
        (["Hemoglobin", "LOINC 718-7"], "93 g/L", False),  # no age
        (["Dosage"], "95 mg", False),  # a word that holds one
        (["Age", "LOINC 30525-0"], "unknown", False),  # no number
    ],
)
def test_is_old_age(about, value, old):
    assert is_old_age(about, value) is old


def personal(content, suffix):
    """What is labelled as an age."""
    parser = next(p for p in DOMAIN.parsers() if p.claims(content[:4096], suffix))
    document = parser.parse(SourceDocument(uri=f"file:///x{suffix}", content=content))
    return [document.text[f.start : f.end] for f in document.fields if f.entity == "AGE"]


def test_hl7_observations():
    lines = [
        "MSH|^~\\&|A|B|C|D|2021||ORU^R01|1|P|2.5",
        "OBR|1|||X^Y",
        "OBX|1|NM|30525-0^Age^LN||93|a|||||F",
        "OBX|2|NM|21612-7^Age^LN||89|a|||||F",
        "OBX|3|SN|30525-0^Age^LN||^85^-^97|a|||||F",  # a range
        "OBX|4|NM|X^Befund^L^30525-0^Age^LN||94|Jahre|||||F",  # by its alternate code
        "OBX|5|NM|30525-0^Age^LN||4900|wk|||||F",
        "OBX|6|TX|30525-0^Age^LN||95 Jahre||||||F",  # as text
    ]
    found = personal("\r".join(lines).encode(), ".hl7")
    assert found == ["93", "85-97", "94", "4900", "95 Jahre"]


def test_fhir_observations_and_their_components():
    age = {"coding": [{"system": "http://loinc.org", "code": "30525-0"}]}
    observation = {
        "resourceType": "Observation",
        "status": "final",
        "code": age,
        "valueQuantity": {"value": 93, "unit": "a"},
        "component": [
            {"code": {"text": "Age at visit"}, "valueQuantity": {"value": 91, "unit": "years"}},
            {"code": {"text": "Weight"}, "valueQuantity": {"value": 95, "unit": "kg"}},
        ],
    }
    assert personal(json.dumps(observation).encode(), ".json") == ["93 a", "91 years"]


LOINC = {"system": "http://loinc.org", "code": "30525-0"}


@pytest.mark.parametrize(
    ("coded", "value", "told"),
    [
        ([LOINC], {"valueQuantity": {"value": 93, "unit": "Jahre"}}, "93 Jahre"),
        ([LOINC], {"valueQuantity": {"value": 4900, "unit": "weeks", "code": "wk"}}, "4900 weeks"),
        (
            [LOINC],
            {"valueRange": {"low": {"value": 85, "unit": "a"}, "high": {"value": 97, "unit": "a"}}},
            "85 a to 97 a",
        ),
        ([LOINC], {"valueCodeableConcept": {"text": "over 95 years"}}, "over 95 years"),
        ([LOINC], {"valueCodeableConcept": {"text": "Age group 95-99"}}, "Age group 95-99"),
        # a second coding
        (
            [{"system": "http://snomed.info/sct", "code": "1", "display": "Befund"}, LOINC],
            {"valueInteger": 93},
            "93",
        ),
        # LOINC by its OID
        ([LOINC | {"system": "urn:oid:2.16.840.1.113883.6.1"}], {"valueInteger": 93}, "93"),
    ],
)
def test_fhir_by_every_coding_and_kind_of_value(coded, value, told):
    observation = {"resourceType": "Observation", "status": "final", "code": {"coding": coded}, **value}
    assert personal(json.dumps(observation).encode(), ".json") == [told]


OID = "2.16.840.1.113883.6.1"


@pytest.mark.parametrize(
    ("coded", "value", "told"),
    [
        (f'<code code="30525-0" codeSystem="{OID}"/>', '"PQ" value="93" unit="a"/>', "93 a"),
        (
            f'<code code="30525-0" codeSystem="{OID}"/>',
            '"IVL_PQ"><low value="85" unit="a"/><high value="97" unit="a"/></value>',
            "85 a to 97 a",
        ),
        # by a translation
        (
            f'<code code="1" displayName="Befund" codeSystem="1.2.3"><translation code="30525-0" '
            f'codeSystem="{OID}"/></code>',
            '"PQ" value="4900" unit="wk"/>',
            "4900 wk",
        ),
        (
            f'<code code="30525-0" codeSystem="{OID}"/>',
            '"CD" code="1" displayName="Age group 95-99"/>',
            "Age group 95-99",
        ),
    ],
)
def test_ccda_observations(coded, value, told):
    entry = f'<text/><entry><observation moodCode="EVN">{coded}<value xsi:type={value}</observation></entry>'
    assert personal(section(entry), ".xml")[-1:] == [told]


def test_dicom_reports():
    age, translated = code("Subject Age", "121033"), code("Befund", "1", "99LOCAL")
    translated[0].EquivalentCodeSequence = code("", "30525-0", "LN")
    measured = [item("", age, NumericValue="93", MeasurementUnitsCodeSequence=code("year", "a", "UCUM"))]
    items = [
        item("NUM", age, MeasuredValueSequence=measured),
        item("NUM", translated, MeasuredValueSequence=measured),  # by an equivalent code
        item("CODE", age, ConceptCodeSequence=code("95 years and over", "1", "99LOCAL")),
        item("TEXT", age, TextValue="97 Jahre"),
        item("TEXT", code("Weight", "2", "99LOCAL"), TextValue="97 kg"),
    ]
    told = personal(written(report(*items)), ".dcm")
    assert told == ["93 a", "93 a", "95 years and over", "97 Jahre"]
