"""Citations opened: one that leads beside its words is counted, in whatever way it does."""

from dataclasses import replace

import pytest

from ragslm.evaluate.opened import opens
from ragslm.types import Citation, SourceView

TEXT = "Aspirin 75 mg daily.\nWarfarin 5 mg daily."
CITATION = Citation(
    label="1", passage_id=1, document_id="d", uri="d", title="d", page=2, section=None, start=21, end=41,
    quote="Warfarin 5 mg daily.",
)  # fmt: skip


class Pages:
    """Opens page 2 of `TEXT`, its marks moved by `off`."""

    def __init__(self, off=0):
        self.off = off

    def page(self, document_id, number, *, marks):
        lit = tuple((start + self.off, end + self.off) for start, end in marks)
        return SourceView(document_id=document_id, number=2, pages=3, image=None, text=TEXT, marks=lit)


@pytest.mark.parametrize(
    ("changed", "off", "right"),
    [
        ({}, 0, True),
        ({"quote": "Warfarin  5 mg\ndaily."}, 0, True),  # blanks are no difference
        ({"page": None}, 0, True),  # a format without pages
        ({"page": 1}, 0, False),
        ({"quote": "Warfarin 10 mg daily."}, 0, False),
        ({"quote": ""}, 0, False),
        ({"start": 0, "end": 20}, 0, False),
        ({}, -3, False),  # the page lights up something else
    ],
)
def test_a_citation_is_right_if_original_page_and_light_agree(changed, off, right):
    assert opens(Pages(off), replace(CITATION, **changed), TEXT) is right
