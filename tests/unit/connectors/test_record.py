"""Records: what a connector labels is what the scrubber is told, and only a connector can say it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ragslm.errors import ConfigError, QuarantineError
from ragslm.records import MAGIC, MEDIA_TYPE, record
from ragslm.types import SourceDocument
from ragslm_connectors._formats.record import RecordParser

POLICY = {"Name": "PERSON", "Code": "KEEP", "Note": "TEXT", "Account": "ACCOUNT"}


def parsed(content, media_type=MEDIA_TYPE):
    return RecordParser().parse(SourceDocument(uri="crm://1", content=content, media_type=media_type))


def test_a_record_is_a_line_that_can_be_read_with_every_field_labelled():
    found = parsed(record({"Name": "Ann Weaver", "Code": "I48.0", "Note": "Seen.", "Account": None}, POLICY))
    assert found.text == "Name: Ann Weaver | Code: I48.0 | Note: Seen."
    assert [(found.text[f.start : f.end], f.entity, f.path) for f in found.fields] == [
        ("Ann Weaver", "PERSON", "Name"),
        ("I48.0", "KEEP", "Code"),
    ]
    assert [block.kind for block in found.blocks] == ["record"]


def test_a_long_text_is_a_paragraph_by_itself():
    found = parsed(record({"Note": "It rained. " * 30, "Name": "Ann"}, POLICY))
    assert [block.kind for block in found.blocks] == ["record", "paragraph"]
    assert found.text.startswith("Name: Ann\n\nNote: It rained.")


@pytest.mark.parametrize("policy", [{}, {"Name": ""}, {"Name": "person"}, {"Name": "A B"}])
def test_a_field_without_a_meaning_is_refused(policy):
    with pytest.raises(ConfigError, match="'Name' has no meaning"):
        record({"Name": "Ann"}, policy)


def test_a_file_that_poses_as_a_record_is_not_believed():
    """It could mark a name as knowledge that recognisers leave alone."""
    with pytest.raises(QuarantineError, match="no connector made it"):
        parsed(record({"Name": "Ann"}, {"Name": "KEEP"}), "application/octet-stream")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        MAGIC,
        MAGIC + b"[]}",
        MAGIC + b"5}",
        MAGIC + b'[["a"]]}',
        MAGIC + b'[["a",1,"KEEP"]]}',
        MAGIC + b'[["a","b","keep"]]}',
        MAGIC + b"[" * 100_000,
    ],
)
def test_broken_records_are_quarantined(content):
    with pytest.raises(QuarantineError):
        parsed(content)


TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


def test_half_a_surrogate_is_replaced():
    assert parsed(record({"Note": "a\ud800"}, POLICY)).text == "Note: a?"


@given(st.dictionaries(TEXTS.filter(str.strip), TEXTS, min_size=1, max_size=6), st.data())
def test_any_record_is_read_with_its_labels_in_place(fields, data):
    policy = {label: data.draw(st.sampled_from(["PERSON", "KEEP", "TEXT"])) for label in fields}
    try:
        found = parsed(record(fields, policy))
    except QuarantineError:
        return
    labelled = [v for k, v in fields.items() if v.strip() and policy[k] != "TEXT"]
    assert len(found.fields) == len([v for v in labelled if " ".join(v.split())])
    assert json.dumps([found.text[f.start : f.end] for f in found.fields])
    for field, value in zip(found.fields, labelled, strict=False):
        assert found.text[field.start : field.end] == " ".join(value.split())
