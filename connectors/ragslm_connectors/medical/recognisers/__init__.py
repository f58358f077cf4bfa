"""Recognisers of identifiers in medicine: one file per identifier."""

from typing import Any

from ragslm_connectors.medical.recognisers import (
    accession,
    dea_registration,
    device_identifier,
    medical_record_number,
    medicare_beneficiary,
    member_identifier,
    nhs_number,
    provider_identifier,
)


def build() -> list[Any]:
    """New recognisers of this folder."""
    files = (
        accession,
        dea_registration,
        device_identifier,
        medical_record_number,
        medicare_beneficiary,
        member_identifier,
        nhs_number,
        provider_identifier,
    )
    return [file.recogniser() for file in files]
