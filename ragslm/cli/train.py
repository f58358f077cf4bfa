"""Commands that train the adapters shipped with the package (extra `train`)."""

import json
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Annotated

import typer

from ragslm._optional import require
from ragslm.cli.common import Bar, app, out, print_json
from ragslm.models.catalogue import entry
from ragslm.models.pull import locate
from ragslm.settings import Settings

if TYPE_CHECKING:
    from ragslm.grounding.answerability import Closest
    from ragslm.specialise.answerability_cases import Case

train_app = typer.Typer(no_args_is_help=True, help="Train the small adapters (extra `train`).")
app.add_typer(train_app, name="train")

Data = Annotated[Path, typer.Option("--data", help="Folder with the sources' folders.")]
Sets = Annotated[Path, typer.Option(help="Folder of `answerable`, `facts` and `unanswerable`: tests/data.")]
Seed = Annotated[int, typer.Option(help="Of the draw, the order and the first values.")]


@train_app.command()
def reranker(
    data: Data,
    to: Annotated[Path, typer.Option("--to", help="Safetensors file to write.")],
    minutes: Annotated[float, typer.Option(help="Time for training, after mining.")] = 25.0,
    seed: Seed = 7,
) -> None:
    """The cross-encoder's adapter: mine groups, train, validate on the subjects held out."""
    from ragslm.models.pair_encoder import ENCODER
    from ragslm.retrieval.embedder import MiniLmEmbedder
    from ragslm.specialise.lora import Recipe
    from ragslm.specialise.mining import Group, mine
    from ragslm.specialise.regulations import REGULATIONS
    from ragslm.specialise.reranker import agreement, train
    from ragslm.specialise.sources import SOURCES

    folder = locate(ENCODER, Settings.load().models.folder)
    embedder = MiniLmEmbedder(folder, entry(ENCODER).sha256)
    random = Random(seed)  # noqa: S311 - a draw, not a secret
    groups: list[Group] = []
    for source in (*SOURCES, REGULATIONS):
        out.print(f"mining {source.name} ({source.licence})")
        groups += mine(source, source.read(data), embedder, random)
    with Bar("Train") as bar:
        tensors = train(
            folder,
            groups,
            Recipe(seconds=60 * minutes),
            seed=seed,
            progress=_with_loss(bar),
        )
    require("safetensors.torch", extra="train").save_file(tensors, str(to))
    for share in agreement(folder, to, [group for group in groups if group.validates]):
        out.print(f"{share.name:50} right passage first {share.value:.3f} n={share.n}")


@train_app.command()
def questions(
    data: Data,
    to: Annotated[Path, typer.Option("--to", help="Safetensors file to write.")],
    validate: Annotated[
        bool, typer.Option("--validate", help="Hold one section in five back and measure by it.")
    ] = False,
    seed: Seed = 7,
) -> None:
    """The adapter that questions on rules are embedded under."""
    from ragslm.models.pair_encoder import ENCODER
    from ragslm.retrieval.embedder import MiniLmEmbedder
    from ragslm.specialise.question_encoder import STAYING, found, train
    from ragslm.specialise.regulations import REGULATIONS
    from ragslm.specialise.sources import TATQA

    folder = locate(ENCODER, Settings.load().models.folder)
    embedder = MiniLmEmbedder(folder, entry(ENCODER).sha256)
    pool, others = REGULATIONS.read(data), TATQA.read(data).asked
    drawn = Random(seed).sample(others, STAYING)  # noqa: S311 - a draw, not a secret
    staying = [one.question for one in drawn]
    learnt, validating = pool.split()
    with Bar("Train") as bar:
        taught = learnt if validate else pool
        tensors = train(folder, taught, staying, embedder, seed=seed, progress=_with_loss(bar))
    require("safetensors.torch", extra="train").save_file(tensors, str(to))
    for one in found(folder, to, validating, embedder) if validate else ():
        line = f"in the first {one.depth}: {one.after:.3f}, by the encoder alone {one.before:.3f} n={one.n}"
        out.print(line)


@train_app.command()
def verifier(
    data: Data,
    to: Annotated[Path, typer.Option("--to", help="Safetensors file to write; its calibration beside it.")],
    minutes: Annotated[float, typer.Option(help="Time for training, after drawing.")] = 21.5,
    seed: Seed = 7,
) -> None:
    """The verifier's adapter: draw claims, train, then fit curve and thresholds on other claims."""
    from dataclasses import replace

    from ragslm.models.pair_encoder import ENCODER
    from ragslm.specialise.balance import claim_only_auc, drawn
    from ragslm.specialise.claim_sources import SOURCES, Example
    from ragslm.specialise.verifier import RECIPE, train

    random = Random(seed)  # noqa: S311 - a draw, not a secret
    learnt: list[Example] = []
    held: list[Example] = []
    for source in SOURCES:
        found = list(source.read(data, random))
        learnt += (own := drawn(source, found, "training", source.share, random))
        held += drawn(source, found, "validation", source.share, random)
        out.print(f"{source.name}: {len(own)} ({source.licence})")
    out.print(f"claims alone tell supported from not: AUC {claim_only_auc(learnt, held):.3f}")
    with Bar("Train") as bar:
        tensors = train(
            locate(ENCODER, Settings.load().models.folder),
            learnt,
            replace(RECIPE, seconds=60 * minutes),
            seed=seed,
            progress=_with_loss(bar),
        )
    require("safetensors.torch", extra="train").save_file(tensors, str(to))
    calibration(data, to, to.with_suffix(".json"), seed)


@train_app.command()
def finder(
    data: Data,
    to: Annotated[Path, typer.Option("--to", help="Safetensors file to write.")],
    share: Annotated[float, typer.Option(min=0.01, help="Part of each source's texts that is drawn.")] = 1.0,
    seed: Seed = 7,
) -> None:
    """The finder's adapter: draw marked texts, generate notes, train; a second run gives the same."""
    from ragslm.models.pair_encoder import ENCODER
    from ragslm.specialise.finder import drawn, train
    from ragslm.specialise.notes.sources import SOURCES

    for source in SOURCES:
        out.print(f"{source.name}: {round(share * source.share)} ({source.licence})")
    with Bar("Train") as bar:
        tensors = train(
            locate(ENCODER, Settings.load().models.folder),
            drawn(data, seed, share=share),
            seed=seed,
            progress=_with_loss(bar),
        )
    require("safetensors.torch", extra="train").save_file(tensors, str(to))


@train_app.command()
def calibration(
    data: Data,
    adapter: Annotated[Path, typer.Option("--adapter", help="Safetensors file of `train verifier`.")],
    to: Annotated[Path, typer.Option("--to", help="JSON file to write.")],
    seed: Annotated[int, typer.Option(help="Of the changed sentences.")] = 7,
) -> None:
    """Curve and thresholds of an adapter; to be run again when a literal check has changed."""
    from ragslm.grounding.entailment import AdapterEntailment
    from ragslm.grounding.trained import write_calibration
    from ragslm.models.pair_encoder import ENCODER
    from ragslm.specialise.calibration import calibration_claims, examine, fit, scored_by

    scorer = AdapterEntailment(locate(ENCODER, Settings.load().models.folder), adapter)
    claims = list(calibration_claims(data, Random(seed)))  # noqa: S311 - a draw, not a secret
    fitted = fit(examine(claims, scored_by(scorer)), adapter)
    write_calibration(fitted, to)
    for one in fitted.thresholds:
        line = f"{one.domain} promises {one.promised}: from {one.score}, against a doubt {one.achieved}"
        out.print(f"{line} of {one.n} unsupported, {one.shown} of {one.supported} supported")


@train_app.command()
def answerability(
    data: Data,
    sets: Sets,
    to: Annotated[Path, typer.Option("--to", help="JSON file to write.")],
) -> None:
    """The curve that says whether evidence answers, for the shipped reranker; a second run gives the same."""
    from ragslm.grounding.answerability import READ, nothing_known
    from ragslm.models.pair_encoder import ENCODER
    from ragslm.retrieval.cross_encoder import ADAPTER
    from ragslm.specialise.answerability_cases import cases

    folder = locate(ENCODER, Settings.load().models.folder)
    found, made = list(cases(data, sets)), "ragslm train answerability"
    _fit_answerability(found, folder, ADAPTER, READ, made, to, nothing_known)


@train_app.command()
def rules(
    data: Data,
    sets: Sets,
    to: Annotated[Path, typer.Option("--to", help="Safetensors file to write; its curve beside it.")],
    seed: Seed = 7,
) -> None:
    """The reader that judges whether banking rules answer: draw pairs, train, then fit its curve."""
    from ragslm.models.pair_encoder import ENCODER
    from ragslm.retrieval.embedder import MiniLmEmbedder
    from ragslm.specialise.answerability_cases import measured
    from ragslm.specialise.rule_reader import drawn, train

    folder = locate(ENCODER, Settings.load().models.folder)
    embedder = MiniLmEmbedder(folder, entry(ENCODER).sha256)
    pairs = list(drawn(data, measured(sets), embedder, Random(seed)))  # noqa: S311 - a draw, not a secret
    with Bar("Train") as bar:
        tensors = train(folder, pairs, seed=seed, progress=_with_loss(bar))
    require("safetensors.torch", extra="train").save_file(tensors, str(to))
    rule_curve(data, sets, to, to.with_suffix(".json"))


@train_app.command()
def rule_curve(
    data: Data,
    sets: Sets,
    adapter: Annotated[Path, typer.Option("--adapter", help="Safetensors file of `train rules`.")],
    to: Annotated[Path, typer.Option("--to", help="JSON file to write.")],
) -> None:
    """The curve of the reader of rules; to be fitted again when how rules are found has changed."""
    from ragslm.grounding.answerability import READ_RULES
    from ragslm.models.pair_encoder import ENCODER
    from ragslm.registry import load_profile
    from ragslm.retrieval.cross_encoder import BriefReader, CrossEncoder
    from ragslm.retrieval.embedder import MiniLmEmbedder
    from ragslm.retrieval.known_questions import KnownQuestions
    from ragslm.retrieval.question_encoder import QuestionEncoder
    from ragslm.retrieval.reranker import Reranker
    from ragslm.specialise.answerability_cases import RuleStore, rule_cases

    folder = locate(ENCODER, Settings.load().models.folder)
    search = Settings.load(profile=load_profile("banking")).retrieval
    reader = BriefReader(CrossEncoder(folder, adapter, int8=True))
    reranker = Reranker(reader, most=search.rerank, seconds=60.0, weight=search.rerank_weight)
    embedder, questions = MiniLmEmbedder(folder, entry(ENCODER).sha256), QuestionEncoder(folder)
    known = KnownQuestions.read(search.known_questions, questions)
    found = list(rule_cases(data, sets, RuleStore(data, embedder, questions, known, reranker)))
    made = "ragslm train rule-curve"
    _fit_answerability(found, folder, adapter, READ_RULES, made, to, known.closest)


@train_app.command()
def known_questions(
    to: Annotated[Path, typer.Option("--to", help="Safetensors file to write.")],
) -> None:
    """Vectors of the shipped questions on regulations; to be made again when they or their adapter change."""
    from ragslm.models.pair_encoder import ENCODER
    from ragslm.retrieval.known_questions import write_vectors
    from ragslm.retrieval.question_encoder import QuestionEncoder

    write_vectors(to, QuestionEncoder(locate(ENCODER, Settings.load().models.folder)))


def _fit_answerability(
    found: "list[Case]",
    folder: Path,
    adapter: Path,
    most: int,
    made: str,
    to: Path,
    closest: "Closest",
) -> None:
    """Write the curve of a reader, and print what it does with questions held out."""
    from ragslm.models.pair_encoder import ENCODER
    from ragslm.retrieval.cross_encoder import CrossEncoder
    from ragslm.retrieval.embedder import MiniLmEmbedder
    from ragslm.specialise.answerability import described, fit, meet_all

    with Bar("Read") as bar:
        met = meet_all(
            found,
            MiniLmEmbedder(folder, entry(ENCODER).sha256),
            CrossEncoder(folder, adapter),
            lambda done, total: bar(done, total, "questions"),
            most=most,
            closest=closest,
        )
    written = described(met, fit(met), made)
    to.write_text(json.dumps(written, indent=1) + "\n", encoding="utf-8")
    print_json(written)


def _with_loss(bar: Bar) -> Callable[[int, int, float], None]:
    """Shows steps done of all, and the loss."""
    return lambda step, steps, loss: bar(step, steps, f"steps, loss {loss:.2f}")
