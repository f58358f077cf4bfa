"""Answers that are being given: read from one thread, closed from any, and none without its record."""

import threading
import time
from collections.abc import Callable, Generator, Iterator

from ragslm._run import CancelledError, Run
from ragslm.errors import WorkspaceError
from ragslm.types import Event

CLOSE_SECONDS = 2.0
"""How long a thread that is giving an answer is waited for: about one sentence of a small model."""


class Answering(Iterator[Event]):
    """The events of one answer.

    Args:
        events: the journey, which records how it ended.
        run: what it has gathered.
        break_off: records it as cancelled with what was shown so far, unless it is recorded already.
    """

    def __init__(
        self, events: Generator[Event, None, None], run: Run, break_off: Callable[[], object]
    ) -> None:
        self._events, self._run, self._break_off = events, run, break_off
        self._reading = threading.Lock()

    def __next__(self) -> Event:
        """The next event.

        Raises:
            WorkspaceError: it was closed before it ended.
        """
        try:
            self._run.check()
            with self._reading:
                event = next(self._events)
            self._run.check()
        except CancelledError:
            raise WorkspaceError(
                "The answer was cut off: its stream or the assistant was closed. Open it and ask again."
            ) from None
        return event

    def cancel(self) -> None:
        """Nothing more is begun, and nothing more is shown."""
        self._run.cancelled = True

    def close(self, seconds: float = CLOSE_SECONDS) -> None:
        """Cancel it; what was shown is recorded when this returns.

        A thread that is giving the answer is waited for. If its step takes longer than `seconds`, the
        record is written here, and what the step brings is not shown.
        """
        self.cancel()
        if self._reading.acquire(timeout=seconds):
            try:
                self._events.close()
            finally:
                self._reading.release()
        else:
            self._break_off()


class Streams:
    """Every answer of a workspace that is being given. Safe between threads."""

    def __init__(self) -> None:
        # Looked at and changed in single steps: a stream may be collected, and so leave, at any moment.
        self._open: set[Answering] = set()
        self._closed = False

    def open(self, answering: Answering) -> "Stream":
        """Hand an answer to its reader.

        Raises:
            WorkspaceError: the assistant was closed.
        """
        stream = Stream(self, answering)
        self._open.add(answering)
        if self._closed:
            raise WorkspaceError("The assistant is closed. Open it again.")
        return stream

    def end(self, answering: Answering) -> None:
        """This answer has its record."""
        self._open.discard(answering)

    def close(self, seconds: float = CLOSE_SECONDS) -> None:
        """Close every answer, and let no other begin; threads are waited for `seconds` in all.

        Raises:
            AuditError: one of them could not be recorded; the others are.
        """
        self._closed = True
        deadline, answers = time.monotonic() + seconds, list(self._open)
        for answering in answers:
            answering.cancel()
        errors: list[Exception] = []
        for answering in answers:
            try:
                answering.close(max(0.0, deadline - time.monotonic()))
            except Exception as error:  # raised below, once every answer was tried
                errors.append(error)
            self.end(answering)
        if errors:
            raise errors[0]


class Stream(Iterator[Event]):
    """What the reader of an answer holds. Who lets go of it closes it."""

    def __init__(self, streams: Streams, answering: Answering) -> None:
        self._streams, self._answering = streams, answering

    def __next__(self) -> Event:
        """The next event.

        Raises:
            WorkspaceError: it was closed before it ended.
        """
        return next(self._answering)

    def close(self) -> None:
        """Stop the engine and record the answer as cancelled, unless it has ended."""
        self._answering.close()
        self._streams.end(self._answering)

    def __del__(self) -> None:
        self.close()
