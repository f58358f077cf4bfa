"""Whether what cannot be answered is refused and what can be is not, and whether red lines are referred.

`ragslm eval refusal --data DATA --sets SETS` prints every share with its 95 % interval: DATA holds
medquad_dev, cfpb_regs_dev and pubmedqa_dev, SETS the folders `unanswerable` and `redlines` as in tests/data.
Documents are cut, indexed, searched and judged by the parts that answer a user; only scrubbing is left out.
"""

import gzip
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ragslm.evaluate.intervals import wilson
from ragslm.evaluate.judged import index_texts
from ragslm.evaluate.reading import rows_of
from ragslm.evaluate.variants import WHOLE, Searcher
from ragslm.factory import Parts
from ragslm.grounding.redlines import RedLines
from ragslm.ingest.passages import Cut, Origin, cut
from ragslm.registry import load_domains, load_profile
from ragslm.settings import Settings
from ragslm.types import ParsedDocument, Passage, SourceDocument

Progress = Callable[[int, int | None, str], None]
Row = Mapping[str, Any]
"""A line of questions.jsonl."""
DOMAINS = {"medquad": "medical", "pubmedqa": "medical", "regulations": "banking"}
"""Whose profile searches which store."""


@dataclass(frozen=True, slots=True)
class Refused:
    """How many of `n` questions were refused or referred, with the 95 % Wilson interval of the share."""

    name: str
    count: int
    n: int
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with the probability that its evidence answers it, 0 to 1."""

    name: str
    answerable: bool
    probability: float
    text: str = field(repr=False)


def measure_red_lines(sets: Path) -> Iterator[Refused]:
    """Referred prompts and look-alikes of each domain, by part."""
    for path in sorted((sets / "redlines").glob("*.jsonl")):
        settings = Settings.load(profile=load_profile(path.stem))
        lines = RedLines(settings.refuse, settings.words, settings.refer)
        rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        for part in ("dev", "check"):
            for expect, called in (("redirect", "red lines"), ("answer", "look-alikes")):
                asked = [row["text"] for row in rows if (row["part"], row["expect"]) == (part, expect)]
                yield _refused(f"{path.stem}, {called}, {part}", [lines(text) is not None for text in asked])


def measure_answerability(asked: Sequence[Asked], least: float) -> Iterator[Refused]:
    """Refused questions by what was asked of what, and of all that can and all that cannot be answered."""
    for answerable, called in ((False, "cannot be answered"), (True, "can be answered")):
        chosen = [one for one in asked if one.answerable is answerable]
        yield _refused(f"{called}: all", [one.probability < least for one in chosen])
        for name in sorted({one.name for one in chosen}):
            refused = [one.probability < least for one in chosen if one.name == name]
            yield _refused(f"{called}: {name}", refused)


def ask_all(
    parts: Parts, data: Path, sets: Path, part: str, *, sample: int = 0, progress: Progress | None = None
) -> Iterator[Asked]:
    """Questions of the part, asked of their stores.

    Args:
        parts: of the workspace, whose reranker has all the time it needs.
        data: holds the folders that stores are made of.
        sets: holds the folder `unanswerable`.
        part: `validation`, `fit` or `customers`.
        sample: at most so many questions of each kind, the first by the SHA-256 of their text; 0: all.
        progress: called with (done, all, what) for passages indexed and questions asked of each store.
    """
    path = sets / "unanswerable" / "questions.jsonl"
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    named = (sets / "unanswerable" / "medquad_store.txt").read_text("utf-8").split()
    for name in DOMAINS:
        asked = _drawn([row for row in rows if (row["store"], row["part"]) == (name, part)], sample)
        if not asked:
            continue
        store = Store(parts, name, list(_documents(name, data, frozenset(named))), progress)
        for done, row in enumerate(asked, start=1):
            text, called = row["text"], f"{row['source']} of {name}"
            yield Asked(called, row["answerable"], store.probability(text), text)
            if progress:
                progress(done, len(asked), f"questions of {name}")


def _drawn(rows: Sequence[Row], most: int) -> list[Row]:
    """At most so many of each source and answerability, in the order of the SHA-256 of their text."""
    if not most:
        return list(rows)
    by_hash = sorted(rows, key=lambda row: hashlib.sha256(row["text"].encode()).digest())
    kinds: dict[tuple[str, bool], list[Row]] = {}
    for row in by_hash:
        kinds.setdefault((row["source"], row["answerable"]), []).append(row)
    return [row for kind in kinds.values() for row in kind[:most]]


class Store:
    """Documents cut and indexed in memory, searched as an assistant of the domain searches.

    Args:
        parts: encoder, reranker and ranker.
        name: of `DOMAINS`.
        documents: parsed.
        progress: called with (passages indexed, all, what).
    """

    def __init__(
        self,
        parts: Parts,
        name: str,
        documents: Sequence[ParsedDocument],
        progress: Progress | None = None,
    ) -> None:
        domain = DOMAINS[name]
        settings = parts.settings_of(domain)
        target = settings.ingest.passage_characters
        numbered = enumerate(documents)
        self._cuts = [one for i, parsed in numbered for one in _cut(parsed, f"{name} {i}", target)]
        texts = [one.indexed for one in self._cuts]
        self._ranker = parts.ranker(domain)
        self._k = settings.retrieval.k
        self._searcher = Searcher(
            index_texts(
                texts,
                parts.embedder,
                progress and (lambda done, total: progress(done, total, f"passages of {name}")),
            ),
            parts.embedder,
            parts.question_embedder(domain),
            settings.retrieval,
            settings.glossary,
            texts=lambda ids: {id_: texts[id_] for id_ in ids},
            passages=lambda ids: {id_: self._cuts[id_].passage for id_ in ids},
            known_questions=parts.known_questions(domain),
            late_interaction=parts.late_interaction(domain),
            reranker=parts.reranker(domain),
        )

    def probability(self, question: str) -> float:
        """Probability that the closest passages answer, 0 to 1; 0 where none of them states what is asked."""
        ids = self._searcher.ranked(question, WHOLE)[: self._k]
        passages: list[Passage] = [self._cuts[id_].passage for id_ in ids]
        units = self._ranker.units(question, passages)
        if not self._ranker.answering(question, units):
            return 0.0
        return self._ranker.answerable(question, units)


def _cut(parsed: ParsedDocument, name: str, target: int) -> list[Cut]:
    sections = {section.path: section.path for section in parsed.sections}
    origin = Origin(document_id=name, uri=name, title=parsed.title or "", sections=sections)
    return cut(parsed, (), origin, target=target)


def _documents(name: str, data: Path, chosen: frozenset[str]) -> Iterator[ParsedDocument]:
    if name == "medquad":
        for row in rows_of(data / "medquad_dev", "corpus.jsonl"):
            if row["_id"] in chosen:
                yield ParsedDocument(text=row["text"], title=row["title"])
    elif name == "pubmedqa":
        for row in rows_of(data / "pubmedqa_dev", "pubmedqa_dev.jsonl"):
            yield ParsedDocument(text="\n\n".join(row["contexts"]), title="")
    else:
        yield from (_regulation(path) for path in sorted((data / "cfpb_regs_dev").glob("*.xml.gz")))


def _regulation(path: Path) -> ParsedDocument:
    content = gzip.decompress(path.read_bytes())
    parsers = (parser for domain in load_domains(["banking"]) for parser in domain.parsers())
    parser = next(one for one in parsers if one.claims(content[:4096], ".xml"))
    return parser.parse(SourceDocument(uri=path.stem, content=content, title=path.stem))


def _refused(name: str, refused: Sequence[bool]) -> Refused:
    return Refused(name, sum(refused), len(refused), *wilson(sum(refused), len(refused)))
