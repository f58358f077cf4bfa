"""Commands that measure: eval and bench. Reports carry 95 % intervals."""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from ragslm.assistant import Assistant
from ragslm.cli.common import Bar, ConfigFile, Json, app, out, print_json
from ragslm.evaluate.bench import time_stages
from ragslm.evaluate.grounding import measure
from ragslm.evaluate.growth import corpus_texts, sample_texts, seeds_of
from ragslm.evaluate.retrieval import RetrievalReport, evaluate_retrieval
from ragslm.evaluate.scrub import evaluate_scrub
from ragslm.evaluate.search_bench import time_search
from ragslm.factory import Parts, open_parts
from ragslm.grounding.verifier import EvidenceVerifier
from ragslm.store.keys import new_key

eval_app = typer.Typer(no_args_is_help=True, help="Measure quality on folders of evaluation data.")
app.add_typer(eval_app, name="eval")

Data = Annotated[Path, typer.Option("--data", help="Folder; docs/evaluation.md says in which layouts.")]


@eval_app.command()
def retrieval(
    data: Data,
    config: ConfigFile = None,
    queries: Annotated[int, typer.Option(help="Queries of a judged corpus at most; 0: all.")] = 1000,
    rows: Annotated[bool, typer.Option("--rows", help="Print a line per question too.")] = False,
    as_json: Json = False,
) -> None:
    """Judged corpora (corpus, queries, qrels) or filings with questions (questions, pdfs)."""
    with _scratch(config) as parts, Bar("Measure") as bar:
        report = evaluate_retrieval(
            data,
            embedder=lambda: parts.embedder,
            assistant=lambda folder, key: Assistant.open(folder, "banking", key=key, config=config),
            settings=parts.settings_of("generic").retrieval,
            queries=queries or None,
            progress=lambda done, total: bar(done, total, "documents"),
        )
    if as_json:
        print_json(report)
    else:
        _show(report, rows=rows)


@eval_app.command()
def scrub(
    data: Data,
    config: ConfigFile = None,
    peer: Annotated[bool, typer.Option("--peer", help="Measure stock Presidio in the same run.")] = False,
    as_json: Json = False,
) -> None:
    """Marked texts: recall per class, spans fully covered, and what was masked without need."""
    with _scratch(config) as parts:
        report = evaluate_scrub(data, parts.scrubber, peer=peer)
    if as_json:
        print_json(report)
    else:
        out.print(report.table(), markup=False)


@eval_app.command()
def grounding(data: Data, as_json: Json = False) -> None:
    """Claims with their sources: what is accepted of the supported and of the unsupported ones."""
    shares = list(measure(EvidenceVerifier(), data))
    if as_json:
        print_json(shares)
        return
    for share in shares:
        line = f"{share.name:60} {share.value:.3f} [{share.low:.3f}, {share.high:.3f}] n={share.n}"
        out.print(line, markup=False)


class _Stages(TyperGroup):
    """`ragslm bench [FOLDER]` is `ragslm bench stages [FOLDER]`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Anything but the name of a command is meant for `stages`."""
        if not args or (args[0] not in self.commands and args[0] != "--help"):
            args = ["stages", *args]
        return super().parse_args(ctx, args)


bench_app = typer.Typer(cls=_Stages, help="Time ingest and ask (stages, the default), or search at any size.")
app.add_typer(bench_app, name="bench")


@bench_app.command()
def stages(
    path: Annotated[Path | None, typer.Argument(help="Folder to ingest; none: the bundled samples.")] = None,
    domain: Annotated[str, typer.Option("--domain", "-d", help="Profile and samples.")] = "medical",
    config: ConfigFile = None,
    as_json: Json = False,
) -> None:
    """Time ingest and ask by stage, in a workspace made for it."""
    with tempfile.TemporaryDirectory(prefix="ragslm-bench-") as folder:
        report = time_stages(Path(folder) / "workspace", domain, path, config=config)
    _show_times(report, as_json=as_json)


@bench_app.command()
def search(
    passages: Annotated[int, typer.Option(min=1_000, help="How many to search.")] = 100_000,
    data: Annotated[
        Path | None, typer.Option(help="Folder with corpus.jsonl.gz; none: the bundled samples.")
    ] = None,
    seeds: Annotated[int, typer.Option(min=10, help="Real passages at most; the rest are copies.")] = 2_500,
    domain: Annotated[str, typer.Option("--domain", "-d", help="Samples.")] = "medical",
    config: ConfigFile = None,
    as_json: Json = False,
) -> None:
    """Time search at a size: real passages, grown by copies that differ a little."""
    with _scratch(config) as parts, Bar("Measure") as bar:
        texts, questions = corpus_texts(data, seeds) if data else (sample_texts(domain), [])
        report = time_search(
            seeds_of(texts, parts.embedder, questions),
            parts.embedder,
            passages,
            parts.settings_of("generic").retrieval,
            progress=lambda done, total: bar(done, total, "passages"),
        )
    _show_times(report, as_json=as_json)


def _show_times(report: Mapping[str, float], *, as_json: bool) -> None:
    if as_json:
        print_json(report)
        return
    for name, value in report.items():
        out.print(f"{name:36} {value:12,.3f}", markup=False)


@contextmanager
def _scratch(config: Path | None) -> Iterator[Parts]:
    """The parts of an empty workspace under a key that is thrown away."""
    with tempfile.TemporaryDirectory(prefix="ragslm-eval-") as folder:
        parts = open_parts(Path(folder) / "workspace", key=new_key(), config=config, arguments={})
        try:
            yield parts
        finally:
            parts.close()


def _show(report: RetrievalReport, *, rows: bool) -> None:
    out.print(f"{report.data}: {report.suite}, {report.documents} documents", markup=False)
    for metric in report.metrics:
        line = f"  {metric.name:28} {metric.value:.3f}  [{metric.low:.3f}, {metric.high:.3f}]  n={metric.n}"
        out.print(line, markup=False)
    for row in report.rows if rows else ():
        out.print("  " + ", ".join(f"{name}={value}" for name, value in row.items()), markup=False)
