"""How well passages are found, in three layouts of evaluation data; docs/evaluation.md describes them."""

import os
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ragslm.errors import ConfigError
from ragslm.evaluate.collection import Case, Collection, Progress, Unit
from ragslm.evaluate.judged import JudgedCorpus
from ragslm.evaluate.ranking import rank_of
from ragslm.evaluate.reading import file_of
from ragslm.evaluate.report import AblationReport, RetrievalReport
from ragslm.evaluate.stages import lost_at
from ragslm.evaluate.stored import Filings, Paragraphs
from ragslm.evaluate.variants import ADAPTED, BM25, DENSE, VARIANTS, WHOLE
from ragslm.protocols import Embedder
from ragslm.settings import RetrievalSettings

if TYPE_CHECKING:
    from ragslm.assistant import Assistant
    from ragslm.retrieval.late_interaction import LateInteraction
    from ragslm.retrieval.reranker import Reranker

EVERYTHING = "+ everything"
"""What a user sees: the search as it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What an evaluation stands on.

    Attributes:
        embedder: makes the encoder, for judged corpora.
        assistant: opens an assistant over a workspace folder under a key, for suites with documents. The key
            is None for a kept workspace: it comes from where a workspace's key always comes from.
        settings: depth and weights, for judged corpora.
        glossary: meanings by abbreviation, for judged corpora.
        questions: makes what embeds their queries; None: the encoder.
        late_interaction: compares the best by sentences, for judged corpora; None leaves the fused order.
        reranker: orders the best anew, for judged corpora; None leaves them in that order.
        kept: folder in which documents, once brought in, stay for the next run; None forgets them.
        asks: whether a query of a judged corpus, as its line says it, is asked; None asks all.
    """

    embedder: Callable[[], Embedder]
    assistant: "Callable[[Path, str | None], Assistant]"
    settings: RetrievalSettings
    glossary: Mapping[str, str]
    questions: Callable[[], Embedder] | None = None
    late_interaction: "Callable[[], LateInteraction | None]" = lambda: None
    reranker: "Callable[[], Reranker | None]" = lambda: None
    kept: Path | None = None
    asks: "Callable[[Mapping[str, Any]], bool] | None" = None


def evaluate_retrieval(
    data: Path, ground: Ground, *, queries: int | None = 1000, progress: Progress | None = None
) -> RetrievalReport:
    """Measure the search on one folder of evaluation data, and say for every question which stage lost it.

    Args:
        data: the folder; its files say which layout it has.
        ground: what it is measured on.
        queries: at most this many queries of a judged corpus, drawn with a fixed seed; None takes all.
        progress: called with (done, total).

    Raises:
        ConfigError: the folder has none of the layouts.
    """
    with _opened(data, ground, queries, progress) as collection:
        looked = [_look(collection, case) for case in collection.cases]
        return RetrievalReport(
            data=data.name,
            suite=collection.suite,
            documents=collection.documents,
            metrics=collection.metrics([measured for measured, _ in looked]),
            rows=tuple(row for _, row in looked),
        )


def ablate_retrieval(
    data: Path, ground: Ground, *, queries: int | None = 1000, progress: Progress | None = None
) -> AblationReport:
    """The same measures for every way of searching, and for the search as it is. Arguments as above."""
    with _opened(data, ground, queries, progress) as collection:
        found: dict[str, list[Mapping[str, Any]]] = {}
        for case in collection.cases:
            for name, ranked in _rankings(collection, case):
                found.setdefault(name, []).append(collection.measured(case, ranked))
        return AblationReport(
            data=data.name,
            suite=collection.suite,
            documents=collection.documents,
            variants={name: collection.metrics(measured) for name, measured in found.items()},
        )


def _rankings(collection: Collection, case: Case) -> Iterator[tuple[str, Sequence[Unit]]]:
    """What every way of searching finds, by its name. A stage more is an entry more."""
    seen = collection.seen(case)
    for variant in VARIANTS:
        yield variant.name, collection.units(collection.searcher.ranked(seen, variant))
    yield EVERYTHING, collection.shown(case)


def _look(collection: Collection, case: Case) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """The measures of one question, and its row."""
    seen, shown = collection.seen(case), collection.shown(case)
    ranks = {
        stage: rank_of(collection.units(collection.searcher.ranked(seen, variant)), case.relevant)
        for stage, variant in (
            ("dense", DENSE),
            ("lexical", BM25),
            ("fused", ADAPTED),
            ("reranked", WHOLE),
        )
    }
    ranks["shown"] = rank_of(shown, case.relevant)
    measured = collection.measured(case, shown)
    noted = {name: measured[name] for name in collection.noted}
    return measured, {"id": case.id, **ranks, "lost_at": lost_at(ranks, collection.top), **noted}


@contextmanager
def _opened(
    data: Path, ground: Ground, queries: int | None, progress: Progress | None
) -> Iterator[Collection]:
    """The collection that the folder's layout asks for."""
    if file_of(data, "corpus.jsonl") and file_of(data, "queries.jsonl") and (data / "qrels.tsv").is_file():
        embedder = ground.embedder()
        yield JudgedCorpus(
            data,
            embedder,
            ground.questions() if ground.questions else embedder,
            ground.settings,
            ground.glossary,
            ground.late_interaction(),
            ground.reranker(),
            queries,
            progress,
            asks=ground.asks,
        )
        return
    if ground.asks is not None:
        raise ConfigError(
            f"{str(data)!r} is no judged corpus: it has no subjects that were held out. Leave out --held-out."
        )
    if not file_of(data, "questions.jsonl") or not any((data / n).is_dir() for n in ("pdfs", "documents")):
        raise ConfigError(
            f"{str(data)!r} has neither corpus.jsonl, queries.jsonl and qrels.tsv, "
            "nor questions.jsonl with pdfs/ or documents/. docs/evaluation.md describes the layouts."
        )
    with _workspace(ground) as (assistant, folder):
        if (data / "pdfs").is_dir():
            yield Filings(assistant, data, progress)
        else:
            yield Paragraphs(assistant, data, folder, progress)


@contextmanager
def _workspace(ground: Ground) -> "Iterator[tuple[Assistant, Path]]":
    """An assistant over the kept workspace, or over one that is forgotten with its key."""
    with tempfile.TemporaryDirectory(prefix="ragslm-eval-") as scratch:
        folder = ground.kept or Path(scratch)
        key = None if ground.kept else os.urandom(32).hex()
        with ground.assistant(folder / "workspace", key) as assistant:
            yield assistant, folder
