"""Ages told by coded observations, in every medical format that has them."""

import json

import pytest

from ragslm.types import SourceDocument
from ragslm_connectors.medical import DOMAIN
from ragslm_connectors.medical._old_age import is_old_age


@pytest.mark.parametrize(
    ("subject", "code", "value", "old"),
    [
        ("Age", "LOINC 30525-0", "93 a", True),  # coded
        ("Alter", "LOINC 21612-7", "90", True),  # by its code alone, no unit
        ("Patient age", "", "91 years", True),  # by its name alone
        ("Age", "", "1090 mo", True),  # in months
        ("Age", "LOINC 30525-0", "89 a", False),  # may stay
        ("Gestational age", "", "280 d", False),  # days
        ("Hemoglobin", "LOINC 718-7", "93 g/L", False),  # no age
        ("Dosage", "", "95 mg", False),  # a word that holds one
        ("Age", "LOINC 30525-0", "unknown", False),  # no number
    ],
)
def test_is_old_age(subject, code, value, old):
    assert is_old_age(subject, code, value) is old


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
    ]
    assert personal("\r".join(lines).encode(), ".hl7") == ["93"]


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
