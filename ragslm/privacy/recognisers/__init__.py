"""Recognisers every domain shares: one file per identifier."""

from typing import Any

from ragslm.privacy.recognisers import (
    birth_date,
    date,
    driver_licence,
    email,
    iban,
    ip_address,
    mac_address,
    old_age,
    passport,
    payment_card,
    person,
    phone,
    street_address,
    uk_nino,
    us_ein,
    us_itin,
    us_ssn,
    vehicle,
    zip_code,
)

_FILES = (
    birth_date,
    date,
    driver_licence,
    email,
    iban,
    ip_address,
    mac_address,
    old_age,
    passport,
    payment_card,
    person,
    phone,
    street_address,
    uk_nino,
    us_ein,
    us_itin,
    us_ssn,
    vehicle,
    zip_code,
)


def build() -> list[Any]:
    """New recognisers of this folder, and Presidio's own for crypto wallets (checksum, no network)."""
    from presidio_analyzer.predefined_recognizers import CryptoRecognizer

    return [*(file.recogniser() for file in _FILES), CryptoRecognizer()]
