"""Whole answers: right, refused where they should be, and cited where they say."""

from pathlib import Path
from typing import Annotated

import typer

from ragslm.cli.common import Bar, ConfigFile, Json, out, print_json
from ragslm.cli.evaluate.common import Data, Kept, eval_app, scratch, shown
from ragslm.evaluate.answers.chat import chat_of
from ragslm.evaluate.answers.report import table as answers_table
from ragslm.evaluate.answers.run import Plan, evaluate_answers
from ragslm.evaluate.answers.sets import read_set
from ragslm.evaluate.answers.systems import read_prompts
from ragslm.evaluate.facts import UNHURRIED
from ragslm.evaluate.opened import measure_opened
from ragslm.evaluate.refusal import ask_all, measure_answerability, measure_red_lines


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
        out.print(answers_table(report))


@eval_app.command()
def refusal(
    sets: Annotated[Path, typer.Option(help="Folder with `redlines` and `unanswerable`, as tests/data.")],
    data: Annotated[
        Path | None, typer.Option("--data", help="Evaluation data; none: red lines only, without a model.")
    ] = None,
    part: Annotated[
        str, typer.Option(help="Questions of this part: validation, fit or customers.")
    ] = "validation",
    sample: Annotated[
        int, typer.Option(min=0, help="Questions of each kind at most, the first by hash; 0: all.")
    ] = 0,
    as_json: Json = False,
) -> None:
    """Requests for a person and questions without an answer: how many are refused, and how many others."""
    found = list(measure_red_lines(sets))
    if data is not None:
        with scratch(None, retrieval=UNHURRIED) as parts, Bar("Ask") as bar:
            asked = list(ask_all(parts, data, sets, part, sample=sample, progress=bar))
            found += measure_answerability(asked, parts.settings_of("generic").grounding.answerable)
    if as_json:
        print_json(found)
        return
    for one in found:
        share = one.count / max(1, one.n)
        out.print(f"{one.name:60} refused {share:.3f} [{one.low:.3f}, {one.high:.3f}] n={one.n}")


@eval_app.command()
def citations(
    data: Annotated[
        list[Path], typer.Option("--data", help="Folder of tables of facts or of a set; may be repeated.")
    ],
    sample: Annotated[int, typer.Option(min=0, help="Questions of each set at most; 0: all.")] = 0,
    workspace: Kept = None,
    as_json: Json = False,
) -> None:
    """Every citation of every shown sentence opened: the words it quotes, at the right place."""
    shares = shown(measure_opened(data, sample=sample, kept=workspace), quiet=as_json)
    if as_json:
        print_json(shares)
