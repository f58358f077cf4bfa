import datetime as dt
import json

import pytest

from ragslm.errors import ConfigError, MissingExtraError
from ragslm.ingest.messages import (
    READY,
    Parsed,
    ParseFailure,
    check_started,
    decode_reply,
    decode_request,
    encode_failure,
    encode_parsed,
    encode_request,
    encode_start_failure,
)
from ragslm.types import Block, LabelledField, PageSpan, ParsedDocument, Section, SourceDocument, WordBox

DOCUMENT = ParsedDocument(
    text="Héading\nJane 1",
    title="T",
    effective_date=dt.date(2024, 2, 29),
    scope="p1",
    pages=(PageSpan(1, 0, 14),),
    sections=(Section("Héading", 0, 14),),
    blocks=(Block("heading", 0, 7), Block("row", 8, 14)),
    fields=(LabelledField(8, 12, "PERSON", "Patient.name"),),
    boxes=(WordBox(0, 7, 0.1, 0.2, 0.3, 0.25),),
    unread=(2,),
    language="fr",
)
PARSED = Parsed(document=DOCUMENT, parser="p", media_type="text/plain")


def test_document_arrives_as_it_left():
    assert decode_reply(encode_parsed(PARSED), 100) == PARSED


def test_request_arrives_as_it_left():
    source = SourceDocument(
        uri="file:///a.pdf", content=b"\0\xff", title="a", effective_date=dt.date(2024, 1, 1)
    )
    assert decode_request(encode_request(source, ".pdf"), source.content) == (source, ".pdf")


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"blocks": [["heading", 0, 99]]}, "end outside the text"),
        ({"blocks": [["heading", -1, 3]]}, "start outside"),
        ({"blocks": [["heading", 5, 3]]}, "end before start"),
        ({"blocks": [["script", 0, 3]]}, "unknown kind"),
        ({"blocks": [["heading", True, 3]]}, "a truth value is no offset"),
        ({"blocks": [["heading", 0.0, 3]]}, "a float is no offset"),
        ({"blocks": [["heading", 0]]}, "a value missing"),
        ({"blocks": {"a": 1}}, "no list"),
        ({"pages": [["1", 0, 3]]}, "page number as text"),
        ({"text": None}, "no text"),
        ({"boxes": [[0, 3, 0.0, 0.0, 1.5, 1.0]]}, "box outside the page"),
        ({"boxes": [[0, 3, 0.0, 0.0, 1.0]]}, "an edge missing"),
        ({"unread": ["2"]}, "page number as text"),
        ({"text": ["a"]}, "text of another type"),
        ({"date": "yesterday"}, "no date"),
        ({"parser": 7}, "parser of another type"),
        ({"fields": [[0, 3, 4, "x"]]}, "entity of another type"),
    ],
)
def test_answer_that_makes_no_sense_is_refused(change, why):
    plain = json.loads(encode_parsed(PARSED)) | change
    with pytest.raises(ParseFailure, match="makes no sense") as raised:
        decode_reply(json.dumps(plain).encode(), 100)
    assert raised.value.last, why


@pytest.mark.parametrize("message", [b"", b"\xff", b"[]", b"7", b"null", b"{}", b"[" * 100_000])
def test_answer_that_is_no_document_is_refused(message):
    with pytest.raises(ParseFailure, match="makes no sense"):
        decode_reply(message, 100)


def test_text_too_long_is_refused():
    with pytest.raises(ParseFailure, match="14 characters; at most 10"):
        decode_reply(encode_parsed(PARSED), 10)


def test_what_cannot_be_stored_is_replaced_one_for_one():
    odd = ParsedDocument(text="a\0b\ud800c", blocks=(Block("paragraph", 4, 5),))
    text = decode_reply(encode_parsed(Parsed(document=odd, parser="p", media_type="m")), 100).document.text
    assert text == "a\ufffdb\ufffdc"


def test_failure_arrives_with_its_marks():
    with pytest.raises(ParseFailure, match="too deep") as raised:
        decode_reply(encode_failure("too deep", again=True, last=True), 100)
    assert raised.value.again
    assert raised.value.last


def test_start():
    check_started(READY)
    with pytest.raises(ConfigError, match="no such domain"):
        check_started(encode_start_failure("config", "no such domain"))
    with pytest.raises(MissingExtraError, match="pip install"):
        check_started(encode_start_failure("extra", "pip install"))
