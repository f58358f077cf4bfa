"""How well scrubbing works: what share of personal spans is covered whole, and what innocent text is lost."""

import gzip
import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from ragslm._spans import overlaps
from ragslm._templates import validation
from ragslm.errors import ConfigError
from ragslm.evaluate.intervals import bootstrap_ratio, wilson
from ragslm.evaluate.stock_presidio import stock_presidio
from ragslm.protocols import Scrubber

# Kept by policy: knowledge in regulations and health texts unless a format's field or an address says more.
KEPT = frozenset(
    """ORGANIZATION GPE DATE_TIME NRP TITLE AGE DOMAIN_NAME
    TERRITORIO FECHAS EDAD_SUJETO_ASISTENCIA SEXO_SUJETO_ASISTENCIA PAIS HOSPITAL INSTITUCION PROFESION
    CENTRO_SALUD""".split()
)
Spans = list[tuple[int, int]]
Row = TypeVar("Row")


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
        every_mention: people and things of these types of which every mention in their text is covered whole.
        everything: spans covered whole, of every type the data marks.
        precise: findings that touch a marked span of any type.
        by_type: as `everything`, by type of the data.
        by_type_every_mention: as `every_mention`, by type of the data.
        over_masked: share of characters outside every marked span that were replaced, with its interval.
    """

    name: str
    texts: int
    protected: Share
    every_mention: Share
    everything: Share
    precise: Share
    by_type: Mapping[str, Share]
    by_type_every_mention: Mapping[str, Share]
    over_masked: tuple[float, float, float]
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
    """A text with the personal spans its authors marked: (type, start, end).

    Attributes:
        entities: for each span, who or what it mentions.
    """

    text: str = field(repr=False)
    spans: tuple[tuple[str, int, int], ...]
    template: str
    entities: tuple[str, ...] = field(repr=False)


def read_marked(data: Path) -> list[MarkedText]:
    """Marked texts of a folder that holds one `*.jsonl` or `*.jsonl.gz`.

    Raises:
        ConfigError: the folder holds no such file, or a row has no text and spans.
    """
    return _read(data, _marked, "a marked text")


def read_texts(data: Path) -> list[str]:
    """Texts of a folder that holds one `*.jsonl` or `*.jsonl.gz`, rows with `text`.

    Raises:
        ConfigError: the folder holds no such file, or a row has no text.
    """
    return _read(data, lambda row: str(row["text"]), "a text")


def _read(data: Path, row: Callable[[Any], Row], wanted: str) -> list[Row]:
    files = sorted([*data.glob("*.jsonl"), *data.glob("*.jsonl.gz")])
    if not files:
        raise ConfigError(f"{str(data)!r} holds no .jsonl or .jsonl.gz file of texts.")
    try:
        return [row(json.loads(line)) for line in _lines_of(files[0])]
    except (KeyError, TypeError, ValueError) as error:
        raise ConfigError(f"{files[0].name}: a row is not {wanted} ({type(error).__name__}).") from None


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
    whole = [outcome for text, found in pairs for outcome in _entities(text, found)]
    kinds = sorted({kind for kind, _ in outcomes})
    return PartReport(
        name=name,
        texts=len(pairs),
        protected=Share.of([ok for kind, ok in outcomes if kind not in KEPT]),
        every_mention=Share.of([ok for kind, ok in whole if kind not in KEPT]),
        everything=Share.of([ok for _, ok in outcomes]),
        precise=Share.of([ok for text, found in pairs for ok in _touching(text, found)]),
        by_type={kind: Share.of([ok for other, ok in outcomes if other == kind]) for kind in kinds},
        by_type_every_mention={kind: Share.of([ok for k, ok in whole if k == kind]) for kind in kinds},
        over_masked=bootstrap_ratio([_innocent(*pair) for pair in pairs]),
        characters_per_second=speed,
    )


def _entities(text: MarkedText, found: Spans) -> Iterator[tuple[str, bool]]:
    """(type, whether every mention is covered) of everyone and everything that a text mentions.

    Source: the text anonymization benchmark (TAB), Pilán et al. 2022: one mention left tells who it is.
    """
    covered: dict[tuple[str, str], bool] = {}
    for (kind, start, end), entity in zip(text.spans, text.entities, strict=True):
        key = (kind, entity)
        covered[key] = covered.get(key, True) and _covered(found, start, end)
    for (kind, _), ok in covered.items():
        yield kind, ok


def _touching(text: MarkedText, found: Spans) -> Iterator[bool]:
    """Whether each finding touches a marked span."""
    for start, end in found:
        yield any(overlaps(start, end, left, right) for _, left, right in text.spans)


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
    text, given = row["text"], row["spans"]
    spans = tuple((s["type"], int(s["start"]), int(s["end"])) for s in given)
    named = tuple(
        str(s.get("entity") or " ".join(text[a:b].casefold().split()))
        for s, (_, a, b) in zip(given, spans, strict=True)
    )
    return MarkedText(text, spans, str(row.get("template_id", row["id"])), named)


def _lines_of(file: Path) -> Iterator[str]:
    raw = file.read_bytes()
    text = (gzip.decompress(raw) if file.suffix == ".gz" else raw).decode("utf-8")
    yield from (line for line in text.split("\n") if line.strip())


def _lines(part: PartReport) -> str:
    rows: list[tuple[str, Share, Share | None]] = [
        ("protected types", part.protected, part.every_mention),
        ("all types", part.everything, None),
        *((kind, share, part.by_type_every_mention[kind]) for kind, share in part.by_type.items()),
    ]
    table = "\n".join(
        f"  {name:26}{_told(share)}  {_told(mentions) if mentions else ''}".rstrip()
        + ("  kept by policy" if name in KEPT else "")
        for name, share, mentions in rows
    )
    masked, low, high = part.over_masked
    return (
        f"  {'':26}{'spans covered':37}  every mention covered\n{table}\n"
        f"  {'precision':26}{_told(part.precise)}\n"
        f"  over-masked {masked:.2%} [{low:.2%}, {high:.2%}] of innocent characters, "
        f"{part.characters_per_second:,.0f} characters/s"
    )


def _told(share: Share) -> str:
    return f"{share.value:7.3f}  [{share.low:.3f}, {share.high:.3f}]  {f'{share.hits}/{share.n}':12}"
