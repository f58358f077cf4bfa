"""Answers that nobody reads to their end: each sentence that may have been seen has its record, once."""

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from ragslm import Assistant, AuditError, WorkspaceError
from ragslm._streams import Stream, Streams
from ragslm.protocols import Draft, Unit
from tests.unit.test_pipeline import Engine, World, pipeline, question


def streamed(streams: Streams, world: World, write: Callable[[Sequence[Unit]], Iterator[Draft]]) -> Stream:
    return streams.open(pipeline(Engine(write), world).answer(question()))


def every(units: Sequence[Unit]) -> Iterator[Draft]:
    for unit in units:
        yield Draft(unit.text, (unit.label,))


def shown(stream: Stream, sentences: int = 1) -> Stream:
    assert [next(stream).type for _ in range(1 + sentences)] == ["evidence"] + ["sentence"] * sentences
    return stream


def origins(world: World) -> list[int]:
    return [len(facts["origins"]) for kind, facts in world.records if kind == "answer"]


class Stuck:
    """An engine that says one sentence and is then held up until it is let go."""

    def __init__(self) -> None:
        self.held, self.go_on = threading.Event(), threading.Event()

    def write(self, units: Sequence[Unit]) -> Iterator[Draft]:
        for number, draft in enumerate(every(units)):
            if number:
                self.held.set()
                assert self.go_on.wait(10)
            yield draft


def read_in_a_thread(stream: Stream, ends: list[str]) -> threading.Thread:
    def read() -> None:
        try:
            ends.extend(event.type for event in stream)
        except WorkspaceError:
            ends.append("cut off")

    thread = threading.Thread(target=read)
    thread.start()
    return thread


def test_closing_every_stream_records_what_was_shown_and_ends_the_reading() -> None:
    streams, world = Streams(), World()
    stream = shown(streamed(streams, world, every))
    streams.close()
    assert (world.outcomes, origins(world)) == (["cancelled"], [1])
    with pytest.raises(WorkspaceError, match="cut off"):
        next(stream)
    stream.close()
    streams.close()
    assert world.outcomes == ["cancelled"]


def test_an_answer_that_has_ended_is_recorded_as_it_ended() -> None:
    streams, world = Streams(), World()
    stream = streamed(streams, world, every)
    assert [event.type for event in stream][-1] == "done"
    streams.close()
    stream.close()
    assert world.outcomes == ["answered"]


def test_a_stream_that_is_let_go_is_recorded() -> None:
    streams, world = Streams(), World()
    stream = shown(streamed(streams, world, every))
    del stream
    assert world.outcomes == ["cancelled"]


def test_a_stream_that_was_never_read_has_no_record() -> None:
    streams, world = Streams(), World()
    streamed(streams, world, every)
    streams.close()
    assert world.records == []


def test_a_thread_that_reads_is_waited_for_and_shows_nothing_more() -> None:
    streams, world, engine, ends = Streams(), World(), Stuck(), []
    thread = read_in_a_thread(streamed(streams, world, engine.write), ends)
    assert engine.held.wait(5)
    threading.Timer(0.1, engine.go_on.set).start()
    streams.close(5)
    assert (world.outcomes, origins(world)) == (["cancelled"], [1])
    thread.join(5)
    assert ends == ["evidence", "sentence", "cut off"]
    assert world.outcomes == ["cancelled"]


def test_a_thread_that_is_held_up_is_recorded_by_who_closes() -> None:
    streams, world, engine, ends = Streams(), World(), Stuck(), []
    thread = read_in_a_thread(streamed(streams, world, engine.write), ends)
    assert engine.held.wait(5)
    streams.close(0.1)
    assert (world.outcomes, origins(world)) == (["cancelled"], [1])
    engine.go_on.set()
    thread.join(5)
    assert ends == ["evidence", "sentence", "cut off"]
    assert world.outcomes == ["cancelled"]


def test_what_cannot_be_recorded_is_told_once_the_others_are() -> None:
    streams, full, world = Streams(), World(full={"answer"}), World()
    kept = [shown(streamed(streams, full, every)), shown(streamed(streams, world, every))]
    with pytest.raises(AuditError):
        streams.close()
    assert world.outcomes == ["cancelled"]
    assert len(kept) == 2


def test_no_stream_begins_once_they_are_closed() -> None:
    streams = Streams()
    streams.close()
    with pytest.raises(WorkspaceError, match="closed"):
        streamed(streams, World(), every)


def test_the_assistant_records_before_it_closes_its_store(tmp_path: Path) -> None:
    with Assistant.open(tmp_path / "w", key="9d" * 32, generation={"engine": "extractive"}) as assistant:
        parts = assistant._parts
        journey = replace(pipeline(Engine(every), World()), audit=parts.audit)
        stream = shown(parts.streams.open(journey.answer(question())))
    stream.close()
    with Assistant.open(tmp_path / "w", key="9d" * 32) as assistant:
        records = list(assistant.export_audit())
        assert assistant.verify_audit().ok
    assert [record["kind"] for record in records] == ["question", "answer"]
    assert records[1]["facts"]["outcome"] == "cancelled"
