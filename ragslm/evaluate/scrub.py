"""How well scrubbing works: what share of personal spans is covered whole, and what innocent text is lost."""

import gzip
import hashlib
import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ragslm.errors import ConfigError
from ragslm.evaluate.intervals import wilson
from ragslm.evaluate.stock_presidio import stock_presidio
from ragslm.protocols import Scrubber

# Kept by policy: knowledge in regulations and health texts unless a format's field or an address says more.
KEPT = frozenset(
    """ORGANIZATION GPE DATE_TIME NRP TITLE AGE DOMAIN_NAME
    TERRITORIO FECHAS EDAD_SUJETO_ASISTENCIA SEXO_SUJETO_ASISTENCIA PAIS HOSPITAL INSTITUCION PROFESION
    CENTRO_SALUD""".split()
)
Spans = list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Share:
    """`hits` of `n` with the 95 % Wilson interval."""

    hits: int
    n: int
    low: float
    high: float

    @classmethod
    def of(cls, outcomes: Sequence[bool]) -> "Share":
        """Share of outcomes that are true."""
        return cls(sum(outcomes), len(outcomes), *wilson(sum(outcomes), len(outcomes)))

    @property
    def value(self) -> float:
        """Hits / n; 0 if there are none."""
        return self.hits / self.n if self.n else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PartReport:
    """Figures of one system on one part of the data.

    Attributes:
        protected: spans covered whole, of the types that policy protects.
        everything: the same over every type the data marks.
        by_type: the same by type of the data.
        over_masked: share of characters outside every marked span that were replaced.
    """

    name: str
    texts: int
    protected: Share
    everything: Share
    by_type: Mapping[str, Share]
    over_masked: float
    characters_per_second: float


@dataclass(frozen=True, slots=True)
class ScrubReport:
    """One evaluation: a part each for tuning, validation and all, by system."""

    data: str
    systems: Mapping[str, tuple[PartReport, ...]] = field(default_factory=dict)

    def table(self) -> str:
        """The report as text."""
        return "\n\n".join(
            f"{self.data}: {system}, {part.name} ({part.texts} texts)\n{_lines(part)}"
            for system, parts in self.systems.items()
            for part in parts
        )


@dataclass(frozen=True, slots=True)
class MarkedText:
    """A text with the personal spans its authors marked: (type, start, end)."""

    text: str = field(repr=False)
    spans: tuple[tuple[str, int, int], ...]
    template: str


def read_marked(data: Path) -> list[MarkedText]:
    """Marked texts of a folder that holds one `*.jsonl` or `*.jsonl.gz`.

    Raises:
        ConfigError: the folder holds no such file, or a row has no text and spans.
    """
    files = sorted([*data.glob("*.jsonl"), *data.glob("*.jsonl.gz")])
    if not files:
        raise ConfigError(f"{str(data)!r} holds no .jsonl or .jsonl.gz file of marked texts.")
    try:
        return [_marked(json.loads(line)) for line in _lines_of(files[0])]
    except (KeyError, TypeError, ValueError) as error:
        raise ConfigError(f"{files[0].name}: a row is not a marked text ({type(error).__name__}).") from None


def evaluate_scrub(
    data: Path, scrubber: Scrubber, *, peer: bool = False, limit: int | None = None
) -> ScrubReport:
    """Measure `scrubber` on marked texts, split by template so that rules are not judged where they grew.

    Args:
        data: folder with marked texts (id, text, spans, template_id).
        scrubber: what is measured.
        peer: measure stock Presidio, over the same spaCy model, on the same texts in the same run.
        limit: only the first so many texts.

    Raises:
        ConfigError: the folder holds no marked texts, or a peer is wanted without a spaCy model for it.
    """
    texts = read_marked(data)[:limit]
    systems = {"ragslm": _parts(texts, lambda batch: _found(scrubber, batch))}
    if peer:
        systems["stock Presidio"] = _parts(texts, _stock(scrubber))
    return ScrubReport(data.name, systems)


def validation(template: str) -> bool:
    """Whether a template belongs to the validation half: decided by its hash."""
    return hashlib.sha256(template.encode()).digest()[0] % 2 == 1


def _parts(texts: Sequence[MarkedText], find: Callable[[list[str]], list[Spans]]) -> tuple[PartReport, ...]:
    began = time.perf_counter()
    found = find([t.text for t in texts])
    speed = sum(len(t.text) for t in texts) / max(time.perf_counter() - began, 1e-9)
    pairs = list(zip(texts, found, strict=True))
    tuning = [pair for pair in pairs if not validation(pair[0].template)]
    held = [pair for pair in pairs if validation(pair[0].template)]
    named = (("all", pairs), ("tuning templates", tuning), ("validation templates", held))
    return tuple(_part(name, part, speed) for name, part in named)


def _part(name: str, pairs: Sequence[tuple[MarkedText, Spans]], speed: float) -> PartReport:
    outcomes = [
        (kind, _covered(found, start, end)) for text, found in pairs for kind, start, end in text.spans
    ]
    lost, innocent = (
        sum(column) for column in zip(*(_innocent(*pair) for pair in pairs), (0, 0), strict=True)
    )
    kinds = sorted({kind for kind, _ in outcomes})
    return PartReport(
        name=name,
        texts=len(pairs),
        protected=Share.of([ok for kind, ok in outcomes if kind not in KEPT]),
        everything=Share.of([ok for _, ok in outcomes]),
        by_type={kind: Share.of([ok for other, ok in outcomes if other == kind]) for kind in kinds},
        over_masked=lost / innocent if innocent else 0.0,
        characters_per_second=speed,
    )


def _covered(found: Spans, start: int, end: int) -> bool:
    """Whether every character of `[start, end)` that is not white space was replaced; may take several."""
    position = start
    for left, right in sorted(found):
        if left <= position < right:
            position = right
    return position >= end


def _innocent(text: MarkedText, found: Spans) -> tuple[int, int]:
    """(replaced, all) characters outside every marked span."""
    marked = {i for _, start, end in text.spans for i in range(start, end)}
    replaced = {i for start, end in found for i in range(start, end)}
    return len(replaced - marked), len(text.text) - len(marked)


def _found(scrubber: Scrubber, texts: list[str]) -> list[Spans]:
    return [[(e.start, e.end) for e in done.entities] for done in scrubber.scrub_many(texts)]


def _stock(scrubber: Scrubber) -> Callable[[list[str]], list[Spans]]:
    find = stock_presidio(scrubber)
    return lambda texts: [[(start, end) for _, start, end in spans] for spans in find(texts)]


def _marked(row: Mapping[str, Any]) -> MarkedText:
    spans = tuple((s["type"], int(s["start"]), int(s["end"])) for s in row["spans"])
    return MarkedText(row["text"], spans, str(row.get("template_id", row["id"])))


def _lines_of(file: Path) -> Iterator[str]:
    raw = file.read_bytes()
    text = (gzip.decompress(raw) if file.suffix == ".gz" else raw).decode("utf-8")
    yield from (line for line in text.split("\n") if line.strip())


def _lines(part: PartReport) -> str:
    rows: Iterable[tuple[str, Share]] = (
        ("protected types", part.protected),
        ("all types", part.everything),
        *part.by_type.items(),
    )
    table = "\n".join(
        f"  {name:26}{share.value:7.3f}  [{share.low:.3f}, {share.high:.3f}]  {share.hits}/{share.n}"
        + ("  kept by policy" if name in KEPT else "")
        for name, share in rows
    )
    return f"{table}\n  over-masked {part.over_masked:.2%}, {part.characters_per_second:,.0f} characters/s"
