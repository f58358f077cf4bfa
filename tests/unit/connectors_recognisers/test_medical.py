"""One table per identifier of medicine."""

import pytest

from ragslm_connectors.medical.recognisers import (
    accession,
    build,
    dea_registration,
    device_identifier,
    medical_record_number,
    medicare_beneficiary,
    member_identifier,
    nhs_number,
    provider_identifier,
)


def found(recogniser, text):
    return sorted({text[start:end] for start, end, score in recogniser.find(text) if score >= 0.35})


@pytest.mark.parametrize(
    ("module", "text", "expected"),
    [
        (medical_record_number, "MRN: 00456789", ["00456789"]),  # short word
        (medical_record_number, "MR# 4466464, Med Rec No: M8640145", ["4466464", "M8640145"]),
        (medical_record_number, "medical record number is A-123456", ["A-123456"]),  # letter
        (medical_record_number, "patient id 12", []),  # too short
        (medical_record_number, "00456789", []),  # without context
        (nhs_number, "943 476 5919", ["943 476 5919"]),  # spacing
        (nhs_number, "NHS number 9434765919", ["9434765919"]),  # in context
        (nhs_number, "nhs_943-476-5919", ["943-476-5919"]),  # a name with an underscore
        (nhs_number, "9434765919", []),  # bare
        (nhs_number, "943 476 5918", []),  # wrong check digit
        (provider_identifier, "NPI 1234567893", ["1234567893"]),  # valid
        (provider_identifier, "NPI 1234567890", []),  # wrong check digit
        (provider_identifier, "1234567893", []),  # bare
        (dea_registration, "DEA BB1388568", ["BB1388568"]),  # valid
        (dea_registration, "DEA: BB 1388568", ["BB 1388568"]),  # space
        (dea_registration, "DEA no. BB-1388568, MB1234563", ["BB-1388568", "MB1234563"]),  # dash, two
        (dea_registration, "DEA BB1388569", []),  # wrong check digit
        (dea_registration, "part BB1388568", []),  # bare: one in ten random codes passes
        (device_identifier, "(01)00844588003288(17)141120(10)7654321D(21)10987654d321", ["10987654d321", "7654321D"]),  # GS1  # noqa: E501
        (device_identifier, "UDI 010084458800328817141120107654321D", ["7654321D"]),  # GS1 without brackets
        (device_identifier, "+H123PARTNO1234567890120/$$420020216LOT123456789012345/SXYZ456789012345678", ["$$420020216LOT123456789012345/SXYZ456789012345678"]),  # HIBCC  # noqa: E501
        (device_identifier, "pacemaker, serial number ABC-123456", ["ABC-123456"]),  # said, beside a device
        (device_identifier, "stent SN 1234567; lead S/N: X99812", ["1234567", "X99812"]),  # two
        (device_identifier, "(01)00844588003288(17)141120", []),  # the device itself, and its expiry
        (device_identifier, "items (10) and (21)", []),  # numbers of a list
        (device_identifier, "lens model SN60WF", []),  # a model
        (device_identifier, "serial number of measurements", []),  # words
        (device_identifier, "vaccine lot 12345A given", []),  # a medicine
        (dea_registration, "fBB1388568a", []),  # inside a hash
        (medicare_beneficiary, "1EG4-TE5-MK73", ["1EG4-TE5-MK73"]),  # dashes
        (medicare_beneficiary, "1EG4 TE5 MK73", ["1EG4 TE5 MK73"]),  # spaces
        (medicare_beneficiary, "1SG4TE5MK73", []),  # letter never used
        (member_identifier, "Member ID: XYZ123456789", ["XYZ123456789"]),  # payer prefix
        (member_identifier, "policy number 12345-01", ["12345-01"]),  # suffix
        (member_identifier, "group of 12345 members", []),  # a count
        (accession, "accession #: 20240012345", ["20240012345"]),  # in context
        (accession, "Accession Number: 0001193125-22-000123", []),  # a filing
        (accession, "visit in 2020", []),  # a year
        (accession, "Rx #: 7712345, referral no. 20210099", ["20210099", "7712345"]),  # pharmacy, referral
        (accession, "prescription of 5000 units, Rx 2000 mg", []),  # a dose
    ],
)  # fmt: skip
def test_identifier(module, text, expected):
    assert found(module.recogniser(), text) == expected


def test_codes_are_no_identifiers():
    text = "ICD-10 S52.521A, LOINC 4548-4, SNOMED 44054006, NDC 0002-8215-01, CPT 99213, Na 138 mmol/L, CA125, T4, B12"  # noqa: E501
    assert [r.name for r in build() if list(r.find(text))] == []
