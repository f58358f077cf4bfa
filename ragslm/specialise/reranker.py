"""Trains the reranker's adapter: LoRA on the encoder, listwise over mined groups."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from ragslm._optional import require
from ragslm.retrieval.cross_encoder import RANK, SCALE, CrossEncoder, Pairs, new_head, open_encoder, relevance
from ragslm.retrieval.focus import focus
from ragslm.specialise.mining import Group

Progress = Callable[[int, int, float], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How long and how fast. The defaults made the adapter that is shipped.

    Attributes:
        epochs: times each group is seen.
        groups: groups of one step.
        rate: learning rate of adapter, token types and head.
        warm_up: share of the steps over which the rate grows.
        seconds: wall-clock limit; the rate has come down to zero by then.
    """

    epochs: int = 1
    groups: int = 6
    rate: float = 1e-3
    warm_up: float = 0.05
    seconds: float = 3600.0


def train(
    folder: Path, groups: Sequence[Group], recipe: Recipe, *, seed: int = 7, progress: Progress | None = None
) -> dict[str, Any]:
    """The adapter's tensors, bf16, by the names that `CrossEncoder` reads.

    Args:
        folder: the encoder's folder.
        groups: those that do not validate are trained on.
        recipe: see there.
        seed: of the order and the adapter's first values.
        progress: called with (step, steps, mean loss since the last call).
    """
    torch = require("torch", extra="train")
    peft = require("peft", extra="train")
    torch.manual_seed(seed)
    pairs = Pairs(folder)
    encoder, head = open_encoder(folder, torch.float32), new_head()
    config = peft.LoraConfig(
        r=RANK, lora_alpha=round(SCALE * RANK), lora_dropout=0.0, target_modules="all-linear"
    )
    model = peft.get_peft_model(encoder, config)
    types = encoder.embeddings.token_type_embeddings.weight
    trained = [p for p in model.parameters() if p.requires_grad] + [types, *head.values()]
    for parameter in trained:
        parameter.requires_grad_(True)
    optimizer = torch.optim.AdamW(trained, lr=recipe.rate, weight_decay=0.01, fused=True)
    order = _order([g for g in groups if not g.validates], recipe, Random(seed))  # noqa: S311
    start, losses = time.monotonic(), []
    for step, chosen in enumerate(order):
        done = max(step / len(order), (time.monotonic() - start) / recipe.seconds)
        if done >= 1:
            break
        for group in optimizer.param_groups:
            group["lr"] = recipe.rate * min(1.0, done / recipe.warm_up + 0.01) * (1 - done)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            loss = _loss(model, head, pairs, chosen)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
        losses.append(loss.item())
        if progress and step % 25 == 24:
            progress(step + 1, len(order), sum(losses[-25:]) / 25)
    return _tensors(model, types, head)


def _order(groups: Sequence[Group], recipe: Recipe, random: Random) -> list[list[Group]]:
    """Steps of groups of like length, in a shuffled order: padding is paid for."""
    steps: list[list[Group]] = []
    for _ in range(recipe.epochs):
        shuffled = random.sample(list(groups), len(groups))
        span = 50 * recipe.groups
        for i in range(0, len(shuffled), span):
            alike = sorted(shuffled[i : i + span], key=lambda g: sum(min(len(p), 500) for p in g.passages))
            batches = [alike[j : j + recipe.groups] for j in range(0, len(alike), recipe.groups)]
            steps += random.sample(batches, len(batches))
    return steps


def _loss(model: Any, head: dict[str, Any], pairs: Pairs, groups: Sequence[Group]) -> Any:
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


def _tensors(model: Any, types: Any, head: dict[str, Any]) -> dict[str, Any]:
    torch = require("torch", extra="train")
    found = {"types": types, **{f"head.{name}": value for name, value in head.items()}}
    for name, value in model.named_parameters():
        if ".lora_A." in name or ".lora_B." in name:
            module, _, side = name.removeprefix("base_model.model.").partition(".lora_")
            found[f"lora.{module}.{side[0]}"] = value
    return {name: value.detach().to(torch.bfloat16).contiguous() for name, value in found.items()}


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
