"""The command that keeps a workspace in step with its sources."""

import signal
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated

import typer

from ragslm.assistant import Assistant
from ragslm.cli.common import (
    Bar,
    ConfigFile,
    DomainName,
    Insecure,
    Json,
    OptionError,
    Workspace,
    app,
    open_assistant,
    out,
    print_json,
)
from ragslm.errors import SourceError
from ragslm.types import DeadLetter, SourceReport


@app.command()
def sync(
    uris: Annotated[
        list[str] | None, typer.Argument(help="With --retry: which dead letters; none: all of them.")
    ] = None,
    sources: Annotated[
        Path, typer.Option(help="File that names the sources; see docs/connectors.md.")
    ] = Path("sources.yaml"),
    only: Annotated[str | None, typer.Option(help="Name of the one source to bring in.")] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would happen; change nothing.")
    ] = False,
    watching: Annotated[
        bool, typer.Option("--watch", help="Bring each source in at its interval until stopped.")
    ] = False,
    dead_letters: Annotated[
        bool, typer.Option("--dead-letters", help="List quarantined documents: tries, source, reason.")
    ] = False,
    drop: Annotated[
        str | None, typer.Option(help="Remove everything that the source of this name brought in.")
    ] = None,
    retry: Annotated[bool, typer.Option("--retry", help="Try quarantined documents again.")] = False,
    workspace: Workspace = Path("workspace"),
    domain: DomainName = None,
    config: ConfigFile = None,
    insecure_demo: Insecure = False,
    as_json: Json = False,
) -> None:
    """Bring the sources in: what is new, changed or gone there is so here."""
    _refuse_contradictions(
        [dry_run, watching, dead_letters, retry, drop is not None], uris or [], retry=retry
    )
    with open_assistant(workspace, domain, config, insecure=insecure_demo) as assistant:
        if drop is not None:
            removed = assistant.sources.drop(drop)
            print_json({"removed": removed}) if as_json else out.print(f"{removed} documents removed.")
        elif dead_letters:
            _show_letters(assistant.sources.dead_letters(), as_json=as_json)
        elif watching:
            _watch(assistant, sources, only, as_json=as_json)
        else:
            with Bar("Sync") as bar:
                if retry:
                    reports = assistant.sources.retry(uris or None, sources, progress=bar)
                else:
                    reports = assistant.sources.sync(sources, only=only, dry_run=dry_run, progress=bar)
            _show(reports, dry_run=dry_run, as_json=as_json)


def _refuse_contradictions(modes: Sequence[bool], uris: Sequence[str], *, retry: bool) -> None:
    if sum(modes) > 1:
        raise OptionError("Give only one of --dry-run, --watch, --dead-letters, --retry and --drop.")
    if uris and not retry:
        raise OptionError("Uris are given with --retry only. A single source is named with --only.")


def _show(reports: Sequence[SourceReport], *, dry_run: bool, as_json: bool) -> None:
    """Every source, then the exit code of those that failed.

    Raises:
        SourceError: one of them did.
    """
    if as_json:
        print_json(reports)
    else:
        for report in reports:
            out.print(line(report, dry_run=dry_run))
            _print_details(report)
    if failed := [report.name for report in reports if report.error]:
        raise SourceError(f"{len(failed)} of {len(reports)} sources not brought in: {', '.join(failed)}.")


def line(report: SourceReport, *, dry_run: bool = False) -> str:
    """One source in one line."""
    counts = (
        f"{report.added} added, {report.changed} changed, {report.unchanged} unchanged, "
        f"{report.removed} removed, {len(report.quarantined)} quarantined"
    )
    moved = ", cursor moved" if report.cursor_moved else ""
    failed = f" FAILED: {report.error}" if report.error else ""
    return f"{report.name}: {'would be ' if dry_run else ''}{counts} in {report.seconds:.1f} s{moved}{failed}"


def _print_details(report: SourceReport) -> None:
    for uri, reason in report.quarantined:
        out.print(f"  quarantined {uri}: {reason}")
    for uri, note in report.notes:
        out.print(f"  note {uri}: {note}")


def _watch(assistant: Assistant, sources: Path, only: str | None, *, as_json: bool) -> None:
    """A line for each source whenever it was brought in. SIGTERM ends it like Ctrl-C."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    for report in assistant.sources.watch(sources, only=only):
        if as_json:
            print_json(report, indent=None)
        else:
            out.print(line(report))
        sys.stdout.flush()


def _show_letters(letters: Iterable[DeadLetter], *, as_json: bool) -> None:
    if as_json:
        print_json(list(letters))
        return
    for letter in letters:
        tries = f"{letter.tries} {'try' if letter.tries == 1 else 'tries'}"
        out.print(f"{letter.uri}  [{letter.source or 'ingest'}, {tries}] {letter.reason}")
