"""Threads for blocking calls that never hold up the end of the process."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from typing import Any, TypeVar

T = TypeVar("T")


class Threads:
    """At most so many daemon threads, begun when needed and kept.

    The usual pools wait for their threads at the end of the process, however long an engine takes.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._threads: list[threading.Thread] = []
        self._calls: SimpleQueue[tuple[Future[Any], Callable[[], Any]] | None] = SimpleQueue()

    async def run(self, call: Callable[[], T]) -> T:
        """The result of a call that was made in one of the threads."""
        result: Future[T] = Future()
        self._calls.put((result, call))
        if len(self._threads) < self._most:
            thread = threading.Thread(target=self._work, name="ragslm worker", daemon=True)
            self._threads.append(thread)
            thread.start()
        return await asyncio.wrap_future(result)

    def close(self) -> None:
        """Let every thread end after its call."""
        for _ in self._threads:
            self._calls.put(None)

    def _work(self) -> None:
        while (given := self._calls.get()) is not None:
            result, call = given
            if not result.set_running_or_notify_cancel():
                continue
            try:
                result.set_result(call())
            except BaseException as error:  # it is raised where the result is awaited
                result.set_exception(error)
            del given, result, call
