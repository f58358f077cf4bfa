"""Answers in the making, outside the script thread.

A click on any widget restarts the page's script and would end a stream that runs in it
(streamlit/streamlit#14524). So a thread of its own reads the stream, and the page looks at what has
arrived whenever it runs.
"""

import threading

from ragslm.client import Client
from ragslm.errors import RagslmError
from ragslm.types import Answer, Citation, Event, Mode, Passage, Sentence

STOPPED = "Stopped. What is shown above was checked; there may be more to say."
STOPPED_EARLY = "Stopped before a sentence was shown."
ENDED = "The answer ended early. Please ask again."


class Job:
    """One question on its way. Fields only grow; reading them needs no lock.

    Attributes:
        asked: the question with personal data replaced, as the engine gets it; None until known.
    """

    def __init__(self, question: str) -> None:
        self.question = question
        self.asked: str | None = None
        self.evidence: tuple[Passage, ...] = ()
        self.sentences: list[Sentence] = []
        self.citations: dict[str, Citation] = {}
        self.answer: Answer | None = None
        self.error: str | None = None
        self.stopped = threading.Event()
        self.finished = threading.Event()

    def start(self, client: Client, conversation: str, mode: Mode | None) -> None:
        """Begin to read the stream; the client is closed at its end."""
        threading.Thread(target=self._read, args=(client, conversation, mode), daemon=True).start()

    def stop(self) -> None:
        """Take nothing more. The server is told, by the closed connection, with its next event."""
        if not self.finished.is_set():
            self.stopped.set()

    @property
    def over(self) -> bool:
        """Nothing more will arrive."""
        return self.finished.is_set() or self.stopped.is_set()

    @property
    def problem(self) -> str | None:
        """Why there is no whole answer, in words; None if there is one or it is on its way."""
        if self.stopped.is_set() and self.answer is None:
            return STOPPED if self.sentences else STOPPED_EARLY
        return self.error

    def _read(self, client: Client, conversation: str, mode: Mode | None) -> None:
        try:
            self.asked = client.scrub(self.question).text
            for event in client.stream(self.question, conversation, mode=mode):
                if self.stopped.is_set():
                    break
                self._take(event)
        except RagslmError as error:
            self.error = str(error)
        finally:
            client.close()
            if self.answer is None and self.error is None:
                self.error = ENDED
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
