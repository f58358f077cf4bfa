"""How well sentences are judged, and values calculated."""

from itertools import chain
from pathlib import Path
from typing import Annotated

import typer

from ragslm.cli.common import ConfigFile, Json, out, print_json
from ragslm.cli.evaluate.common import Data, eval_app, scratch, shown
from ragslm.errors import ConfigError
from ragslm.evaluate.calculation import measure_calculation
from ragslm.evaluate.grounding import ablate, measure, pairs_a_second
from ragslm.evaluate.literal import measure as measure_literal
from ragslm.evaluate.literal import measure_traps
from ragslm.grounding.trained import read_calibration
from ragslm.grounding.verifier import EvidenceVerifier
from ragslm.protocols import Proposer


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
    with scratch(config) as parts:
        trained = parts.trained(domain)
        shares = shown((ablate if ablation else measure)(data, trained, each=each), quiet=as_json)
        speed = pairs_a_second(trained.entailment)
    calibration = read_calibration()
    if as_json:
        print_json({"shares": shares, "pairs_a_second": speed, "thresholds": calibration.thresholds})
        return
    out.print(f"pairs of 200 word pieces a second: {speed:.0f}")
    for one in calibration.thresholds:
        line = (
            f"{one.domain:8} promises {one.promised}: another wording from {one.score:.3f}, accepted there "
        )
        line += f"{one.achieved:.4f} [{one.low:.4f}, {one.high:.4f}] of {one.n} unsupported; in all "
        line += f"{one.total:.4f} (literal checks {one.literal:.4f}), {one.shown:.3f} of {one.supported}"
        out.print(f"{line} supported")


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
    with scratch(config) as parts:
        alone = EvidenceVerifier()
        of_traps = chain(
            measure_traps("literal checks", lambda _: alone, traps) if traps else (),
            measure_traps("with the scorer", parts.verifier, traps) if traps else (),
        )
        for one in chain(of_traps, measure_literal(alone, data, each=each) if data else ()):
            found.append(one)
            if not as_json:
                out.print(one.line)
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
    domain: Annotated[
        str, typer.Option("--domain", "-d", help="Whose terms and measures are known.")
    ] = "banking",
    as_json: Json = False,
) -> None:
    """Questions over tables that have to be calculated: right, wrong, not given."""
    with scratch(config) as parts:
        engine = parts.engines("generic").writer if model else None
        if model and not isinstance(engine, Proposer):
            raise ConfigError("No model engine is configured. Set generation.engine, or leave out --model.")
        proposer = engine if isinstance(engine, Proposer) else None
        found = measure_calculation(parts.calculator(domain), data, proposer=proposer, most=questions or None)
        shares = shown(found, quiet=as_json)
    if as_json:
        print_json(shares)
