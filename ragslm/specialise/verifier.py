"""Trains the verifier's adapter: is the claim supported by the passage, and if not, which word is wrong?"""

from collections.abc import Mapping, Sequence
from itertools import takewhile
from pathlib import Path
from random import Random
from typing import Any

from ragslm._optional import require
from ragslm.grounding.entailment import claim_pairs, new_head, support_and_doubts, windows
from ragslm.models.pair_encoder import Pairs
from ragslm.specialise.claim_sources import Example
from ragslm.specialise.lora import Progress, Recipe, fit, steps_of

RECIPE = Recipe(epochs=2, step=24, rate=1e-3, warm_up=0.05, seconds=1290)
"""What made the adapter that is shipped: one mix, ended by the clock."""
WINDOW = 152
"""Word pieces of the window a claim is trained with; serving reads longer ones."""
_WORDS = 0.5
_RARE = 4.0
"""Weight of the loss over single words, and of a wrong word in it: one in a claim is wrong."""


def train(
    folder: Path,
    examples: Sequence[Example],
    recipe: Recipe,
    *,
    seed: int = 7,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """The adapter's tensors, bf16, by the names that `AdapterEntailment` reads.

    Args:
        folder: the encoder's folder.
        examples: those of the training part are trained on.
        recipe: see there.
        seed: of the order and the adapter's first values.
        progress: called with (step, steps, mean loss since the last call).
    """
    require("torch", extra="train").manual_seed(seed)
    pairs = claim_pairs(folder)
    learnt = [example for example in examples if example.part == "training"]
    steps = steps_of(learnt, recipe, Random(seed), _length)  # noqa: S311 - an order, not a secret

    def loss(model: Any, head: Mapping[str, Any], chosen: Sequence[Example]) -> Any:
        return _loss(model, head, pairs, chosen)

    return fit(folder, new_head(), steps, loss, recipe, progress)


def _length(example: Example) -> int:
    return len(example.claim) + min(len(example.passage), 4 * WINDOW)


def _loss(model: Any, head: Mapping[str, Any], pairs: Pairs, examples: Sequence[Example]) -> Any:
    """Binary cross-entropy of support, and of the words by which a changed claim differs."""
    torch = require("torch", extra="train")
    loss = torch.nn.functional.binary_cross_entropy_with_logits
    claims = pairs.pieces([example.claim for example in examples])
    passages = pairs.pieces([example.passage for example in examples])
    read = [
        (claim, windows(claim, passage, most=1, size=WINDOW)[0])
        for claim, passage in zip(claims, passages, strict=True)
    ]
    batch = pairs.batch(read)
    scores, doubts = support_and_doubts(model, head, batch)
    total = loss(scores, torch.tensor([float(example.supported) for example in examples]))
    wrong, known = _wrong_words(pairs, examples, batch)
    if known.any():
        rare = torch.tensor(_RARE)
        total = total + _WORDS * loss(doubts[known], wrong[known], pos_weight=rare)
    return total


def _wrong_words(pairs: Pairs, examples: Sequence[Example], batch: Mapping[str, Any]) -> tuple[Any, Any]:
    """Float (n, longest) 1 where a piece is wrong, and bool where that is known: claims of changed pairs."""
    torch = require("torch", extra="train")
    wrong, known = torch.zeros(batch["first"].shape), torch.zeros_like(batch["first"])
    places = pairs.places([example.claim for example in examples])
    for i, example in enumerate(examples):
        if not example.counterpart:
            continue
        known[i] = batch["first"][i]
        if not example.supported:
            start, end = _difference(example.claim, example.counterpart)
            for j, (first, last) in enumerate(places[i], start=1):
                if j < wrong.shape[1] and first < end and last > start:
                    wrong[i, j] = 1.0
    return wrong, known


def _difference(claim: str, counterpart: str) -> tuple[int, int]:
    """Where the claim differs; the place and its neighbours where something was left out."""
    start = _alike(claim, counterpart)
    end = len(claim) - _alike(claim[start:][::-1], counterpart[start:][::-1])
    return (start - 1, end + 1) if start >= end else (start, end)


def _alike(one: str, other: str) -> int:
    """How many characters both begin with."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
