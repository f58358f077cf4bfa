"""A job gathers what arrives, and ends in words whatever happens."""

import threading
from collections.abc import Iterator
from typing import Any, cast

from ragslm.client import Client
from ragslm.errors import ApiError
from ragslm.types import Answer, Citation, Event, Scrubbed, Sentence, Verdict
from ragslm_ui.job import ENDED, STOPPED, STOPPED_EARLY, Job

SENTENCE = Sentence(text="Rest.", citations=("1",), verdict=Verdict(True, 0.9), origin="quoted")
CITATION = Citation(
    label="1",
    passage_id=1,
    document_id="d",
    uri="u",
    title="t",
    page=None,
    section=None,
    start=0,
    end=5,
    quote="Rest.",
)
TOLD = Event(type="sentence", sentence=SENTENCE, citations=(CITATION,))
DONE = Event(type="done", answer=Answer(text="Rest. [1]"))


class FakeClient:
    """Streams given events; an exception among them is raised, a threading.Event is waited for."""

    def __init__(self, *steps: Any) -> None:
        self.steps = steps
        self.closed = False

    def scrub(self, text: str) -> Scrubbed:
        return Scrubbed(text.replace("Ann", "PERSON_7K3QXA"))

    def stream(self, question: str, conversation: str, *, mode: str | None) -> Iterator[Event]:
        for step in self.steps:
            if isinstance(step, Exception):
                raise step
            if isinstance(step, threading.Event):
                assert step.wait(5)
            else:
                yield step

    def close(self) -> None:
        self.closed = True


def run(client: FakeClient) -> Job:
    job = Job("What does Ann need?")
    job.start(cast(Client, client), "c", None)
    return job


def test_sentences_citations_and_the_answer_are_gathered() -> None:
    client = FakeClient(TOLD, DONE)
    job = run(client)
    assert job.finished.wait(5)
    assert job.sentences == [SENTENCE]
    assert job.citations == {"1": CITATION}
    assert job.answer is DONE.answer
    assert job.asked == "What does PERSON_7K3QXA need?"
    assert job.problem is None
    assert client.closed


def test_an_error_keeps_what_had_arrived() -> None:
    job = run(FakeClient(TOLD, ApiError("The connection broke. Ask again.")))
    assert job.finished.wait(5)
    assert job.sentences == [SENTENCE]
    assert job.problem == "The connection broke. Ask again."


def test_an_error_event_is_told() -> None:
    job = run(FakeClient(Event(type="error", error="Busy. Ask later.")))
    assert job.finished.wait(5)
    assert job.problem == "Busy. Ask later."


def test_a_stream_without_an_end_says_so() -> None:
    job = run(FakeClient(TOLD))
    assert job.finished.wait(5)
    assert job.problem == ENDED


def test_stop_is_over_at_once_and_takes_nothing_more() -> None:
    gate = threading.Event()
    client = FakeClient(gate, TOLD, DONE)
    job = run(client)
    job.stop()
    assert job.over
    assert job.problem == STOPPED_EARLY
    job.sentences.append(SENTENCE)
    assert job.problem == STOPPED
    gate.set()
    assert job.finished.wait(5)
    assert job.sentences == [SENTENCE]
    assert job.answer is None
    assert client.closed


def test_stop_after_the_end_changes_nothing() -> None:
    job = run(FakeClient(DONE))
    assert job.finished.wait(5)
    job.stop()
    assert job.problem is None
    assert not job.stopped.is_set()
