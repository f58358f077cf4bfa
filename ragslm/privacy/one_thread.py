"""Keeps numpy's products to one thread while names are read: threads for products this small mostly wait."""

from threading import Lock
from types import TracebackType
from typing import Any


class OneThread:
    """A context that several threads may hold at once; the last to leave gives the threads back.

    The limit is the process's, as BLAS knows no other: what else multiplies meanwhile has one thread too.
    """

    def __init__(self) -> None:
        from threadpoolctl import ThreadpoolController

        self._libraries = ThreadpoolController()
        self._lock = Lock()
        self._holders = 0
        self._limit: Any = None

    def __enter__(self) -> None:
        with self._lock:
            self._holders += 1
            if self._holders == 1:
                self._limit = self._libraries.limit(limits=1, user_api="blas")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._lock:
            self._holders -= 1
            if self._holders == 0:
                self._limit.restore_original_limits()
