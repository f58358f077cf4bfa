"""Commands that time: ingest and ask, search at a size, parsing, scrubbing."""

import tempfile
from collections.abc import Mapping
from pathlib import Path
from random import Random
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from ragslm.cli.common import Bar, ConfigFile, Json, app, out, print_json
from ragslm.cli.evaluate.common import scratch
from ragslm.evaluate.answers.chat import opened_engine
from ragslm.evaluate.bench import time_stages
from ragslm.evaluate.facts import UNHURRIED
from ragslm.evaluate.format_bench import Speed, time_formats
from ragslm.evaluate.growth import corpus_texts, sample_texts, seeds_of
from ragslm.evaluate.scrub import read_texts
from ragslm.evaluate.scrub_bench import time_scrub
from ragslm.evaluate.search_bench import time_comparing, time_reading, time_search


class _Stages(TyperGroup):
    """`ragslm bench [FOLDER]` is `ragslm bench stages [FOLDER]`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Anything but the name of a command is meant for `stages`."""
        if not args or (args[0] not in self.commands and args[0] != "--help"):
            args = ["stages", *args]
        return super().parse_args(ctx, args)


bench_app = typer.Typer(
    cls=_Stages,
    help="Time ingest and ask (stages, the default), search at any size, parsing by format, or scrubbing.",
)
app.add_typer(bench_app, name="bench")


@bench_app.command()
def stages(
    path: Annotated[Path | None, typer.Argument(help="Folder to ingest; none: the bundled samples.")] = None,
    domain: Annotated[str, typer.Option("--domain", "-d", help="Profile and samples.")] = "medical",
    model: Annotated[
        str | None, typer.Option(help="Path of a GGUF file or a catalogue name; none: as configured.")
    ] = None,
    config: ConfigFile = None,
    as_json: Json = False,
) -> None:
    """Time ingest and ask by stage, in a workspace made for it."""
    with (
        tempfile.TemporaryDirectory(prefix="ragslm-bench-") as folder,
        opened_engine(model, domain, config) as engine,
    ):
        report = time_stages(Path(folder) / "workspace", domain, path, config=config, engine=engine)
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
    """Time search at a size: real passages, grown by copies that differ a little; and reading the best."""
    with scratch(config, retrieval=UNHURRIED) as parts, Bar("Measure") as bar:
        texts, questions = corpus_texts(data, seeds) if data else (sample_texts(domain), [])
        real = seeds_of(texts, parts.embedder, questions)
        settings = parts.settings_of("generic").retrieval
        report = time_search(
            real,
            parts.embedder,
            passages,
            settings,
            progress=lambda done, total: bar(done, total, "passages"),
        )
        if late_interaction := parts.late_interaction("generic"):
            most = settings.late_interaction
            report |= time_comparing(real, parts.embedder, late_interaction, most)
        if scorer := parts.pair_scorer("generic"):
            report |= time_reading(real, scorer)
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
            out.print(_speed_line(speed))
    if as_json:
        print_json(speeds)


@bench_app.command()
def scrub(
    data: Annotated[Path, typer.Option("--data", help="Folder with a .jsonl or .jsonl.gz of texts.")],
    texts: Annotated[int, typer.Option(min=10, help="How many, drawn at random.")] = 500,
    config: ConfigFile = None,
    as_json: Json = False,
) -> None:
    """Time scrubbing with the trained finder and without it, beside stock Presidio."""
    drawn = read_texts(data)
    Random(0).shuffle(drawn)  # noqa: S311 - a draw, not a secret
    with scratch(config) as whole, scratch(config, privacy={"finder": False}) as without:
        scrubbers = {"with the finder": whole.scrubber, "without it": without.scrubber}
        speeds = list(time_scrub(drawn[:texts], scrubbers))
    if as_json:
        print_json(speeds)
        return
    for speed in speeds:
        out.print(
            f"{speed.system:18} {speed.a_second:9,.0f} characters a second, {speed.times:5.2f} times stock"
        )


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
        out.print(f"{name:36} {value:12,.3f}")
