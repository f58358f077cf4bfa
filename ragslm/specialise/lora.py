"""The training loop of every small adapter: LoRA on the encoder, token types and a head, on a processor."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, TypeVar

from ragslm._optional import require
from ragslm.models.pair_encoder import RANK, SCALE, TYPES, open_encoder

T = TypeVar("T")
Progress = Callable[[int, int, float], None]
Loss = Callable[[Any, Mapping[str, Any], Sequence[T]], Any]
"""Mean loss of one step: called with the encoder, the head's tensors and the step's examples."""
_REPORT = 25
_SPAN = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How long and how fast.

    Attributes:
        epochs: times each example is seen.
        step: examples of one step.
        rate: learning rate of adapter, token types and head.
        warm_up: share of the steps over which the rate grows.
        seconds: wall-clock limit; the rate has come down to zero by then.
    """

    epochs: int = 1
    step: int = 6
    rate: float = 1e-3
    warm_up: float = 0.05
    seconds: float = 3600.0


def fit(
    folder: Path,
    head: Mapping[str, Any],
    steps: Sequence[Sequence[T]],
    loss: "Loss[T]",
    recipe: Recipe,
    progress: Progress | None = None,
    *,
    types: int = TYPES,
    layers: int | None = None,
    start: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The adapter's tensors, bf16, by the names that `AdaptedEncoder` reads.

    Args:
        folder: the encoder's folder.
        head: new tensors, trained with the adapter.
        steps: examples by step, in their order.
        loss: see there.
        recipe: rate and limits.
        progress: called with (step, steps, mean loss since the last call).
        types: token types of the adapter.
        layers: how many of the encoder's layers are kept; None: all.
        start: tensors of an adapter to go on from; its head is to be given as `head`. None: a new one.
    """
    torch = require("torch", extra="train")
    model, kinds = _adapted(folder, types, layers)
    if start is not None:
        _take_over(model, kinds, start)
    trained = [p for p in model.parameters() if p.requires_grad] + [kinds, *head.values()]
    for parameter in trained:
        parameter.requires_grad_(True)
    optimizer = torch.optim.AdamW(trained, lr=recipe.rate, weight_decay=0.01, fused=True)
    began, losses = time.monotonic(), []
    for step, chosen in enumerate(steps):
        done = max(step / len(steps), (time.monotonic() - began) / recipe.seconds)
        if done >= 1:
            break
        for group in optimizer.param_groups:
            group["lr"] = recipe.rate * min(1.0, done / recipe.warm_up + 0.01) * (1 - done)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            value = loss(model, head, chosen)
        optimizer.zero_grad()
        value.backward()
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
        losses.append(value.item())
        if progress and step % _REPORT == _REPORT - 1:
            progress(step + 1, len(steps), sum(losses[-_REPORT:]) / _REPORT)
    return _tensors(model, kinds, head)


def steps_of(
    examples: Sequence[T], recipe: Recipe, random: Random, length: Callable[[T], float]
) -> list[Sequence[T]]:
    """Steps of examples of like length, in a shuffled order: padding is paid for."""
    steps: list[Sequence[T]] = []
    for _ in range(recipe.epochs):
        shuffled = random.sample(list(examples), len(examples))
        span = _SPAN * recipe.step
        for i in range(0, len(shuffled), span):
            alike = sorted(shuffled[i : i + span], key=length)
            batches = [alike[j : j + recipe.step] for j in range(0, len(alike), recipe.step)]
            steps += random.sample(batches, len(batches))
    return steps


def _adapted(folder: Path, types: int, layers: int | None) -> tuple[Any, Any]:
    """The encoder under a new adapter, and its token types."""
    torch = require("torch", extra="train")
    peft = require("peft", extra="train")
    encoder = open_encoder(folder, torch.float32, types=types, layers=layers)
    config = peft.LoraConfig(
        r=RANK, lora_alpha=round(SCALE * RANK), lora_dropout=0.0, target_modules="all-linear"
    )
    return peft.get_peft_model(encoder, config), encoder.embeddings.token_type_embeddings.weight


def _take_over(model: Any, types: Any, start: Mapping[str, Any]) -> None:
    """Give a new adapter the values of another."""
    types.data = start["types"].float()
    for name, value in _lora(model):
        value.data = start[name].float()


def _tensors(model: Any, types: Any, head: Mapping[str, Any]) -> dict[str, Any]:
    torch = require("torch", extra="train")
    found = {"types": types, **{f"head.{name}": value for name, value in head.items()}, **dict(_lora(model))}
    return {name: value.detach().to(torch.bfloat16).contiguous() for name, value in found.items()}


def _lora(model: Any) -> Iterator[tuple[str, Any]]:
    """Parameters of the adapter, by the names that `AdaptedEncoder` reads."""
    for name, value in model.named_parameters():
        if ".lora_A." in name or ".lora_B." in name:
            module, _, side = name.removeprefix("base_model.model.").partition(".lora_")
            yield f"lora.{module}.{side[0]}", value
