"""A few parsing workers, started when needed and replaced when they fail, working ahead of the run."""

import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from ragslm.errors import WorkspaceError
from ragslm.ingest.messages import Parsed, ParseFailure
from ragslm.ingest.process import WorkerProcess
from ragslm.settings import IngestSettings
from ragslm.types import SourceDocument

T = TypeVar("T")

LOADER = "ragslm.registry:load_domains"


class ParserPool:
    """Parses documents in processes of their own. Thread-safe.

    Args:
        domains: names of the domains whose parsers are loaded.
        settings: limits of time, memory and text.
        workers: processes at most; each costs about 50 MB and starts in a third of a second.
        loader: `module:function` that gives domains by name, imported in the workers only.
    """

    def __init__(
        self, domains: Sequence[str], settings: IngestSettings, *, workers: int = 2, loader: str = LOADER
    ) -> None:
        self._domains = tuple(domains)
        self._settings = settings
        self._loader = loader
        self._size = max(1, min(workers, os.cpu_count() or 1))
        self._threads = ThreadPoolExecutor(self._size, thread_name_prefix="ragslm-parse")
        self._lock = threading.Lock()
        self._idle: list[WorkerProcess] = []
        self._busy: set[WorkerProcess] = set()
        self._closed = False

    def parse(self, document: SourceDocument) -> Parsed:
        """Parse one document; waits for a free worker.

        Raises:
            ParseFailure: it cannot be read, took too long, needed too much memory or crashed its parser.
            ConfigError: a domain is unknown.
            MissingExtraError: a package that the parsers need is not installed.
        """
        return self._submit(document).result()

    def parse_ahead(
        self, items: Iterable[T], document: Callable[[T], SourceDocument]
    ) -> Iterator[tuple[T, Parsed | ParseFailure]]:
        """Every item with the outcome of its document, in order, a few parsed ahead while the caller works.

        At most one document more than there are workers is held, so that memory stays bounded.
        """
        waiting: deque[tuple[T, Future[Parsed]]] = deque()
        try:
            for item in items:
                waiting.append((item, self._submit(document(item))))
                if len(waiting) > self._size:
                    yield _outcome(*waiting.popleft())
            while waiting:
                yield _outcome(*waiting.popleft())
        finally:
            for _, future in waiting:
                future.cancel()

    def close(self) -> None:
        """End every worker, also one that parses. Twice is allowed."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
            for worker in self._busy:
                worker.kill()
        for worker in idle:
            worker.end()
        self._threads.shutdown(cancel_futures=True)

    def _submit(self, document: SourceDocument) -> Future[Parsed]:
        with self._lock:
            if self._closed:
                raise WorkspaceError("The parsing workers are closed. Open the workspace again.")
            return self._threads.submit(self._work, document)

    def _work(self, document: SourceDocument) -> Parsed:
        worker = self._take()
        keep = True
        try:
            return worker.parse(document)
        except ParseFailure as failure:
            keep = not failure.last
            raise
        except BaseException:
            keep = False
            raise
        finally:
            self._give(worker, keep)

    def _take(self) -> WorkerProcess:
        with self._lock:
            worker = self._idle.pop() if self._idle else None
        worker = worker or WorkerProcess(self._domains, self._settings, self._loader)
        with self._lock:
            self._busy.add(worker)
            if self._closed:
                worker.kill()
        return worker

    def _give(self, worker: WorkerProcess, keep: bool) -> None:
        with self._lock:
            self._busy.discard(worker)
            keep = keep and not self._closed
            if keep:
                self._idle.append(worker)
        if not keep:
            worker.end()


def _outcome(item: T, future: Future[Parsed]) -> tuple[T, Parsed | ParseFailure]:
    try:
        return item, future.result()
    except ParseFailure as failure:
        return item, failure
