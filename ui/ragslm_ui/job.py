"""Answers in the making, outside the script thread.

A click on any widget restarts the page's script and would end a stream that runs in it
(streamlit/streamlit#14524). So a thread of its own reads the stream, and the page looks at what has
arrived whenever it runs.
"""

import threading
from collections.abc import Iterator

from ragslm.client import Client
from ragslm.errors import RagslmError
from ragslm.types import Answer, Citation, Event, Mode, Passage, Sentence


class Job:
    """One question on its way. Fields only grow; reading them needs no lock."""

    def __init__(self, question: str, domain: str) -> None:
        self.question = question
        self.domain = domain
        self.evidence: tuple[Passage, ...] = ()
        self.sentences: list[Sentence] = []
        self.citations: dict[str, Citation] = {}
        self.answer: Answer | None = None
        self.error: str | None = None
        self.stopped = threading.Event()
        self.finished = threading.Event()

    def start(self, client: Client, conversation: str, mode: Mode | None) -> None:
        """Begin to read the stream."""
        threading.Thread(target=self._read, args=(client, conversation, mode), daemon=True).start()

    def stop(self) -> None:
        """Ask for the end; the server is told by the closed connection."""
        self.stopped.set()

    def _read(self, client: Client, conversation: str, mode: Mode | None) -> None:
        try:
            events: Iterator[Event] = client.stream(self.question, conversation, mode=mode)
            for event in events:
                self._take(event)
                if self.stopped.is_set():
                    self.error = "Stopped."
                    break
        except RagslmError as error:
            self.error = str(error)
        finally:
            client.close()
            self.finished.set()

    def _take(self, event: Event) -> None:
        self.evidence = event.evidence or self.evidence
        for citation in event.citations:
            self.citations[citation.label] = citation
        if event.sentence is not None:
            self.sentences.append(event.sentence)
        if event.answer is not None:
            self.answer = event.answer
        if event.error is not None:
            self.error = event.error
