"""One question on its way: what was asked, and what has been gathered so far."""

import datetime as dt
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from ragslm._energy import read_joules
from ragslm.protocols import Grounded, Standing, TokenCount, Unit
from ragslm.types import Citation, Filters, Identity, Mode, Passage, Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What was asked, by whom, and where to look."""

    text: str = field(repr=False)
    identity: Identity
    domain: str
    conversation: str | None = None
    filters: Filters = Filters()
    scope: str | None = field(default=None, repr=False)
    as_of: dt.date | None = None
    mode: Mode | None = None


class CancelledError(Exception):
    """The run was cancelled from another thread."""


@dataclass(slots=True)
class Run:
    """What one question has gathered so far.

    Attributes:
        asked: the question, scrubbed.
        search: what is searched for: `asked`, with what a follow-up refers back to.
        originals: personal data found in question and evidence, sealed away from every engine.
        evidence: the passages, sealed; `released` is what of them the reader is shown. The first `closest`
            were found, the others hold the rest of their tables.
        units: the ranked units of every part of the question that the evidence can answer, of what was found.
        answering: those of them that state what the part asks.
        used: labels of the units already cited; none is quoted twice.
        offered: whether the question has been recorded, and so something may have been shown.
        reason: why there is no answer; None as long as there may be one.
        fallback: which engine failed and how, without a text; None as long as none did.
        restored: whether personal data of any type was shown as it is; `restored_types` are those of the
            pseudonyms that were put back.
        wrote: whether the writer was asked for a sentence.
        cancelled: whether nobody reads any more, which another thread may say; no step is begun after it.
        recording: held while the answer's record is written; `audit_id` is empty before.
    """

    question: Question
    id: str = field(default_factory=lambda: uuid.uuid4().hex)
    asked: str = ""
    search: str = ""
    scrubbed: Counter[str] = field(default_factory=Counter)
    originals: list[str] = field(default_factory=list)
    evidence: tuple[Passage, ...] = ()
    closest: int = 0
    released: tuple[Passage, ...] = ()
    standing: Mapping[str, Standing] = field(default_factory=dict)
    units: list[list[Unit]] = field(default_factory=list)
    answering: list[list[Unit]] = field(default_factory=list)
    calculated: list[Grounded] = field(default_factory=list)
    conflicts: list[tuple[Unit, ...]] = field(default_factory=list)
    mode: Mode = "quote"
    used: set[str] = field(default_factory=set)
    offered: bool = False
    said: list[str] = field(default_factory=list)
    shown: list[Sentence] = field(default_factory=list)
    citations: dict[str, Citation] = field(default_factory=dict)
    dropped: list[str] = field(default_factory=list)
    reason: str | None = None
    fallback: str | None = None
    restored: bool = False
    restored_types: set[str] = field(default_factory=set)
    wrote: bool = False
    repairs: int = 0
    audit_id: str = ""
    cancelled: bool = False
    recording: threading.RLock = field(default_factory=threading.RLock)
    count: TokenCount = field(default_factory=TokenCount)
    seconds: dict[str, float] = field(default_factory=dict)
    started: float = field(default_factory=time.perf_counter)
    joules: float | None = field(default_factory=read_joules)

    @property
    def refused(self) -> bool:
        return not self.shown

    def check(self) -> None:
        """Nothing, as long as somebody reads.

        Raises:
            CancelledError: nobody does any more.
        """
        if self.cancelled:
            raise CancelledError

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Add the time spent inside to the stage's seconds.

        Raises:
            CancelledError: nobody reads any more.
        """
        self.check()
        start = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - start

    def clock(self) -> Mapping[str, float]:
        """Seconds by stage, and in all."""
        return {**self.seconds, "total": time.perf_counter() - self.started}

    def disputed(self) -> tuple[tuple[str, ...], ...]:
        """Labels of shown citations that disagree, by what they disagree on."""
        cited = (
            tuple(self.citations[unit.label].label for unit in group if unit.label in self.citations)
            for group in self.conflicts
        )
        return tuple(labels for labels in cited if len(labels) > 1)
