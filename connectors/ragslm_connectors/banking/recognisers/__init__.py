"""Recognisers of identifiers in banking: one file per identifier."""

from typing import Any

from ragslm_connectors.banking.recognisers import (
    bank_account,
    bic,
    card_expiry,
    card_track,
    card_verification,
    cheque,
    pin,
    routing_number,
    sort_code,
)


def build() -> list[Any]:
    """New recognisers of this folder."""
    files = (
        bank_account,
        bic,
        card_expiry,
        card_track,
        card_verification,
        cheque,
        pin,
        routing_number,
        sort_code,
    )
    return [file.recogniser() for file in files]
