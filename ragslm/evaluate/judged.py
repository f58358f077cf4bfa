"""Judged corpora in the BEIR layout: `corpus.jsonl`, `queries.jsonl` and `qrels.tsv`."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from ragslm.errors import ConfigError
from ragslm.evaluate.collection import Case, Collection, Progress, Unit
from ragslm.evaluate.ranking import distinct, ndcg, recall
from ragslm.evaluate.reading import rows_of
from ragslm.evaluate.report import Metric, mean
from ragslm.evaluate.variants import WHOLE, Searcher
from ragslm.protocols import Embedder
from ragslm.settings import RetrievalSettings

if TYPE_CHECKING:
    from ragslm.retrieval.indexes import Indexes
    from ragslm.retrieval.late_interaction import LateInteraction
    from ragslm.retrieval.reranker import Reranker

_BATCH = 512
_TOP = 10


class JudgedCorpus(Collection):
    """Every item is one passage under its title. Items of one `dup_group` have one text and count as one.

    Args:
        data: the folder.
        embedder: the encoder.
        questions: what embeds the queries.
        settings: depth and weights.
        glossary: meanings by abbreviation.
        late_interaction: compares the best by sentences; None leaves the fused order.
        reranker: orders the best anew; None leaves them in that order.
        queries: at most this many, drawn with a fixed seed; None takes all.
        progress: called with (items done, all).
        asks: whether a query, as its line says it, is asked; None asks all.

    Raises:
        ConfigError: there is no query to ask.
    """

    suite = "judged corpus"
    top = _TOP
    noted = ("ndcg@10", "recall@10")

    def __init__(
        self,
        data: Path,
        embedder: Embedder,
        questions: Embedder,
        settings: RetrievalSettings,
        glossary: Mapping[str, str],
        late_interaction: "LateInteraction | None",
        reranker: "Reranker | None",
        queries: int | None,
        progress: Progress | None,
        *,
        asks: Callable[[Mapping[str, Any]], bool] | None = None,
    ) -> None:
        corpus = list(rows_of(data, "corpus.jsonl"))
        self._names = [_group(item) for item in corpus]
        self.documents = len(corpus)
        self.cases = _cases(
            data, dict(zip((str(i["_id"]) for i in corpus), self._names, strict=True)), queries, asks
        )
        texts = [_text(item) for item in corpus]
        self.searcher = Searcher(
            index_texts(texts, embedder, progress),
            embedder,
            questions,
            settings,
            glossary,
            texts=lambda ids: {id_: texts[id_] for id_ in ids},
            late_interaction=late_interaction,
            reranker=reranker,
        )

    def shown(self, case: Case) -> Sequence[Unit]:
        """The ranking of everything together; a corpus has no page to show it on."""
        return self.units(self.searcher.ranked(case.text, WHOLE))

    def units(self, ids: Sequence[int]) -> Sequence[Unit]:
        """Groups of items with equal text."""
        return [frozenset((name,)) for name in distinct([self._names[id_] for id_ in ids])]

    def measured(self, case: Case, ranked: Sequence[Unit]) -> Mapping[str, Any]:
        """Both at 10."""
        names = [name for unit in ranked for name in unit]
        return {"ndcg@10": ndcg(names, case.relevant, _TOP), "recall@10": recall(names, case.relevant, _TOP)}

    def metrics(self, measured: Sequence[Mapping[str, Any]]) -> tuple[Metric, ...]:
        """Their means."""
        return tuple(mean(name, [one[name] for one in measured]) for name in self.noted)


def _cases(
    data: Path,
    group: Mapping[str, str],
    most: int | None,
    asks: Callable[[Mapping[str, Any]], bool] | None,
) -> list[Case]:
    relevant = _relevant(data / "qrels.tsv", group)
    cases = [
        Case(str(query["_id"]), str(query["text"]), frozenset(relevant[str(query["_id"])]))
        for query in rows_of(data, "queries.jsonl")
        if str(query["_id"]) in relevant and (asks is None or asks(query))
    ]
    if not cases:
        raise ConfigError(f"{str(data)!r} has no query with a relevant item to ask.")
    if most is not None and len(cases) > most:
        return Random(0).sample(cases, most)  # noqa: S311 - a sample, not a secret
    return cases


def index_texts(corpus: Sequence[str], embedder: Embedder, progress: Progress | None) -> "Indexes":
    """Ids are positions in the corpus."""
    from ragslm.retrieval.indexes import Indexes
    from ragslm.store.records import Change, IndexRow

    indexes = Indexes.empty(embedder.dim)
    for start in range(0, len(corpus), _BATCH):
        texts = corpus[start : start + _BATCH]
        vectors = embedder.embed([text.lstrip("\n") for text in texts])
        rows = [
            IndexRow(id=start + i, document=start + i, text=text, vector=vector)
            for i, (text, vector) in enumerate(zip(texts, vectors, strict=True))
        ]
        indexes.replay(Change(seq=row.id + 1, added=row, removed=None) for row in rows)
        if progress:
            progress(start + len(texts), len(corpus))
    return indexes


def _text(item: Mapping[str, Any]) -> str:
    body = item.get("text") or " ".join(item.get("sentences", ()))
    return f"{item.get('title') or ''}\n{body}"


def _group(item: Mapping[str, Any]) -> str:
    same = item.get("dup_group")
    return str(item["_id"]) if same is None else f"group {same}"


def _relevant(qrels: Path, group: Mapping[str, str]) -> dict[str, set[str]]:
    """Relevant groups by query. Source: the BEIR layout, `query-id corpus-id score` with a header line."""
    relevant: dict[str, set[str]] = {}
    for line in qrels.read_text("utf-8").splitlines()[1:]:
        query, item, score = line.split("\t")
        if float(score) > 0 and item in group:
            relevant.setdefault(query, set()).add(group[item])
    return relevant
