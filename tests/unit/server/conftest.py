"""A small fake assistant behind a real application."""

import threading
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi.testclient import TestClient

from ragslm.errors import AccessError, ConfigError, NotFoundError, QuestionError, RagslmError
from ragslm.server import create_app
from ragslm.settings import ServerSettings, Settings
from ragslm.types import (
    Answer,
    Citation,
    DocumentInfo,
    Entity,
    Event,
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
)  # fmt: skip

PASSAGE = Passage(
    id=2**62,
    document_id="d1",
    uri="file:///a.pdf",
    title="A",
    page=2,
    section=None,
    text="Rest helps.",
    start=5,
    end=16,
)
CITATION = Citation(
    label="1", passage_id=2**62, document_id="d1", uri="file:///a.pdf", title="A", page=2, section=None,
    start=5, end=16, quote="Rest helps.",
)  # fmt: skip
SENTENCES = tuple(
    Sentence(text=text, citations=("1",), verdict=Verdict(True, 0.9), origin="quoted")
    for text in ("Rest helps.", "Water helps too.")
)
USERS = {
    "rsk_owner": Identity(id="olga", owner=True, cleared=True),
    "rsk_reader": Identity(id="rob"),
    "rsk_other": Identity(id="otto", groups=frozenset({"elsewhere"})),
}


class FakeAssistant:
    """Answers always the same; document d1 is not for `otto`; only owners change documents."""

    def __init__(self, domain: str = "generic") -> None:
        self.domain = domain
        self.engine_name = "extractive"
        self.intended_use = "For tests."
        self.asked: list[dict[str, Any]] = []
        self.uploads: list[tuple[str, bytes]] = []
        self.closed = threading.Event()
        self.hold: threading.Event | None = None
        self.crash: Exception | None = None
        self.endless = False
        self.broken: RagslmError | None = None

    def for_domain(self, domain: str) -> "FakeAssistant":
        if domain != "medical":
            raise ConfigError("not configured")
        self.domain_asked = domain
        return self

    def identify(self, api_key: str) -> Identity:
        if api_key not in USERS:
            raise AccessError("unknown key")
        return USERS[api_key]

    def search(self, question: str, k: int = 10, *, user: Identity, **given: Any) -> list[Hit]:
        self._begin(question)
        return [Hit(0.5, PASSAGE)][: 0 if user.id == "otto" else k]

    def ask(self, question: str, conversation: str | None = None, **given: Any) -> Answer:
        return next(e.answer for e in self.stream(question, conversation, **given) if e.answer)

    def stream(self, question: str, conversation: str | None = None, **given: Any) -> Iterator[Event]:
        self._begin(question)
        self.asked.append({"question": question, "conversation": conversation, **given})
        return self._events(conversation)

    def _events(self, conversation: str | None) -> Iterator[Event]:
        try:
            yield Event(type="evidence", evidence=(PASSAGE,))
            if self.crash:
                raise self.crash
            while self.endless:
                threading.Event().wait(0.02)
                yield Event(type="sentence", sentence=SENTENCES[0], citations=(CITATION,))
            for sentence in SENTENCES:
                yield Event(type="sentence", sentence=sentence, citations=(CITATION,))
            yield Event(type="done", answer=self.answer(conversation))
        finally:
            self.closed.set()

    def answer(self, conversation: str | None) -> Answer:
        return Answer(
            text="Rest helps. [1] Water helps too. [1]", sentences=SENTENCES, citations=(CITATION,),
            evidence=(PASSAGE,), usage=Usage(prompt_tokens=3, completion_tokens=4, seconds={"search": 0.1}),
            audit_id="a7", conversation=conversation,
        )  # fmt: skip

    def scrub(self, text: str) -> Scrubbed:
        self._begin(text)
        return Scrubbed("PERSON_7K3QXA", (Entity("PERSON", 0, 4, 0.9, "PERSON_7K3QXA"),))

    def verify(self, claim: str, passages: list[str]) -> Verdict:
        self._begin(claim)
        return Verdict(False, 0.1, ("negation differs",))

    def documents(self, *, user: Identity) -> list[DocumentInfo]:
        info = DocumentInfo(
            id="d1", uri="file:///a.pdf", title="A", domain="generic", media_type="application/pdf", pages=3,
            passages=9, date=None, sha256="0" * 64, ingested_at="2026-11-21T00:00:00Z",
        )  # fmt: skip
        return [] if user.id == "otto" else [info]

    def add_document(
        self, name: str, content: bytes, *, scope: Any, readers: Any, user: Identity
    ) -> IngestReport:
        self._owner(user)
        self.uploads.append((name, content))
        return IngestReport(added=1, passages=2)

    def remove_document(self, document_id: str, *, user: Identity) -> None:
        self._owner(user)
        self._known(document_id, user)

    def page(self, document_id: str, number: int, *, marks: Any, user: Identity) -> SourceView:
        self._known(document_id, user)
        image = b"\x89PNG\xff\xfe" if number == 1 else None
        return SourceView(
            document_id=document_id, number=number, pages=3, image=image, text="t", marks=tuple(marks)
        )

    def models(self) -> list[ModelRef]:
        return [ModelRef("encoder", "f" * 64)]

    def health(self, *, user: Identity | None = None) -> dict[str, str | int | bool]:
        return {"domain": self.domain, "documents": 1}

    def check_ready(self) -> None:
        if self.broken:
            raise self.broken

    def _begin(self, text: str) -> None:
        if self.hold:
            assert self.hold.wait(10)
        if not text.strip():
            raise QuestionError("The question is empty. Ask something.")

    def _owner(self, user: Identity) -> None:
        if not user.owner:
            raise AccessError("Only an owner of the workspace may change its documents.")

    def _known(self, document_id: str, user: Identity) -> None:
        if document_id != "d1" or user.id == "otto":
            raise NotFoundError("There is no such document for this user.")


def settings(**server: Any) -> Settings:
    return Settings(server=ServerSettings(**server), domains=("generic", "medical"))


@pytest.fixture
def assistant() -> FakeAssistant:
    return FakeAssistant()


@pytest.fixture
def serve(assistant: FakeAssistant) -> Iterator[Any]:
    """Builds a test client of an application with these server settings."""
    opened: list[TestClient] = []

    def build(key: str | None = "rsk_reader", **server: Any) -> TestClient:
        app = create_app(assistant, settings(**server))  # type: ignore[arg-type]
        client = TestClient(app, headers={"Authorization": f"Bearer {key}"} if key else {})
        opened.append(client.__enter__())
        return client

    yield build
    for client in opened:
        client.__exit__()


@pytest.fixture
def world() -> SimpleNamespace:
    return SimpleNamespace(users=USERS, sentences=SENTENCES, passage=PASSAGE)
