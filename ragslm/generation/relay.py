"""From a thread to an iterator, under clocks: a call that hangs costs its caller no more than its limit."""

import queue
import threading
from collections.abc import Callable, Generator
from typing import Generic, TypeVar

from ragslm.errors import EngineError, RagslmError
from ragslm.generation.deadline import Deadline

T = TypeVar("T")


class Outlet(Generic[T]):
    """Where the thread puts what it has. `closed`: nobody listens any more, so it should stop."""

    def __init__(self) -> None:
        self._items: queue.SimpleQueue[T | _End] = queue.SimpleQueue()
        self._closed = threading.Event()
        self.used = False

    @property
    def closed(self) -> bool:
        """Whether the listener has gone."""
        return self._closed.is_set()

    def put(self, item: T) -> bool:
        """Hand one item on; True says that the thread should stop."""
        self.used = True
        self._items.put(item)
        return self.closed

    def close(self) -> None:
        """Nobody listens any more."""
        self._closed.set()

    def end(self, error: Exception | None = None) -> None:
        """There will be no more."""
        self._items.put(_End(error))

    def take(self, deadline: Deadline) -> "T | _End":
        """The next item. What is there already is handed out even when time is up.

        Raises:
            EngineTimeoutError: none came in time.
        """
        try:
            item = self._items.get_nowait()
        except queue.Empty:
            try:
                item = self._items.get(timeout=deadline.wait())
            except queue.Empty:
                raise deadline.fail() from None
        deadline.begin()
        return item


class _End:
    """The last item: how it ended."""

    def __init__(self, error: Exception | None) -> None:
        self.error = error


def relay(produce: Callable[[Outlet[T]], None], deadline: Deadline) -> Generator[T, None, None]:
    """Run `produce` in a thread and yield what it puts. Closing the iterator tells it to stop.

    Raises:
        EngineError: `produce` failed.
        EngineTimeoutError: it put nothing in time.
    """
    outlet: Outlet[T] = Outlet()
    threading.Thread(target=_run, args=(produce, outlet), name="ragslm-engine", daemon=True).start()
    try:
        while not isinstance(item := outlet.take(deadline), _End):
            yield item
    finally:
        outlet.close()
    if isinstance(item.error, RagslmError):
        raise item.error
    if item.error is not None:
        raise EngineError(f"It failed ({type(item.error).__name__}).")


def _run(produce: Callable[[Outlet[T]], None], outlet: Outlet[T]) -> None:
    try:
        produce(outlet)
    except Exception as error:
        outlet.end(error)
    else:
        outlet.end()
