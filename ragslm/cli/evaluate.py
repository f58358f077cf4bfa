"""Commands that measure: eval and bench. Reports carry 95 % intervals."""

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from ragslm.assistant import Assistant
from ragslm.cli.common import Bar, ConfigFile, Json, app, out, print_json
from ragslm.errors import ConfigError
from ragslm.evaluate.answers.chat import chat_of
from ragslm.evaluate.answers.report import table as answers_table
from ragslm.evaluate.answers.run import Plan, evaluate_answers
from ragslm.evaluate.answers.sets import read_set
from ragslm.evaluate.answers.systems import read_prompts
from ragslm.evaluate.bench import time_stages
from ragslm.evaluate.calculation import measure_calculation
from ragslm.evaluate.facts import UNHURRIED, measure_facts
from ragslm.evaluate.format_bench import Speed, time_formats
from ragslm.evaluate.grounding import Share, ablate, measure, pairs_a_second
from ragslm.evaluate.growth import corpus_texts, sample_texts, seeds_of
from ragslm.evaluate.identifiers.cases import Half
from ragslm.evaluate.identifiers.hostile import growth as growth_of
from ragslm.evaluate.identifiers.measure import found_by, measure_fields, measure_numbers, measure_rules
from ragslm.evaluate.literal import measure as measure_literal
from ragslm.evaluate.literal import measure_traps
from ragslm.evaluate.opened import measure_opened
from ragslm.evaluate.refusal import ask_all, measure_answerability, measure_red_lines
from ragslm.evaluate.report import AblationReport, RetrievalReport
from ragslm.evaluate.retrieval import Ground, ablate_retrieval, evaluate_retrieval
from ragslm.evaluate.scrub import evaluate_scrub
from ragslm.evaluate.search_bench import time_search
from ragslm.evaluate.stock_presidio import stock_presidio
from ragslm.factory import Parts, open_parts
from ragslm.grounding.calculation.calculator import EvidenceCalculator
from ragslm.grounding.calculation.named import named_ratios
from ragslm.grounding.trained import read_calibration
from ragslm.grounding.verifier import EvidenceVerifier
from ragslm.privacy.recognisers import build as shared
from ragslm.protocols import Proposer
from ragslm.specialise.sources import held_out as subject_held_out
from ragslm.store.keys import new_key

eval_app = typer.Typer(no_args_is_help=True, help="Measure quality on folders of evaluation data.")
app.add_typer(eval_app, name="eval")

SAFE_HARBOR = "hipaa-safe-harbor"
"""The ready profile under which the cases of its rule are judged."""

Data = Annotated[Path, typer.Option("--data", help="Folder; docs/evaluation.md says in which layouts.")]
Kept = Annotated[
    Path | None,
    typer.Option(help="Folder in which documents stay between runs, under RAGSLM_KEY; none forgets them."),
]


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
    with _scratch(config, retrieval=UNHURRIED) as parts, Bar("Measure") as bar:
        settings = parts.settings_of(domain or "generic")
        ground = Ground(
            embedder=lambda: parts.embedder,
            assistant=lambda folder, key: Assistant.open(
                folder, domain or "banking", key=key, config=config, retrieval=UNHURRIED
            ),
            settings=settings.retrieval,
            glossary=settings.glossary,
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
    out.print(f"{report.data}: {report.suite}, {report.documents} documents", markup=False)
    if isinstance(report, AblationReport):
        _show_variants(report)
    else:
        _show(report, table=table)


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
def identifiers(
    formats: Annotated[
        Path | None,
        typer.Option(help="Folder with sample files by format (hl7v2, fhir, …), judged by field; none: not."),
    ] = None,
    half: Annotated[
        Half, typer.Option(help="`check` states figures; `dev` is what recognisers are mended on.")
    ] = "check",
    peer: Annotated[bool, typer.Option("--peer", help="Measure stock Presidio on the same cases.")] = False,
    growth: Annotated[
        bool, typer.Option("--growth", help="How the time of each recogniser grows with hostile text.")
    ] = False,
    config: ConfigFile = None,
    as_json: Json = False,
) -> None:
    """Card numbers, identifiers, Safe Harbor cases and fields found; codes and words left alone."""
    shares: dict[str, list[Share]] = {}

    def show(system: str, found: Iterable[Share]) -> None:
        if not as_json:
            out.print(f"{system}, {half} half", markup=False)
        shares.setdefault(system, []).extend(_shown(found, quiet=as_json))

    with _scratch(config) as parts:
        show("ragslm", measure_numbers(found_by(parts.scrubber), half))
        if formats is not None:
            show("ragslm", measure_fields(formats, parts.scrubber))
        if peer:
            show("stock Presidio", measure_numbers(stock_presidio(parts.scrubber), half))
        worst = list(growth_of([*shared(), *parts.recognisers])) if growth else []
    with _scratch(config, privacy={"profiles": [SAFE_HARBOR]}) as parts:
        show(f"ragslm under {SAFE_HARBOR}", measure_rules(found_by(parts.scrubber), half))
    for name, ratio, piece in [] if as_json else worst:
        out.print(f"{name:32} x{ratio:5.1f} for four times {piece!r}", markup=False)
    if as_json:
        print_json({"shares": shares, "growth": worst})


@eval_app.command()
def grounding(
    data: Data,
    config: ConfigFile = None,
    domain: Annotated[str, typer.Option("--domain", "-d", help="Whose threshold decides.")] = "generic",
    each: Annotated[int, typer.Option(min=10, help="Changed sentences of each kind.")] = 100,
    ablation: Annotated[
        bool, typer.Option("--ablation", help="Take each check away in turn instead.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Claims with their sources: how they rank, what is accepted, and what the thresholds promise."""
    with _scratch(config) as parts:
        trained = parts.trained(domain)
        shares = _shown((ablate if ablation else measure)(data, trained, each=each), quiet=as_json)
        speed = pairs_a_second(trained.entailment)
    calibration = read_calibration()
    if as_json:
        print_json({"shares": shares, "pairs_a_second": speed, "thresholds": calibration.thresholds})
        return
    out.print(f"pairs of 200 word pieces a second: {speed:.0f}", markup=False)
    for one in calibration.thresholds:
        line = (
            f"{one.domain:8} promises {one.promised}: another wording from {one.score:.3f}, accepted there "
        )
        line += f"{one.achieved:.4f} [{one.low:.4f}, {one.high:.4f}] of {one.n} unsupported; in all "
        line += f"{one.total:.4f} (literal checks {one.literal:.4f}), {one.shown:.3f} of {one.supported}"
        out.print(f"{line} supported", markup=False)


@eval_app.command()
def literal(
    data: Annotated[
        Path | None, typer.Option("--data", help="Folder; docs/evaluation.md says in which layouts.")
    ] = None,
    traps: Annotated[
        Path | None,
        typer.Option(help="Trap questions, as tests/data/traps/traps.jsonl: also with the trained scorer."),
    ] = None,
    each: Annotated[int, typer.Option(min=10, help="Claims of each kind.")] = 100,
    config: ConfigFile = None,
    as_json: Json = False,
) -> None:
    """Changed, reworded and verbatim sentences and rows: what the literal checks alone accept."""
    if data is None and traps is None:
        raise ConfigError("Nothing to measure. Give --data DIR, --traps FILE or both.")
    found = []
    with _scratch(config) as parts:
        alone = EvidenceVerifier()
        of_traps = chain(
            measure_traps("literal checks", lambda _: alone, traps) if traps else (),
            measure_traps("with the scorer", parts.verifier, traps) if traps else (),
        )
        for one in chain(of_traps, measure_literal(alone, data, each=each) if data else ()):
            found.append(one)
            if not as_json:
                out.print(one.line, markup=False)
    if as_json:
        print_json(found)


@eval_app.command()
def calculation(
    data: Data,
    config: ConfigFile = None,
    model: Annotated[
        bool, typer.Option("--model", help="Let the configured engine choose where the rules cannot.")
    ] = False,
    questions: Annotated[int, typer.Option(help="Questions at most, drawn at random; 0: all.")] = 0,
    domain: Annotated[str, typer.Option("--domain", "-d", help="Whose ratios have names.")] = "banking",
    as_json: Json = False,
) -> None:
    """Questions over tables that have to be calculated: right, wrong, not given."""
    with _scratch(config) as parts:
        engine = parts.engines("generic").writer if model else None
        if model and not isinstance(engine, Proposer):
            raise ConfigError("No model engine is configured. Set generation.engine, or leave out --model.")
        proposer = engine if isinstance(engine, Proposer) else None
        calculator = EvidenceCalculator(named_ratios(parts.settings_of(domain).ratios))
        found = measure_calculation(calculator, data, proposer=proposer, most=questions or None)
        shares = _shown(found, quiet=as_json)
    if as_json:
        print_json(shares)


@eval_app.command()
def facts(data: Data, as_json: Json = False) -> None:
    """Questions on facts of records and messages: found first, and at the right place."""
    shares = _shown(measure_facts(data), quiet=as_json)
    if as_json:
        print_json(shares)


@eval_app.command()
def citations(data: Data, as_json: Json = False) -> None:
    """Every citation of every shown sentence opened: the words it quotes, at the right place."""
    shares = _shown(measure_opened(data), quiet=as_json)
    if as_json:
        print_json(shares)


def _shown(shares: Iterable[Share], *, quiet: bool) -> list[Share]:
    """All of them; each is printed as soon as it is known, unless `quiet`."""
    found = []
    for share in shares:
        found.append(share)
        if not quiet:
            line = f"{share.name:78} {share.value:.3f} [{share.low:.3f}, {share.high:.3f}] n={share.n}"
            out.print(line, markup=False)
    return found


@eval_app.command()
def answers(
    data: Data,
    cache: Annotated[
        Path, typer.Option(help="JSON lines file of answers; a run goes on from it. It holds them in clear.")
    ],
    model: Annotated[
        str | None, typer.Option(help="Path of a GGUF file or a catalogue name; none: that of `models.chat`.")
    ] = None,
    no_model: Annotated[
        bool, typer.Option("--no-model", help="Only ragslm quoting, which needs no model.")
    ] = False,
    plain: Annotated[
        Path | None, typer.Option(help="Prompts of plain RAG, made by tests/bench/plain_rag.py.")
    ] = None,
    sample: Annotated[int, typer.Option(min=0, help="Questions, drawn with the seed; 0: all.")] = 0,
    seed: Annotated[int, typer.Option(help="Of the sample.")] = 0,
    minutes: Annotated[
        float | None, typer.Option(min=0.1, help="Ask nothing more after so many; the next run goes on.")
    ] = None,
    workspace: Kept = None,
    domain: Annotated[
        str | None, typer.Option("--domain", "-d", help="Profile; none: what fits the set.")
    ] = None,
    config: ConfigFile = None,
    as_json: Json = False,
) -> None:
    """Questions with written answers: right, wrong or refused, by the bare model, plain RAG and ragslm."""
    plan = Plan(
        cache=cache,
        prompts=read_prompts(plain) if plain else None,
        chat=None if no_model else chat_of(model, config),
        kept=workspace,
        config=config,
        domain=domain,
        n=sample or None,
        seed=seed,
        minutes=minutes,
    )
    with Bar("Answer") as bar:
        report = evaluate_answers(read_set(data), plan, progress=bar)
    if as_json:
        print_json(report)
    else:
        out.print(answers_table(report), markup=False)


@eval_app.command()
def refusal(
    sets: Annotated[Path, typer.Option(help="Folder with `redlines` and `unanswerable`, as tests/data.")],
    data: Annotated[
        Path | None, typer.Option("--data", help="Evaluation data; none: red lines only, without a model.")
    ] = None,
    part: Annotated[str, typer.Option(help="Questions of this part: validation or fit.")] = "validation",
    as_json: Json = False,
) -> None:
    """Requests for a person and questions without an answer: how many are refused, and how many others."""
    found = list(measure_red_lines(sets))
    if data is not None:
        with _scratch(None) as parts:
            asked = list(ask_all(parts, data, sets, part))
            found += measure_answerability(asked, parts.settings_of("generic").grounding.answerable)
    if as_json:
        print_json(found)
        return
    for one in found:
        share = one.count / max(1, one.n)
        out.print(
            f"{one.name:60} refused {share:.3f} [{one.low:.3f}, {one.high:.3f}] n={one.n}", markup=False
        )


class _Stages(TyperGroup):
    """`ragslm bench [FOLDER]` is `ragslm bench stages [FOLDER]`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Anything but the name of a command is meant for `stages`."""
        if not args or (args[0] not in self.commands and args[0] != "--help"):
            args = ["stages", *args]
        return super().parse_args(ctx, args)


bench_app = typer.Typer(
    cls=_Stages, help="Time ingest and ask (stages, the default), search at any size, or parsing by format."
)
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


@bench_app.command()
def connectors(
    data: Annotated[
        Path, typer.Option("--data", help="Folder with files of any formats, read with all below.")
    ],
    as_json: Json = False,
) -> None:
    """Time parsing by format, beside each format's plain library where it is installed."""
    speeds = []
    for speed in time_formats(data):
        speeds.append(speed)
        if not as_json:
            out.print(_speed_line(speed), markup=False)
    if as_json:
        print_json(speeds)


def _speed_line(speed: Speed) -> str:
    line = f"{speed.format:18} {speed.a_second:9,.1f} a second, {speed.documents:3} files"
    if speed.times is None:
        return line
    plain = f"{speed.library:28} {speed.library_a_second:11,.1f} a second"
    return f"{line}; {plain}; {speed.times:6.2f} times as long"


def _show_times(report: Mapping[str, float], *, as_json: bool) -> None:
    if as_json:
        print_json(report)
        return
    for name, value in report.items():
        out.print(f"{name:36} {value:12,.3f}", markup=False)


@contextmanager
def _scratch(config: Path | None, **sections: Mapping[str, Any]) -> Iterator[Parts]:
    """The parts of an empty workspace under a key that is thrown away."""
    with tempfile.TemporaryDirectory(prefix="ragslm-eval-") as folder:
        parts = open_parts(Path(folder) / "workspace", key=new_key(), config=config, arguments=sections)
        try:
            yield parts
        finally:
            parts.close()


def _was_held_out(query: Mapping[str, Any]) -> bool:
    """Whether the reranker's training left out the query's subject, by the rule of its recipe."""
    if "focus" not in query:
        raise ConfigError("--held-out: queries.jsonl names no subject (`focus`). Leave the option out.")
    return subject_held_out(str(query["focus"]))


def _show(report: RetrievalReport, *, table: bool) -> None:
    for metric in report.metrics:
        line = f"  {metric.name:40} {metric.value:.3f}  [{metric.low:.3f}, {metric.high:.3f}]  n={metric.n}"
        out.print(line, markup=False)
    if table and report.rows:
        out.print("  ".join(f"{name:>14}" for name in report.rows[0]), markup=False)
        for row in report.rows:
            out.print("  ".join(f"{_cell(value):>14}" for value in row.values()), markup=False)


def _cell(value: object) -> str:
    if value is None:
        return "-"
    return f"{value:.3f}" if isinstance(value, float) else str(value)


def _show_variants(report: AblationReport) -> None:
    for name, metrics in report.variants.items():
        for metric in metrics:
            out.print(
                f"  {name:14} {metric.name:40} {metric.value:.3f}  [{metric.low:.3f}, {metric.high:.3f}]",
                markup=False,
            )
