"""How well personal data is found, and what is masked without need."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from ragslm.cli.common import ConfigFile, Json, out, print_json
from ragslm.cli.evaluate.common import Data, eval_app, scratch, shown
from ragslm.evaluate.grounding import Share
from ragslm.evaluate.identifiers.cases import Half
from ragslm.evaluate.identifiers.hostile import LEAVING
from ragslm.evaluate.identifiers.hostile import growth as growth_of
from ragslm.evaluate.identifiers.measure import (
    found_by,
    measure_fields,
    measure_numbers,
    measure_planted,
    measure_rules,
)
from ragslm.evaluate.scrub import evaluate_scrub, read_texts
from ragslm.evaluate.stock_presidio import stock_presidio
from ragslm.privacy.recognisers import build as shared

SAFE_HARBOR = "hipaa-safe-harbor"
"""The ready profile under which the cases of its rule are judged."""


@eval_app.command()
def scrub(
    data: Data,
    config: ConfigFile = None,
    peer: Annotated[bool, typer.Option("--peer", help="Measure stock Presidio in the same run.")] = False,
    as_json: Json = False,
) -> None:
    """Marked texts: recall per class, spans fully covered, and what was masked without need."""
    with scratch(config) as parts:
        report = evaluate_scrub(data, parts.scrubber, peer=peer)
    if as_json:
        print_json(report)
    else:
        out.print(report.table())


@eval_app.command()
def identifiers(
    formats: Annotated[
        Path | None,
        typer.Option(help="Folder with sample files by format (hl7v2, fhir, …), judged by field; none: not."),
    ] = None,
    notes: Annotated[
        Path | None,
        typer.Option(help="Folder with a .jsonl of texts: twenty identifiers are put into each; none: not."),
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
            out.print(f"{system}, {half} half")
        shares.setdefault(system, []).extend(shown(found, quiet=as_json))

    with scratch(config) as parts:
        show("ragslm", measure_numbers(found_by(parts.scrubber), half))
        if formats is not None:
            show("ragslm", measure_fields(formats, parts.scrubber))
        if notes is not None:
            show("ragslm", measure_planted(read_texts(notes), found_by(parts.scrubber)))
        if peer and notes is not None:
            show("stock Presidio", measure_planted(read_texts(notes), stock_presidio(parts.scrubber)))
        if peer:
            show("stock Presidio", measure_numbers(stock_presidio(parts.scrubber), half))
        worst = list(growth_of([*shared(), *parts.recognisers, *LEAVING])) if growth else []
    with scratch(config, privacy={"profiles": [SAFE_HARBOR]}) as parts:
        show(f"ragslm under {SAFE_HARBOR}", measure_rules(found_by(parts.scrubber), half))
    for name, ratio, piece in [] if as_json else worst:
        out.print(f"{name:32} x{ratio:5.1f} for four times {piece!r}")
    if as_json:
        print_json({"shares": shares, "growth": worst})
