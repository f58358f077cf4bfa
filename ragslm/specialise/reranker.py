"""Trains the reranker's adapter: listwise over mined groups."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from ragslm._optional import require
from ragslm.models.pair_encoder import Pairs
from ragslm.retrieval.cross_encoder import CrossEncoder, new_head, question_pairs, relevance
from ragslm.retrieval.focus import focus
from ragslm.specialise.lora import Progress, Recipe, fit, steps_of
from ragslm.specialise.mining import Group


def train(
    folder: Path, groups: Sequence[Group], recipe: Recipe, *, seed: int = 7, progress: Progress | None = None
) -> dict[str, Any]:
    """The adapter's tensors, bf16, by the names that `CrossEncoder` reads.

    Args:
        folder: the encoder's folder.
        groups: those that do not validate are trained on.
        recipe: see there; the defaults made the adapter that is shipped.
        seed: of the order and the adapter's first values.
        progress: called with (step, steps, mean loss since the last call).
    """
    require("torch", extra="train").manual_seed(seed)
    pairs = question_pairs(folder)
    learnt = [group for group in groups if not group.validates]
    steps = steps_of(learnt, recipe, Random(seed), _length)  # noqa: S311 - an order, not a secret

    def loss(model: Any, head: Mapping[str, Any], chosen: Sequence[Group]) -> Any:
        return _loss(model, head, pairs, chosen)

    return fit(folder, new_head(), steps, loss, recipe, progress)


def _length(group: Group) -> int:
    return sum(min(len(passage), 500) for passage in group.passages)


def _loss(model: Any, head: Mapping[str, Any], pairs: Pairs, groups: Sequence[Group]) -> Any:
    """Cross-entropy of the right passage, which comes first, against the others of its group."""
    torch = require("torch", extra="train")
    batch = pairs.batch([pair for group in groups for pair in _pieces(pairs, group)])
    scores = relevance(model, head, batch).view(len(groups), -1)
    return torch.nn.functional.cross_entropy(scores, torch.zeros(len(groups), dtype=torch.int64))


def _pieces(pairs: Pairs, group: Group) -> Iterator[tuple[list[int], list[int]]]:
    question, *passages = pairs.pieces(
        [group.question, *(focus(group.question, passage) for passage in group.passages)]
    )
    for passage in passages:
        yield question, passage


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Share of a source's held-out groups whose right passage scores highest, 0 to 1."""

    name: str
    value: float
    n: int


def agreement(folder: Path, adapter: Path, groups: Sequence[Group]) -> list[Agreement]:
    """How often the right passage of a group comes first, by source."""
    scorer = CrossEncoder(folder, adapter)
    right: dict[str, list[bool]] = {}
    for group in groups:
        first, *rest = scorer.scores(group.question, group.passages)
        right.setdefault(group.source, []).append(first > max(rest))
    return [Agreement(name=name, value=sum(won) / len(won), n=len(won)) for name, won in right.items()]
