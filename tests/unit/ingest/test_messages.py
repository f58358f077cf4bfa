"""What crosses the border between parent and worker is data, checked on arrival."""

import json

import pytest

from ragslm.errors import QuarantineError
from ragslm.ingest.messages import (
    Parsed,
    decode_reply,
    decode_request,
    encode_parsed,
    encode_reason,
    encode_request,
)
from ragslm.types import Block, LabelledField, PageSpan, ParsedDocument, Section, SourceDocument

PARSED = Parsed(
    ParsedDocument(
        text="Ann is here.",
        title="T",
        pages=(PageSpan(1, 0, 12),),
        sections=(Section("S", 0, 12),),
        blocks=(Block("paragraph", 0, 12),),
        fields=(LabelledField(0, 3, "PERSON", "name"),),
    ),
    "text",
    "text/plain",
)


def test_round_trip() -> None:
    assert decode_reply(encode_parsed(PARSED)) == PARSED
    document = SourceDocument(uri="u", content=b"\x00\xff", media_type="m", title="t")
    assert decode_request(encode_request(document)) == document


def test_a_reason_becomes_a_quarantine() -> None:
    with pytest.raises(QuarantineError, match="page 3"):
        decode_reply(encode_reason("broken at page 3"))


@pytest.mark.parametrize(
    "change",
    [
        {"blocks": [["paragraph", 0, 99]]},  # beyond the text
        {"fields": [[5, 2, "PERSON", "x"]]},  # ends before it starts
        {"pages": "no"},  # not a list of pages
        {"effective_date": "yesterday"},  # not a date
    ],
)
def test_an_answer_that_makes_no_sense_is_refused(change: dict[str, object]) -> None:
    plain = {**json.loads(encode_parsed(PARSED)), **change}
    with pytest.raises(QuarantineError, match="no sense"):
        decode_reply(json.dumps(plain).encode())
