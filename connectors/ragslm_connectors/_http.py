"""What readers of HTTP sources share: replies within bounds, and waiting as long as a server asks."""

import logging
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx2

from ragslm.errors import SourceError

TRIES = 5
"""Attempts at one request that failed in a way that may pass."""
SHORTEST_WAIT = 1.0
"""Seconds waited at least, where the server says how long."""
LONGEST_WAIT = 60.0
"""Seconds waited at most before another attempt, whatever the server asks for."""
LONGEST_VALUE = 1_000
"""Characters of a value of a header that is sent back."""
PASSING = frozenset({429, 502, 503, 504})
"""Status codes after which the same request may succeed."""
_CONNECTED = frozenset({"connection.connect_tcp.complete", "connection.start_tls.complete"})

for _name in ("httpx2", "httpcore2"):  # their lines hold addresses, whose ids and tokens are no log's
    logging.getLogger(_name).setLevel(logging.WARNING)


class TooLargeError(SourceError):
    """A reply is larger than what is read."""


class Exchanges:
    """The exchanges of one client with a server, each within a time, whatever it waits for.

    A time-out bounds a silence alone: a server that sends a byte of its headers now and then, or one
    `103 Early Hints` after another, would hold a reader for ever.

    Args:
        whose: the server, in the words of an error: `the FHIR server`.
    """

    def __init__(self, whose: str) -> None:
        self._whose = whose
        self._connection: socket.socket | None = None
        self._over = threading.Event()

    def watch(self, event: str, info: Mapping[str, Any]) -> None:
        """To be the extension `trace` of every request: learns which connection it opened."""
        if event in _CONNECTED:
            self._connection = info["return_value"].get_extra_info("socket")
            if self._over.is_set():
                self._cut()

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """An exchange, from its request to the end of its body.

        Raises:
            SourceError: it took longer; its connection was cut.
        """
        self._over.clear()
        timer = threading.Timer(seconds, self._cut)
        timer.daemon = True
        timer.start()
        try:
            yield
        except httpx2.HTTPError:
            if not self._over.is_set():
                raise
        finally:
            timer.cancel()
            timer.join()
        if self._over.is_set():  # also where the body has no length, and seems to have ended
            raise SourceError(f"A reply of {self._whose} took more than {seconds:,.0f} s.")

    def _cut(self) -> None:
        self._over.set()
        if self._connection is not None:
            with suppress(OSError):  # it was closed meanwhile
                # The socket's own: that of TLS would drop the state that the reading thread uses.
                socket.socket.shutdown(self._connection, socket.SHUT_RDWR)


def body_of(response: httpx2.Response, *, most: int, whose: str, whole: bool = True) -> bytes:
    """The unpacked body of a streamed reply.

    Args:
        response: whose body was not read yet.
        most: bytes.
        whose: the server, in the words of an error: `the FHIR server`.
        whole: False for its beginning alone, where there is more.

    Raises:
        TooLargeError: there is more than should be.
    """
    body = bytearray()
    for chunk in response.iter_bytes():
        body += chunk
        if len(body) > most and not whole:
            break
        if len(body) > most:
            raise TooLargeError(f"A reply of {whose} has more than {most:,} bytes.")
    return bytes(body[:most])


def is_sendable(value: str) -> bool:
    """Whether a text that a server gave may be sent in a header."""
    return 0 < len(value) <= LONGEST_VALUE and value.isascii() and value.isprintable()


def pause_before(attempt: int, retry_after: str = "") -> float:
    """Seconds to wait after a failed attempt, counted from 1: as the server asks, else ever twice as long.

    Source: RFC 9110, 10.2.3: Retry-After is a number of seconds, or a date.
    """
    otherwise = min(2.0 ** (attempt - 1), LONGEST_WAIT)
    try:
        seconds = (
            float(retry_after)
            if retry_after.isdigit()
            else (parsedate_to_datetime(retry_after) - datetime.now(UTC)).total_seconds()
        )
    except (ValueError, TypeError, OverflowError):
        return otherwise
    return min(max(seconds, SHORTEST_WAIT), LONGEST_WAIT)
