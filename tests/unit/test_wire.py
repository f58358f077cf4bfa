"""Whatever the server sends arrives as the same value."""

import dataclasses
from collections.abc import Mapping
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from ragslm import wire
from ragslm.client._sse import SseParser
from ragslm.types import (
    Answer,
    Citation,
    DocumentInfo,
    Dropped,
    Entity,
    Event,
    EventType,
    Hit,
    Identity,
    IngestReport,
    ModelRef,
    Passage,
    Scrubbed,
    Sentence,
    SourceView,
    Usage,
    Verdict,
)

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
for kind, strategy in {str: TEXT, float: st.floats(-1e9, 1e9), int: st.integers(0, 2**63 - 1)}.items():
    st.register_type_strategy(kind, strategy)
st.register_type_strategy(
    Mapping, lambda kind: st.dictionaries(TEXT, st.from_type(get_args(kind)[1]), max_size=3)
)
st.register_type_strategy(
    tuple,
    lambda kind: (
        st.lists(st.from_type(get_args(kind)[0]), max_size=2).map(tuple)
        if get_args(kind)[1:] == (...,)
        else st.tuples(*map(st.from_type, get_args(kind)))
    ),
)

KINDS = [
    Answer, Citation, DocumentInfo, Dropped, Entity, Event, Hit, Identity, IngestReport, ModelRef, Passage,
    Scrubbed, Sentence, SourceView, Usage, Verdict, wire.ServerInfo, wire.Hits, wire.Documents,
    wire.ChatExtension, wire.Failure,
]  # fmt: skip


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_round_trip(kind: type[Any], data: st.DataObject) -> None:
    value = data.draw(st.from_type(kind))
    assert wire.load(kind, wire.dump(value)) == value


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(events=st.lists(st.from_type(Event), max_size=4), size=st.integers(1, 7))
def test_events_survive_any_cut(events: list[Event], size: int) -> None:
    stream = wire.HEARTBEAT.join(wire.encode_event(event) for event in events)
    parser = SseParser()
    chunks = [stream[i : i + size] for i in range(0, len(stream), size)]
    messages = [message for chunk in chunks for message in parser.feed(chunk)]
    assert [wire.decode_event(m.name, m.data) for m in messages] == events


def test_every_event_type_is_decoded() -> None:
    for name in get_args(EventType):
        assert wire.decode_event(name, wire.dump(Event(type=name)).decode()) == Event(type=name)


def test_event_of_a_newer_server_is_left_out() -> None:
    assert wire.decode_event("thought", "{}") is None


def test_fields_of_a_newer_server_are_ignored() -> None:
    assert wire.load(Verdict, '{"supported":true,"score":0.5,"reasons":[],"colour":"red"}') == Verdict(
        True, 0.5
    )


@pytest.mark.parametrize(
    ("body", "given"),
    [
        (wire.AskRequest, {"question": "q", "colour": "red"}),  # unknown field
        (wire.AskRequest, {"question": "q" * (wire.MAX_QUESTION + 1)}),  # beyond every bound
        (wire.AskRequest, {"question": "q", "domain": "../etc"}),  # not a domain's name
        (wire.AskRequest, {"question": "q", "filters": {"author": "x"}}),  # unknown filter
        (wire.SearchRequest, {"question": "q", "k": 0}),  # below the least
        (wire.SearchRequest, {"question": "q", "as_of": "yesterday"}),  # not a date
        (wire.VerifyRequest, {"claim": "c", "passages": ["p"] * 101}),  # too many
        (wire.ChatRequest, {"model": "ragslm", "messages": []}),  # nothing said
    ],
)
def test_bodies_are_bounded(body: type[Any], given: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        body.model_validate(given)


def test_chat_extension_takes_every_field_from_the_answer() -> None:
    answer = Answer(text="t", refused=True, reason="r", audit_id="a7", engine="vllm")
    extension = wire.ChatExtension.of(answer, "c1")
    assert dataclasses.asdict(extension) == {
        "citations": (), "sentences": (), "evidence": (), "refused": True, "reason": "r", "mode": "quote",
        "engine": "vllm", "fallback": None, "audit_id": "a7", "conversation": "c1", "conflicts": (),
    }  # fmt: skip
