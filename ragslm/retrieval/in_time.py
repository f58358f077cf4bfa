"""Passages read in blocks until the time is up."""

import time
from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")

BLOCK = 10
"""Passages read between two looks at the clock."""


def read_in_time(
    ids: Sequence[int], seconds: float, read: Callable[[Sequence[int]], Sequence[T]]
) -> dict[int, T]:
    """What was read of each passage, in their order; those that there was no time for are missing.

    Args:
        ids: of passages, best first.
        seconds: time after which no further block is begun; the first always is.
        read: called with a block of ids.
    """
    found: dict[int, T] = {}
    start = time.monotonic()
    for first in range(0, len(ids), BLOCK):
        if first and time.monotonic() - start >= seconds:
            break
        block = ids[first : first + BLOCK]
        found |= zip(block, read(block), strict=True)
    return found
