"""How well passages are found: judged corpora, filings, regulations, records."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from ragslm.assistant import Assistant
from ragslm.cli.common import Bar, ConfigFile, Json, out, print_json
from ragslm.cli.evaluate.common import Data, Kept, eval_app, scratch, shown
from ragslm.errors import ConfigError
from ragslm.evaluate.facts import UNHURRIED, measure_facts
from ragslm.evaluate.report import AblationReport, RetrievalReport
from ragslm.evaluate.retrieval import Ground, ablate_retrieval, evaluate_retrieval
from ragslm.specialise.sources import held_out as subject_held_out


@eval_app.command()
def retrieval(
    data: Data,
    config: ConfigFile = None,
    domain: Annotated[
        str | None, typer.Option("--domain", "-d", help="Profile; none: banking for documents, generic else.")
    ] = None,
    workspace: Kept = None,
    queries: Annotated[int, typer.Option(help="Queries of a judged corpus at most; 0: all.")] = 1000,
    held_out: Annotated[
        bool,
        typer.Option(
            "--held-out", help="Ask only about subjects (`focus`) that the reranker's training left out."
        ),
    ] = False,
    table: Annotated[
        bool, typer.Option("--table", help="Print for each question its ranks by stage, and which lost it.")
    ] = False,
    ablation: Annotated[
        bool, typer.Option("--ablation", help="Measure each way of searching, from BM25 alone to everything.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Judged corpora, filings with questions, or documents with questions on their paragraphs."""
    with scratch(config, retrieval=UNHURRIED) as parts, Bar("Measure") as bar:
        settings = parts.settings_of(domain or "generic")
        ground = Ground(
            embedder=lambda: parts.embedder,
            questions=lambda: parts.question_embedder(domain or "generic"),
            assistant=lambda folder, key: Assistant.open(
                folder, domain or "banking", key=key, config=config, retrieval=UNHURRIED
            ),
            settings=settings.retrieval,
            glossary=settings.glossary,
            late_interaction=lambda: parts.late_interaction(domain or "generic"),
            reranker=lambda: parts.reranker(domain or "generic"),
            kept=workspace,
            asks=_was_held_out if held_out else None,
        )
        report = (ablate_retrieval if ablation else evaluate_retrieval)(
            data, ground, queries=queries or None, progress=lambda done, total: bar(done, total, "documents")
        )
    if as_json:
        print_json(report)
        return
    out.print(f"{report.data}: {report.suite}, {report.documents} documents")
    if isinstance(report, AblationReport):
        _show_variants(report)
    else:
        _show(report, table=table)


@eval_app.command()
def facts(data: Data, as_json: Json = False) -> None:
    """Questions on facts of records and messages: found first, and at the right place."""
    shares = shown(measure_facts(data), quiet=as_json)
    if as_json:
        print_json(shares)


def _was_held_out(query: Mapping[str, Any]) -> bool:
    """Whether the reranker's training left out the query's subject, by the rule of its recipe."""
    if "focus" not in query:
        raise ConfigError("--held-out: queries.jsonl names no subject (`focus`). Leave the option out.")
    return subject_held_out(str(query["focus"]))


def _show(report: RetrievalReport, *, table: bool) -> None:
    for metric in report.metrics:
        line = f"  {metric.name:40} {metric.value:.3f}  [{metric.low:.3f}, {metric.high:.3f}]  n={metric.n}"
        out.print(line)
    if table and report.rows:
        out.print("  ".join(f"{name:>14}" for name in report.rows[0]))
        for row in report.rows:
            out.print("  ".join(f"{_cell(value):>14}" for value in row.values()))


def _cell(value: object) -> str:
    if value is None:
        return "-"
    return f"{value:.3f}" if isinstance(value, float) else str(value)


def _show_variants(report: AblationReport) -> None:
    for name, metrics in report.variants.items():
        for metric in metrics:
            out.print(
                f"  {name:14} {metric.name:40} {metric.value:.3f}  [{metric.low:.3f}, {metric.high:.3f}]"
            )
