"""Bounded work: so many requests at once, so many waiting, the rest is told to come again.

Nobody gets all of it: where there are two, one worker and one place are kept from each identity.
"""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Generic, TypeVar

from ragslm.server.errors import BusyError, LeftError
from ragslm.server.metrics import Metrics
from ragslm.server.presence import Gone, while_there
from ragslm.server.threads import Threads

T = TypeVar("T")


@dataclass(slots=True)
class _Share:
    """What one identity has of the work: workers it may still take, and its requests, waiting ones too."""

    free: asyncio.Semaphore
    taken: int = 0


class Work:
    """Runs blocking calls in threads: at most `workers` at once, at most `queue` waiting.

    Of one identity at most one fewer of each, but one always.
    """

    def __init__(self, workers: int, queue: int, metrics: Metrics) -> None:
        self._workers = workers
        self._most = workers + queue
        self._free = asyncio.Semaphore(workers)
        self._threads = Threads(workers)
        self._taken = 0
        self._shares: dict[str, _Share] = {}
        self._metrics = metrics
        self._feeds: dict[asyncio.Task[None], Callable[[], None]] = {}
        self._closed = False

    async def do(self, call: Callable[[], T], *, who: str, gone: Gone) -> T:
        """Run a blocking call in a worker thread.

        Args:
            call: what to run.
            who: id of the identity that asks.
            gone: awaited until the client has left; a call that is still waiting then is not made.

        Raises:
            BusyError: every worker is busy and the queue is full.
            LeftError: the client left before the call.
        """
        self._enter(who)
        return await self._run(call, who, gone)

    def feed(self, open_iterator: Callable[[], Iterator[T]], *, who: str) -> "Feed[T]":
        """Run a blocking iterator in a worker thread and read it here.

        Raises:
            BusyError: every worker is busy and the queue is full.
        """
        self._enter(who)
        feed = Feed(open_iterator, asyncio.get_running_loop())
        task = asyncio.create_task(self._pump(feed, who))
        self._feeds[task] = feed.cancel
        task.add_done_callback(self._feeds.pop)
        return feed

    async def close(self, seconds: float) -> None:
        """Take nothing more, cancel every feed, and wait at most `seconds` until they are closed."""
        self._closed = True
        for cancel in self._feeds.values():
            cancel()
        if self._feeds:
            await asyncio.wait(set(self._feeds), timeout=seconds)
        self._threads.close()

    def _enter(self, who: str) -> None:
        taken = self._shares[who].taken if who in self._shares else 0
        if self._closed or self._taken >= self._most or taken >= max(1, self._most - 1):
            raise BusyError(
                "The server is busy: every worker is taken and the queue is full. Ask again shortly."
            )
        if not taken:
            self._shares[who] = _Share(asyncio.Semaphore(max(1, self._workers - 1)))
        self._shares[who].taken += 1
        self._taken += 1
        self._metrics.waiting.inc()

    def _leave(self, who: str) -> None:
        self._taken -= 1
        self._shares[who].taken -= 1
        if not self._shares[who].taken:
            del self._shares[who]

    async def _pump(self, feed: "Feed[T]", who: str) -> None:
        try:
            await self._run(feed.pump, who, feed.left)
        except LeftError:
            feed.end()

    async def _run(self, call: Callable[[], T], who: str, gone: Gone) -> T:
        share = self._shares[who]
        try:
            try:
                await while_there(gone, _both(share.free, self._free))
            finally:
                self._metrics.waiting.dec()
            try:
                with self._metrics.working.track_inprogress():
                    return await self._threads.run(call)
            finally:
                self._free.release()
                share.free.release()
        finally:
            self._leave(who)


async def _both(first: asyncio.Semaphore, second: asyncio.Semaphore) -> None:
    """Acquire both, or, if that is cancelled, neither."""
    await first.acquire()
    try:
        await second.acquire()
    except BaseException:
        first.release()
        raise


class _End:
    """What a feed ends with: nothing, or the error that ended it."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error


class Feed(Generic[T]):
    """Items of a blocking iterator, made in a thread, read in the event loop.

    After `cancel` nothing more is begun: the thread closes the iterator where it stands, after the item under
    way; one that was not opened yet never is.
    """

    def __init__(self, open_iterator: Callable[[], Iterator[T]], loop: asyncio.AbstractEventLoop) -> None:
        self._open = open_iterator
        self._loop = loop
        self._items: asyncio.Queue[T | _End] = asyncio.Queue()
        self._cancelled = threading.Event()
        self._left = asyncio.Event()

    def cancel(self) -> None:
        """Nobody reads any more."""
        self._cancelled.set()
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._left.set)

    async def left(self) -> None:
        """Return when nobody reads any more."""
        await self._left.wait()

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
            if not self._cancelled.is_set():
                self._drain(self._open())
        except Exception as error:  # it is raised where the items are read
            self._put(_End(error))
        else:
            self.end()

    def end(self) -> None:
        """There are no more items."""
        self._put(_End())

    def _drain(self, iterator: Iterator[T]) -> None:
        try:
            with suppress(StopIteration):
                while not self._cancelled.is_set():
                    self._put(next(iterator))
        finally:
            if close := getattr(iterator, "close", None):
                close()

    def _put(self, item: T | _End) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._items.put_nowait, item)
