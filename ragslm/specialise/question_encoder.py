"""Trains the adapter under which questions are embedded: passages keep their vectors, questions move.

A question is to lie nearer to a passage that answers it than to all that answer other questions. A passage
that answers none is not compared: questions would only learn to keep away from it. Questions of another kind
are to stay where they are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ragslm._optional import require
from ragslm.protocols import Embedder
from ragslm.retrieval.question_encoder import QuestionEncoder, batch, tokeniser, vectors
from ragslm.specialise.lora import Progress, Recipe, fit, steps_of
from ragslm.specialise.sources import Asked, Pool

RECIPE = Recipe(epochs=8, step=64, rate=7e-4)
STAYING = 300
"""Questions over annual reports that stay where they are."""
TEMPERATURE = 0.03
"""What differences of cosines are divided by."""
_PULL = 2.0
_HOLD = 10.0
"""What moving costs, in nats per cosine lost: for a question of the pool, and for one that is to stay."""
DEPTHS = (3, 10, 30)
"""Passages among which `found` looks for the right one."""


@dataclass(frozen=True, slots=True)
class _Example:
    """A question, the passages that answer it (none: it is to stay), and its vector without the adapter."""

    question: str = field(repr=False)
    right: frozenset[int]
    own: NDArray[np.float32] = field(repr=False)


def train(
    folder: Path,
    pool: Pool,
    staying: Sequence[str],
    embedder: Embedder,
    recipe: Recipe = RECIPE,
    *,
    seed: int = 7,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """The adapter's tensors, bf16, by the names that `QuestionEncoder` reads.

    Args:
        folder: the encoder's folder.
        pool: passages, and the questions that are learnt from.
        staying: questions of other kinds.
        embedder: the encoder without an adapter, which passages are embedded by.
        recipe: see there; the default made the adapter that is shipped.
        seed: of the order and the adapter's first values.
        progress: called with (step, steps, mean loss since the last call).
    """
    torch = require("torch", extra="train")
    torch.manual_seed(seed)
    cut = tokeniser(folder)
    answering = sorted(frozenset().union(*(one.right for one in pool.asked)))
    passages = torch.from_numpy(_embedded([pool.passages[i] for i in answering], embedder))
    place = {at: i for i, at in enumerate(answering)}
    asked = [(one.question, frozenset(place[at] for at in one.right)) for one in pool.asked]
    asked += [(question, frozenset()) for question in staying]
    own = embedder.embed([question for question, _ in asked])
    examples = [_Example(*one, vector) for one, vector in zip(asked, own, strict=True)]
    steps = steps_of(examples, recipe, Random(seed), _length)  # noqa: S311 - an order, not a secret

    def loss(model: Any, head: Mapping[str, Any], chosen: Sequence[_Example]) -> Any:
        found = vectors(model, batch(cut, [one.question for one in chosen]))
        return _loss(found, passages, chosen)

    return fit(folder, {}, steps, loss, recipe, progress, types=1)


def _embedded(passages: Sequence[str], embedder: Embedder) -> NDArray[np.float32]:
    return np.asarray(embedder.embed([text.lstrip("\n") for text in passages]))


def _length(example: _Example) -> int:
    return len(example.question)


def _loss(found: Any, passages: Any, chosen: Sequence[_Example]) -> Any:
    """Mean over the questions: cross-entropy of the right passages against all, and what moving costs."""
    torch = require("torch", extra="train")
    right = torch.zeros((len(chosen), len(passages)), dtype=torch.bool)
    for row, one in enumerate(chosen):
        right[row, sorted(one.right)] = True
    asked = right.any(1)
    moved = 1 - (found * torch.from_numpy(np.stack([one.own for one in chosen]))).sum(1)
    costs = moved * torch.where(asked, _PULL, _HOLD)
    scores = (found @ passages.T)[asked] / TEMPERATURE
    missed = scores.logsumexp(1) - scores.masked_fill(~right[asked], float("-inf")).logsumexp(1)
    return (costs.sum() + missed.sum()) / len(chosen)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Share of questions of which a right passage is among the first `depth` by meaning alone."""

    depth: int
    before: float
    after: float
    n: int


def found(folder: Path, adapter: Path, pool: Pool, embedder: Embedder) -> list[Found]:
    """What the adapter does for the questions of a pool, against the encoder alone."""
    texts, passages = [one.question for one in pool.asked], _embedded(pool.passages, embedder)
    before = _ranks(embedder.embed(texts), passages, pool.asked)
    after = _ranks(QuestionEncoder(folder, adapter).embed(texts), passages, pool.asked)
    return [
        Found(
            depth=depth,
            before=float((before < depth).mean()),
            after=float((after < depth).mean()),
            n=len(pool.asked),
        )
        for depth in DEPTHS
    ]


def _ranks(
    questions: NDArray[np.float32], passages: NDArray[np.float32], asked: Sequence[Asked]
) -> NDArray[np.int64]:
    """Passages nearer to each question than the nearest right one."""
    scores = questions @ passages.T
    best = np.array([row[sorted(one.right)].max() for row, one in zip(scores, asked, strict=True)])
    ranks: NDArray[np.int64] = (scores > best[:, None]).sum(1)
    return ranks
