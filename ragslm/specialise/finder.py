"""Trains the adapter of the finder: which words belong to a name, which to an address?"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

from ragslm._optional import require
from ragslm.privacy.pieces import KINDS, Cutter, Pieces
from ragslm.privacy.tagger import ENTITIES, LABELS, LAYERS, WINDOW, batch, labelled, new_head
from ragslm.specialise.lora import Progress, Recipe, fit, steps_of
from ragslm.specialise.notes.marked import Marked
from ragslm.specialise.notes.sources import SOURCES

RECIPE = Recipe(epochs=1, step=32, rate=1e-3, warm_up=0.05, seconds=1e9)
"""Ended by its steps and not by the clock, so that a second run sees the same."""
_IGNORED = -100

Labelled = tuple[Sequence[int], Sequence[int], Sequence[int]]
"""Ids, kinds and labels of the pieces of one window."""


def drawn(data: Path, seed: int, *, share: float = 1.0) -> list[Marked]:
    """Texts of every source, as many as its share says.

    Args:
        data: folder with the sources' folders.
        seed: of the draw.
        share: part of each source's share that is drawn.
    """
    found: list[Marked] = []
    for source in SOURCES:
        random = Random(f"{seed} {source.name}")  # noqa: S311 - a draw, not a secret
        found += islice(source.read(data, random), round(share * source.share))
    return found


def train(
    folder: Path,
    notes: Sequence[Marked],
    recipe: Recipe = RECIPE,
    *,
    seed: int = 7,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """The adapter's tensors, bf16, by the names that `AdapterTagger` reads.

    Args:
        folder: the encoder's folder.
        notes: marked texts, each seen `recipe.epochs` times.
        recipe: see there.
        seed: of the order, the windows and the adapter's first values.
        progress: called with (step, steps, mean loss since the last call).
    """
    require("torch", extra="train").manual_seed(seed)
    random = Random(seed)  # noqa: S311 - an order, not a secret
    cutter = Cutter(folder)
    steps = steps_of(list(rows(cutter, notes, random)), recipe, random, lambda row: len(row[0]))

    def loss(model: Any, head: Mapping[str, Any], chosen: Sequence[Labelled]) -> Any:
        return _loss(model, head, cutter, chosen)

    return fit(folder, new_head(), steps, loss, recipe, progress, types=KINDS, layers=LAYERS)


def rows(cutter: Cutter, notes: Sequence[Marked], random: Random) -> Iterator[Labelled]:
    """One window of each text, from anywhere in it."""
    for note, pieces in zip(notes, cutter.cut([note.text for note in notes]), strict=True):
        labels = labels_of(pieces, note)
        start = random.randint(0, max(0, len(labels) - WINDOW))
        end = start + WINDOW
        if pieces.ids:
            yield pieces.ids[start:end], pieces.kinds[start:end], labels[start:end]


def labels_of(pieces: Pieces, note: Marked) -> list[int]:
    """The label of each piece is its word's: outside, begin or inside; what is unsure teaches nothing."""
    words = [0] * len(pieces.spans)
    for label, start, end in note.spans:
        inside = [i for i, (left, right) in enumerate(pieces.spans) if left < end and start < right]
        for place, i in enumerate(inside):
            known = label in ENTITIES
            words[i] = 1 + 2 * ENTITIES.index(label) + (place > 0) if known else _IGNORED
    return [words[word] for word in pieces.words]


def _loss(model: Any, head: Mapping[str, Any], cutter: Cutter, chosen: Sequence[Labelled]) -> Any:
    """Mean cross-entropy over the pieces that teach."""
    torch = require("torch", extra="train")
    odds = labelled(model, head, batch(cutter, [(ids, kinds) for ids, kinds, _ in chosen]))
    wanted = torch.full(odds.shape[:2], _IGNORED)
    for i, (_, _, labels) in enumerate(chosen):
        wanted[i, : len(labels)] = torch.tensor(labels)
    return torch.nn.functional.cross_entropy(
        odds.reshape(-1, LABELS), wanted.reshape(-1), ignore_index=_IGNORED
    )
