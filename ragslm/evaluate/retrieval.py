"""How well passages are found: judged corpora (BEIR layout) and questions over filings (FinanceBench layout).

A folder with `corpus.jsonl(.gz)`, `queries.jsonl(.gz)` and `qrels.tsv` is a judged corpus; one with
`questions.jsonl(.gz)` and `pdfs/` holds questions with the pages that answer them.
"""

import gzip
import json
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from ragslm.errors import ConfigError
from ragslm.evaluate.intervals import bootstrap_mean, wilson
from ragslm.evaluate.ranking import distinct, ndcg, rank_of, recall
from ragslm.protocols import Embedder
from ragslm.settings import RetrievalSettings

if TYPE_CHECKING:
    from ragslm.assistant import Assistant
    from ragslm.retrieval.indexes import Indexes

Progress = Callable[[int, int], None]

_PASSAGES = 60
"""Passages asked for, so that there are five distinct pages among them."""
_PAGES = 5
_BATCH = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One measured number with its 95 % interval; all 0 to 1. `n`: questions behind it."""

    name: str
    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RetrievalReport:
    """What was measured on one folder.

    Attributes:
        data: name of the folder.
        suite: `judged corpus` or `filings`.
        documents: documents searched.
        metrics: the numbers.
        rows: one mapping per question: its id and where the right answer stood; never its text.
    """

    data: str
    suite: str
    documents: int
    metrics: tuple[Metric, ...]
    rows: tuple[Mapping[str, Any], ...] = field(default=(), repr=False)

    def as_dict(self) -> dict[str, Any]:
        """The report as plain values, for JSON."""
        return asdict(self)


def evaluate_retrieval(
    data: Path,
    *,
    embedder: Callable[[], Embedder],
    assistant: "Callable[[Path, str], Assistant]",
    settings: RetrievalSettings,
    queries: int | None = 1000,
    progress: Progress | None = None,
) -> RetrievalReport:
    """Measure retrieval on one folder of evaluation data.

    Args:
        data: the folder; its files say which layout it has.
        embedder: makes the encoder, for judged corpora.
        assistant: opens an assistant over a workspace folder under a key (64 hex digits), for filings.
        settings: depth and weights, for judged corpora.
        queries: at most this many queries of a judged corpus, drawn with a fixed seed; None takes all.
        progress: called with (done, total).

    Raises:
        ConfigError: the folder has neither layout.
    """
    if _file(data, "questions.jsonl") and (data / "pdfs").is_dir():
        return _filings(data, assistant, progress)
    if _file(data, "corpus.jsonl") and _file(data, "queries.jsonl") and (data / "qrels.tsv").is_file():
        return _judged(data, embedder(), settings, queries, progress)
    raise ConfigError(
        f"{str(data)!r} has neither corpus.jsonl, queries.jsonl and qrels.tsv, "
        "nor questions.jsonl and pdfs/. docs/evaluation.md describes both layouts."
    )


# ---------------------------------------------------------------- judged corpora


def _judged(
    data: Path, embedder: Embedder, settings: RetrievalSettings, most: int | None, progress: Progress | None
) -> RetrievalReport:
    """The measures nDCG and recall at 10. Items of one `dup_group` have the same text and count as one."""
    corpus = list(_rows(data, "corpus.jsonl"))
    group = {str(item["_id"]): _group(item) for item in corpus}
    relevant = _relevant(data / "qrels.tsv", group)
    questions = [q for q in _rows(data, "queries.jsonl") if str(q["_id"]) in relevant]
    if most is not None and len(questions) > most:
        questions = Random(0).sample(questions, most)  # noqa: S311 - a sample, not a secret
    indexes = _indexed(corpus, embedder, progress)
    names = [group[str(item["_id"])] for item in corpus]
    rows: list[Mapping[str, Any]] = []
    for question in questions:
        ranked = [names[i] for i in _search(indexes, str(question["text"]), embedder, settings)]
        rows.append(_judgement(str(question["_id"]), distinct(ranked), relevant[str(question["_id"])]))
    return RetrievalReport(
        data=data.name,
        suite="judged corpus",
        documents=len(corpus),
        metrics=tuple(_mean(name, [row[name] for row in rows]) for name in ("ndcg@10", "recall@10")),
        rows=tuple(rows),
    )


def _judgement(id_: str, ranked: Sequence[Any], relevant: set[str]) -> Mapping[str, Any]:
    return {
        "id": id_,
        "rank": rank_of(ranked, relevant),
        "ndcg@10": ndcg(ranked, relevant),
        "recall@10": recall(ranked, relevant),
    }


def _indexed(corpus: Sequence[Mapping[str, Any]], embedder: Embedder, progress: Progress | None) -> "Indexes":
    """Every item as one passage under its title; ids are positions in the corpus."""
    from ragslm.retrieval.indexes import Indexes
    from ragslm.store.records import Change, IndexRow

    indexes = Indexes.empty(embedder.dim)
    for start in range(0, len(corpus), _BATCH):
        texts = [_text(item) for item in corpus[start : start + _BATCH]]
        vectors = embedder.embed([text.lstrip("\n") for text in texts])
        rows = [
            IndexRow(id=start + i, document=start + i, text=text, vector=vector)
            for i, (text, vector) in enumerate(zip(texts, vectors, strict=True))
        ]
        indexes.replay(Change(seq=row.id + 1, added=row, removed=None) for row in rows)
        if progress:
            progress(start + len(texts), len(corpus))
    return indexes


def _search(
    indexes: "Indexes", question: str, embedder: Embedder, settings: RetrievalSettings
) -> Sequence[int]:
    from ragslm.retrieval.ranking import Asked, rank

    asked = Asked(question, question, embedder.embed([question])[0])
    found = rank(indexes, asked, None, depth=settings.depth, dense_weight=settings.dense_weight)
    ids: list[int] = found.ids.tolist()
    return ids


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


# ---------------------------------------------------------------- filings


def _filings(
    data: Path, assistant: "Callable[[Path, str], Assistant]", progress: Progress | None
) -> RetrievalReport:
    """All PDFs in one workspace, brought in as a user would; then every question whose PDF is there."""
    present = {path.stem for path in (data / "pdfs").glob("*.pdf")}
    questions = [q for q in _rows(data, "questions.jsonl") if q["doc_name"] in present]
    with (
        tempfile.TemporaryDirectory() as folder,
        assistant(Path(folder) / "workspace", os.urandom(32).hex()) as opened,
    ):
        opened.ingest(data / "pdfs", progress=_stage(progress))
        rows = [_filing(opened, question) for question in questions]
    hits = sum(row["page_rank"] is not None and row["page_rank"] <= _PAGES for row in rows)
    firsts = sum(bool(row["filing_first"]) for row in rows)
    return RetrievalReport(
        data=data.name,
        suite="filings",
        documents=len(present),
        metrics=(
            _share(f"page among the first {_PAGES} pages", hits, len(rows)),
            _share("right filing first", firsts, len(rows)),
        ),
        rows=tuple(rows),
    )


def _filing(assistant: "Assistant", question: Mapping[str, Any]) -> Mapping[str, Any]:
    """Where the first page of the evidence stands among the distinct pages found."""
    right = {(e["doc_name"], int(e["page_num_0based"]) + 1) for e in question["evidence"]}
    found = [
        (Path(h.passage.uri).stem, h.passage.page)
        for h in assistant.search(question["question"], k=_PASSAGES)
    ]
    return {
        "id": question["id"],
        "filing": question["doc_name"],
        "page_rank": rank_of(distinct(found), right),
        "filing_first": bool(found) and found[0][0] == question["doc_name"],
    }


def _stage(progress: Progress | None) -> Callable[[int, int | None, str], None] | None:
    return None if progress is None else lambda done, total, stage: progress(done, total or done)


# ---------------------------------------------------------------- shared


def _mean(name: str, values: Sequence[float]) -> Metric:
    value, low, high = bootstrap_mean(values)
    return Metric(name=name, value=value, low=low, high=high, n=len(values))


def _share(name: str, successes: int, n: int) -> Metric:
    low, high = wilson(successes, n)
    return Metric(name=name, value=successes / n if n else 0.0, low=low, high=high, n=n)


def _file(data: Path, name: str) -> Path | None:
    return next((path for path in (data / name, data / f"{name}.gz") if path.is_file()), None)


def _rows(data: Path, name: str) -> Iterator[Mapping[str, Any]]:
    path = _file(data, name)
    if path is None:
        raise ConfigError(f"{name} is missing in {str(data)!r}.")
    with (
        gzip.open(path, "rt", encoding="utf-8")
        if path.suffix == ".gz"
        else path.open(encoding="utf-8") as lines
    ):
        yield from map(json.loads, lines)
