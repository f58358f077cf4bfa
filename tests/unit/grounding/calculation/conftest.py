"""Units of small made-up tables and sentences."""

from collections.abc import Callable

import pytest

from ragslm.grounding.units import cut_units
from ragslm.protocols import Unit
from ragslm.types import Passage

Cut = Callable[..., list[Unit]]


@pytest.fixture
def cut() -> Cut:
    """Cuts one text for each passage into units."""

    def make(*texts: str, title: str = "Annual report") -> list[Unit]:
        passages = [
            Passage(
                id=number, document_id="d", uri="file:///d", title=title, page=1, section=None, text=text,
                start=0, end=len(text),
            )
            for number, text in enumerate(texts, start=1)
        ]  # fmt: skip
        return cut_units(passages)

    return make
