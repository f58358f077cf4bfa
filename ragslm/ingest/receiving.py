"""Takes in what sources send by themselves: several senders at once, stored together, answered one by one."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from queue import Empty, SimpleQueue
from threading import Event, Thread

from ragslm.errors import RagslmError, SourceError
from ragslm.ingest.sources import Source
from ragslm.ingest.sync import Sync
from ragslm.protocols import Listener
from ragslm.types import Identity, SourceDocument

TOGETHER = 64
"""Documents stored together at most: what waits while others are embedded shares one batch."""


class _Waiting:
    """A document on its way in, and what its sender waits for."""

    def __init__(self, document: SourceDocument) -> None:
        self.document = document
        self.done = Event()
        self.reason: str | None = None
        self.error: RagslmError | None = None


class Receiver:
    """One thread that stores documents of many. A context manager.

    Args:
        take: stores documents durably; returns reasons by uri of those that became dead letters.
    """

    def __init__(self, take: Callable[[Sequence[SourceDocument]], Mapping[str, str]]) -> None:
        self._take = take
        self._queue: SimpleQueue[_Waiting | None] = SimpleQueue()
        self._thread = Thread(target=self._work, name="receiver", daemon=True)

    def __enter__(self) -> "Receiver":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._queue.put(None)
        self._thread.join()

    def store(self, document: SourceDocument) -> str | None:
        """Wait until it is stored; the reason if it became a dead letter.

        Raises:
            RagslmError: it is not stored.
        """
        waiting = _Waiting(document)
        self._queue.put(waiting)
        waiting.done.wait()
        if waiting.error is not None:
            raise waiting.error
        return waiting.reason

    def _work(self) -> None:
        while (first := self._queue.get()) is not None:
            batch = [first]
            ended = False
            while len(batch) < TOGETHER and not ended:
                try:
                    following = self._queue.get_nowait()
                except Empty:
                    break
                if following is None:
                    ended = True
                else:
                    batch.append(following)
            self._settle(batch)
            if ended:
                return

    def _settle(self, batch: Sequence[_Waiting]) -> None:
        documents = {waiting.document.uri: waiting.document for waiting in batch}
        reasons: Mapping[str, str] = {}
        error: RagslmError | None = None
        try:
            reasons = self._take(list(documents.values()))
        except SourceError as failure:
            if len(batch) > 1:  # one of them was refused: no other sender is to be told so
                for waiting in batch:
                    self._settle([waiting])
                return
            error = failure
        except RagslmError as failure:
            error = failure
        except Exception as failure:  # whatever it is, no sender may be left waiting or told that all is well
            error = SourceError(f"Storing failed ({type(failure).__name__}).")
        for waiting in batch:
            waiting.reason, waiting.error = reasons.get(waiting.document.uri), error
            waiting.done.set()


def listen(
    sync: Sync,
    sources: Sequence[Source],
    identity: Identity,
    stop: Event,
    ready: Callable[[str, str], None],
) -> None:
    """Run the listeners among these sources until `stop` is set, or one of them fails.

    Raises:
        ConfigError: none of them listens, or one cannot.
    """
    errors: list[Exception] = []
    threads = [
        Thread(target=_run, args=(sync, source, listener, identity, stop, ready, errors), name=source.name)
        for source, listener in sync.listeners(sources)
    ]
    for thread in threads:
        thread.start()
    try:
        for thread in threads:
            thread.join()
    finally:  # also at Ctrl-C: nothing may be closed while a message is on its way
        stop.set()
        for thread in threads:
            thread.join()
    if errors:
        raise errors[0]


def _run(
    sync: Sync,
    source: Source,
    listener: Listener,
    identity: Identity,
    stop: Event,
    ready: Callable[[str, str], None],
    errors: list[Exception],
) -> None:
    """One listener; whatever ends it ends the others."""
    try:
        sync.warm(source)
        with Receiver(partial(sync.receive, source, identity=identity)) as receiver:
            listener.listen(receiver.store, stop, partial(ready, source.name))
    except Exception as error:  # raised again by the thread that waits for this one
        errors.append(error)
    finally:
        stop.set()
