"""Trains the reader that judges whether rules answer a customer's question: pair by pair, answered or not.

It goes on from the reranker, which was taught to order passages; an order says nothing about a question that
no passage answers. What is not answered: questions on rules by other paragraphs, questions that other rules
answer (`other_rules_questions.txt`, written for this project by language models, under its licence; one in
three is left for the curve, by hash), questions over annual reports by rules.

Source: TAT-QA (CC BY 4.0), Regulations B, E and DD (public domain), questions written for this project.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from ragslm._optional import require
from ragslm.models.pair_encoder import Pairs
from ragslm.protocols import Embedder
from ragslm.retrieval.cross_encoder import ADAPTER, question_pairs, relevance
from ragslm.retrieval.focus import focus
from ragslm.specialise.lora import Progress, Recipe, fit, steps_of
from ragslm.specialise.mining import Nearest, mine
from ragslm.specialise.regulations import REGULATIONS
from ragslm.specialise.sources import TATQA, held_out

RECIPE = Recipe(epochs=2, step=24, rate=5e-4)
OTHER_RULES = Path(__file__).with_name("other_rules_questions.txt")
_WRONG = 2
"""Wrong passages that each question on rules is paired with."""
_CLOSEST = 3
"""Passages that a question of other rules is paired with."""
_NEAR = 5
"""Of so many closest rules, one is paired with a question over annual reports."""
_RIGHT = 2.0
"""What a pair that answers weighs: there is one for two that do not."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A question and a passage, and whether it answers."""

    question: str = field(repr=False)
    passage: str = field(repr=False)
    answers: bool


def other_rules(*, taught: bool) -> list[str]:
    """Questions that other rules answer: those that are trained on, or those that are left."""
    lines = OTHER_RULES.read_text("utf-8").splitlines()
    asked = [line for line in lines if line and not line.startswith("#")]
    return [one for one in asked if held_out(one, parts=3) is not taught]


def drawn(data: Path, measured: frozenset[str], embedder: Embedder, random: Random) -> Iterator[Pair]:
    """Pairs to train on.

    Args:
        data: folder of `cfpb_regs_dev` and `tatqa_dev`.
        measured: questions that are left out.
        embedder: the encoder without an adapter.
        random: draws.
    """
    rules, reports = REGULATIONS.read(data), TATQA.read(data)
    for group in mine(REGULATIONS, rules, embedder, random):
        right, *wrong = group.passages
        yield Pair(group.question, right, answers=True)
        yield from (Pair(group.question, text, answers=False) for text in wrong[:_WRONG])
    nearest = Nearest(rules.passages, embedder)
    for question in other_rules(taught=True):
        for place in nearest(question)[:_CLOSEST]:
            yield Pair(question, rules.passages[place], answers=False)
    for asked in reports.asked:
        if asked.question not in measured and not held_out(asked.group):
            yield Pair(asked.question, reports.passages[min(asked.right)], answers=True)
            near = random.choice(nearest(asked.question)[:_NEAR])
            yield Pair(asked.question, rules.passages[near], answers=False)


def train(
    folder: Path,
    pairs: Sequence[Pair],
    recipe: Recipe = RECIPE,
    *,
    seed: int = 7,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """The adapter's tensors, bf16, by the names that `CrossEncoder` reads.

    Args:
        folder: the encoder's folder.
        pairs: from `drawn`.
        recipe: see there; the default made the adapter that is shipped.
        seed: of the order.
        progress: called with (step, steps, mean loss since the last call).
    """
    require("torch", extra="train").manual_seed(seed)
    start = require("safetensors.torch", extra="train").load_file(str(ADAPTER))
    head = {
        name.removeprefix("head."): value.float().requires_grad_(True)
        for name, value in start.items()
        if name.startswith("head.")
    }
    cut = question_pairs(folder)
    steps = steps_of(pairs, recipe, Random(seed), _length)  # noqa: S311 - an order, not a secret

    def loss(model: Any, head: Mapping[str, Any], chosen: Sequence[Pair]) -> Any:
        return _loss(model, head, cut, chosen)

    return fit(folder, head, steps, loss, recipe, progress, start=start)


def _length(pair: Pair) -> int:
    return min(len(pair.passage), 500)


def _loss(model: Any, head: Mapping[str, Any], cut: Pairs, chosen: Sequence[Pair]) -> Any:
    """Cross-entropy of each pair by itself."""
    torch = require("torch", extra="train")
    pieces = [cut.pieces([one.question, focus(one.question, one.passage)]) for one in chosen]
    scores = relevance(model, head, cut.batch([(question, passage) for question, passage in pieces]))
    return torch.nn.functional.binary_cross_entropy_with_logits(
        scores.float(),
        torch.tensor([float(one.answers) for one in chosen]),
        pos_weight=torch.tensor(_RIGHT),
    )
