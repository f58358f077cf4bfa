"""Recognisers of identifiers in banking: one file per identifier."""

from typing import Any

from ragslm.privacy.recogniser import one_of_each


def build() -> list[Any]:
    """New recognisers of this folder."""
    return one_of_each(__path__, __name__)
