"""A number the workspace knows is found in a question that says nothing about it."""

import pytest

from ragslm.privacy.doubts import TYPED
from ragslm.privacy.known_codes import known_codes
from ragslm.types import LabelledField

KNOWN = {"M-0471": "ID", "00012345": "MRN"}


def known(words):
    return {word: KNOWN[word] for word in words if word in KNOWN}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("What was drawn under mandate M-0471?", ["M-0471"]),
        ("00012345: last creatinine", ["00012345"]),
        ("(M-0471) or 00012345.", ["M-0471", "00012345"]),  # brackets, a full stop
        ("M-04711 and XM-0471 and 1/M-0471", []),  # parts of others
        ("in 2024 at 9.1 g/dL", []),
        ("", []),
        ("M-0471 " + "a" * TYPED, []),  # a document, which has its fields and recognisers
    ],
)
def test_known_codes(text, found):
    [own] = known_codes([text], known)
    assert [text[f.start : f.end] for f in own] == found


def test_a_field_s_number_is_the_same_pseudonym_in_a_question(scrubber):
    record = "Mandate M-0471 of 2 May"
    stored = scrubber.scrub(record, [LabelledField(8, 14, "ID", "MndtId")])
    [token] = {entity.replacement for entity in stored.entities}
    assert scrubber.scrub("what was drawn under m-0471?").text == f"what was drawn under {token}?"
