"""Recognisers every domain shares: one file per identifier."""

from typing import Any

from ragslm.privacy.recogniser import one_of_each


def build() -> list[Any]:
    """New recognisers of this folder, and Presidio's own for crypto wallets (checksum, no network)."""
    from presidio_analyzer.predefined_recognizers import CryptoRecognizer

    return [*one_of_each(__path__, __name__), CryptoRecognizer()]
