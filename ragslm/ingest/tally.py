"""What one run has done so far: counts, seconds by stage, progress."""

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from ragslm.types import IngestReport, Progress


class Tally:
    """Counts of one run. `total`: documents in all, None if that is not known."""

    def __init__(self, total: int | None, progress: Progress | None) -> None:
        self.counts: Counter[str] = Counter()
        self.quarantined: list[tuple[str, str]] = []
        self.notes: list[tuple[str, str]] = []
        self._total = total
        self._progress = progress
        self._done = 0
        self._stages = dict.fromkeys(("parse", "scrub", "embed", "commit"), 0.0)
        self._started = time.perf_counter()

    def done(self, outcome: str) -> None:
        """One document more is finished, as `added`, `changed`, `unchanged` or `quarantined`."""
        self.counts[outcome] += 1
        self._done += 1
        self._tell(outcome)

    def more(self) -> None:
        """One document more than was known: it lay inside another."""
        if self._total is not None:
            self._total += 1

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Add the time of the block to a stage. For `parse` that is the time spent waiting for it."""
        self._tell(name)
        started = time.perf_counter()
        try:
            yield
        finally:
            self._stages[name] += time.perf_counter() - started

    def report(self) -> IngestReport:
        """The run in numbers."""
        return IngestReport(
            added=self.counts["added"],
            changed=self.counts["changed"],
            unchanged=self.counts["unchanged"],
            removed=self.counts["removed"],
            passages=self.counts["passages"],
            quarantined=tuple(self.quarantined),
            notes=tuple(self.notes),
            seconds=time.perf_counter() - self._started,
            stages=dict(self._stages),
        )

    def _tell(self, stage: str) -> None:
        if self._progress is not None:
            self._progress(self._done, self._total, stage)
