"""What tests with the real models share."""

from pathlib import Path

import pytest

from ragslm.models.pair_encoder import ENCODER


@pytest.fixture(scope="session")
def encoder_folder(models: Path) -> Path:
    """The encoder that the shipped adapters were trained for."""
    return models / ENCODER
