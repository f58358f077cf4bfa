"""What readers of HTTP sources share: replies within bounds, and waiting as long as a server asks."""

import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx2

from ragslm.errors import SourceError

TRIES = 5
"""Attempts at one request that failed in a way that may pass."""
LONGEST_WAIT = 60.0
"""Seconds waited at most before another attempt, whatever the server asks for."""
PASSING = frozenset({429, 502, 503, 504})
"""Status codes after which the same request may succeed."""


class TooLargeError(SourceError):
    """A reply is larger than what is read."""


def body_of(response: httpx2.Response, *, most: int, seconds: float, whose: str) -> bytes:
    """The unpacked body of a streamed reply.

    Args:
        response: whose body was not read yet.
        most: bytes.
        seconds: for all of it.
        whose: the server, in the words of an error: `the FHIR server`.

    Raises:
        TooLargeError: there is more.
        SourceError: it takes longer.
    """
    end = time.monotonic() + seconds
    body = bytearray()
    for chunk in response.iter_bytes():
        body += chunk
        if len(body) > most:
            raise TooLargeError(f"A reply of {whose} has more than {most:,} bytes.")
        if time.monotonic() > end:
            raise SourceError(f"A reply of {whose} took more than {seconds:.0f} s.")
    return bytes(body)


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
    except (ValueError, TypeError):
        return otherwise
    return min(max(seconds, 0.0), LONGEST_WAIT)
