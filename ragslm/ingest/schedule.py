"""Each source at its interval, one after the other, until stopped."""

import heapq
import time
from collections.abc import Callable, Iterator, Sequence

from ragslm.errors import RagslmError
from ragslm.ingest.sources import Source
from ragslm.types import SourceReport

LONGEST_WAIT = 3600.0
"""Seconds between two tries of a failing source at most, unless its interval is longer."""


def watch(
    sources: Sequence[Source],
    run: Callable[[Source], SourceReport],
    *,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[SourceReport]:
    """Run every source now and then at its interval; never ends by itself.

    A source that fails is tried again at twice its interval, then four times, up to an hour or its interval,
    and the others keep theirs.
    """
    due = [(clock(), number) for number in range(len(sources))]
    failures = [0] * len(sources)
    heapq.heapify(due)
    while due:
        at, number = heapq.heappop(due)
        sleep(max(0.0, at - clock()))
        source = sources[number]
        try:
            report = run(source)
        except RagslmError as error:
            report = SourceReport(name=source.name, error=str(error))
        yield report
        failures[number] = failures[number] + 1 if report.error else 0
        heapq.heappush(due, (clock() + pause(source.every.total_seconds(), failures[number]), number))


def pause(every: float, failures: int) -> float:
    """Seconds until a source is due again after so many failures in a row."""
    return min(every * 2.0 ** min(failures, 32), max(every, LONGEST_WAIT))
