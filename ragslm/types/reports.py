"""What became of documents: reports of an ingest or a synchronisation, and dead letters."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields

Progress = Callable[[int, int | None, str], None]
"""Called with (done, in all or None, stage) while long work goes on. No names: a file's may be a person's."""


def _counted(report: "IngestReport | SourceReport") -> str:
    """A report without uris and reasons, which may tell names: only how many."""
    values = {field.name: getattr(report, field.name) for field in fields(report)}
    told = (f"{name}={len(v) if isinstance(v, tuple) else repr(v)}" for name, v in values.items())
    return f"{type(report).__name__}({', '.join(told)})"


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestReport:
    """What one ingest changed. `quarantined`: `(uri, reason)` pairs; `seconds`: wall time.

    `notes`: `(uri, words)` of documents that went in, but not whole.
    """

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    passages: int = 0
    quarantined: tuple[tuple[str, str], ...] = ()
    notes: tuple[tuple[str, str], ...] = ()
    seconds: float = 0.0
    stages: Mapping[str, float] = field(default_factory=dict)

    __repr__ = _counted


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceReport:
    """What one synchronisation of one source changed, or with `dry_run` would change.

    Attributes:
        name: the source, as in `sources.yaml`.
        quarantined: `(uri, reason)` pairs, those known from earlier runs included.
        notes: `(uri, words)` of documents that went in, but not whole, or were given twice.
        seconds: wall time.
        cursor_moved: a later place in the source was committed.
        error: why the run over this source ended early, in words without its text; None if it did not.
    """

    name: str
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    quarantined: tuple[tuple[str, str], ...] = ()
    notes: tuple[tuple[str, str], ...] = ()
    seconds: float = 0.0
    cursor_moved: bool = False
    error: str | None = None

    __repr__ = _counted


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """A quarantined document.

    Attributes:
        uri: where it comes from.
        reason: why it could not be read, without its text.
        source: name in `sources.yaml`, or the folder it was ingested from; None for a single file.
        tries: how often it was tried.
        at: last try, ISO 8601, UTC; empty if an older version of ragslm made it.
        kept: its content is kept, so that it can be tried again without its source.
    """

    uri: str = field(repr=False)
    reason: str
    source: str | None
    tries: int
    at: str
    kept: bool = False
