"""Bounded work: so many requests at once, so many waiting, the rest is told to come again."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

import anyio
import anyio.to_thread

from ragslm.server.errors import BusyError
from ragslm.server.metrics import Metrics

T = TypeVar("T")


class Work:
    """Runs blocking calls in threads: at most `workers` at once, at most `queue` waiting."""

    def __init__(self, workers: int, queue: int, metrics: Metrics) -> None:
        self._threads = anyio.CapacityLimiter(workers)
        self._most = workers + queue
        self._taken = 0
        self._metrics = metrics
        self._feeds: set[asyncio.Task[None]] = set()

    async def do(self, call: Callable[[], T]) -> T:
        """Run a blocking call in a worker thread.

        Raises:
            BusyError: every worker is busy and the queue is full.
        """
        self._enter()
        return await self._run(call)

    def feed(self, open_iterator: Callable[[], Iterator[T]]) -> "Feed[T]":
        """Run a blocking iterator in a worker thread and read it here.

        Raises:
            BusyError: every worker is busy and the queue is full.
        """
        self._enter()
        feed = Feed(open_iterator, asyncio.get_running_loop())
        task = asyncio.create_task(self._run(feed.pump))
        self._feeds.add(task)
        task.add_done_callback(self._feeds.discard)
        return feed

    def _enter(self) -> None:
        if self._taken >= self._most:
            raise BusyError(
                "The server is busy: every worker is taken and the queue is full. Ask again shortly."
            )
        self._taken += 1
        self._metrics.waiting.inc()

    async def _run(self, call: Callable[[], T]) -> T:
        begun = False

        def work() -> T:
            nonlocal begun
            begun = True
            self._metrics.waiting.dec()
            with self._metrics.working.track_inprogress():
                return call()

        try:
            return await anyio.to_thread.run_sync(work, limiter=self._threads)
        finally:
            self._taken -= 1
            if not begun:
                self._metrics.waiting.dec()


class _End:
    """What a feed ends with: nothing, or the error that ended it."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error


class Feed(Generic[T]):
    """Items of a blocking iterator, made in a thread, read in the event loop.

    After `cancel` the thread closes the iterator as soon as it yields its next item.
    """

    def __init__(self, open_iterator: Callable[[], Iterator[T]], loop: asyncio.AbstractEventLoop) -> None:
        self._open = open_iterator
        self._loop = loop
        self._items: asyncio.Queue[T | _End] = asyncio.Queue()
        self._cancelled = threading.Event()

    def cancel(self) -> None:
        """Nobody reads any more."""
        self._cancelled.set()

    async def next(self, timeout: float) -> T:
        """The next item.

        Raises:
            TimeoutError: none came within `timeout` seconds.
            StopAsyncIteration: there is none.
            Exception: whatever the iterator raised.
        """
        item = await asyncio.wait_for(self._items.get(), timeout)
        if not isinstance(item, _End):
            return item
        if item.error is not None:
            raise item.error
        raise StopAsyncIteration

    def pump(self) -> None:
        """Run the iterator to its end, its error or its cancellation. Blocking."""
        try:
            self._drain(self._open())
        except Exception as error:  # it is raised where the items are read
            self._put(_End(error))
        else:
            self._put(_End())

    def _drain(self, iterator: Iterator[T]) -> None:
        try:
            for item in iterator:
                if self._cancelled.is_set():
                    break
                self._put(item)
        finally:
            if close := getattr(iterator, "close", None):
                close()

    def _put(self, item: T | _End) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._items.put_nowait, item)
