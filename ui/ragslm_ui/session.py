"""What one browser session holds, with names instead of strings spread over the page."""

import os
import uuid
from dataclasses import dataclass, field
from pathlib import Path

import streamlit as st

from ragslm.client import Client
from ragslm.types import SourceView
from ragslm_ui.job import Job

URL = os.environ.get("RAGSLM_URL", "http://127.0.0.1:8420")


@dataclass(frozen=True, slots=True)
class Place:
    """A span of a document to show beside the answer. `page` 0: wherever the span lies."""

    document_id: str
    title: str = field(repr=False)
    page: int
    start: int
    end: int


@dataclass(slots=True)
class Session:
    """Kept over reruns of the script, and gone when the browser tab is closed or reloaded.

    Attributes:
        place: what the source panel shows; `seen` is that page as it was fetched.
        notices: what the last upload did: `success` or `error`, and the words.
    """

    api_key: str | None = field(default=None, repr=False)
    domain: str | None = None
    mode: str = "auto"
    conversation: str = field(default_factory=lambda: uuid.uuid4().hex)
    jobs: list[Job] = field(default_factory=list)
    place: Place | None = None
    seen: tuple[Place, SourceView] | None = None
    notices: list[tuple[str, str]] = field(default_factory=list)

    def client(self) -> Client:
        """A client of this user; close it after use."""
        return Client(URL, api_key=self.api_key, domain=self.domain)

    def restart(self) -> None:
        """Begin a new conversation."""
        for job in self.jobs:
            job.stop()
        self.jobs = []
        self.place = self.seen = None
        self.notices = []
        self.conversation = uuid.uuid4().hex


def session() -> Session:
    """This browser session's state."""
    if "session" not in st.session_state:
        st.session_state["session"] = Session(api_key=given_key())
    state: Session = st.session_state["session"]
    return state


def sign_out() -> None:
    """Forget the key and everything that was asked."""
    session().restart()
    st.session_state["session"] = Session(api_key=given_key())


def given_key() -> str | None:
    """The key of a page that serves one person, from the environment or a secret file."""
    if file := os.environ.get("RAGSLM_API_KEY_FILE"):
        return Path(file).read_text(encoding="ascii").strip()
    return os.environ.get("RAGSLM_API_KEY") or None
