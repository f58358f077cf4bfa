"""The trained finder of names and street addresses: the small encoder under an adapter labels every word.

Training (`ragslm.specialise.finder`) and serving share `new_head` and `labelled`. The adapter (LoRA, a kind
for every word, a head; 0.7 MB) is merged into a copy of the encoder's weights.

Source: E. Hu et al., LoRA (2021); L. Ramshaw, M. Marcus, Text Chunking (1995), for begin, inside and outside.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from ragslm._optional import require
from ragslm.models.pair_encoder import WIDTH, open_adapted
from ragslm.privacy.pieces import Cutter, Pieces, begins_line

ADAPTER = Path(__file__).with_name("adapters") / "all-minilm-l6-v2-finder.safetensors"
"""The adapter that is shipped."""
ENTITIES = ("PERSON", "STREET_ADDRESS")
"""Label 0 is outside, 1 and 2 begin and continue the first, 3 and 4 the second."""
LABELS = 1 + 2 * len(ENTITIES)
LAYERS = 3
"""Layers of the encoder that are read: what makes a name stands near it, and half the layers cost half."""
WINDOW = 126
"""Word pieces read at once; with the marks around them 128."""
_EDGE = 16
"""Pieces at the ends of a window whose labels the next window gives, for it sees more around them."""
_BATCH = 32
_STEP = 16
"""Batches are padded to a multiple of this: the processor's kernels are made and kept for each shape."""
_BELIEVED = 0.5
"""Probability from which a word belongs to a name or an address."""
_ANOTHER = 0.7
"""Probability from which a word begins another name. An address has one beginning: a gap would uncover it."""

Row = tuple[Sequence[int], Sequence[int]]
"""Ids and kinds of the pieces of one window."""


@dataclass(frozen=True, slots=True)
class Tagged:
    """A name or an address; `score` is the mean probability of its words."""

    entity: str
    start: int
    end: int
    score: float


class Tagger(Protocol):
    """Labels names and addresses."""

    @property
    def version(self) -> str:
        """Name and hash of the weights; part of the policy's version."""
        ...

    def tag(self, texts: Sequence[str]) -> list[list[Tagged]]:
        """What was found in each text, sorted and apart."""
        ...


class AdapterTagger:
    """Labels with encoder and adapter.

    Args:
        folder: the encoder's folder.
        adapter: safetensors file that `ragslm.specialise.finder` wrote.

    Raises:
        ModelError: the adapter does not fit the encoder.
    """

    def __init__(self, folder: Path, adapter: Path = ADAPTER) -> None:
        self._torch = require("torch", extra="rag")
        self._cutter = Cutter(folder)
        self._encoder, self._head = open_adapted(folder, adapter, layers=LAYERS)
        self._version = f"{adapter.stem} {hashlib.sha256(adapter.read_bytes()).hexdigest()}"

    @property
    def version(self) -> str:
        """Name and SHA-256 of the adapter."""
        return self._version

    def tag(self, texts: Sequence[str]) -> list[list[Tagged]]:
        """What was found in each text, sorted and apart; windows of like length share a batch."""
        cut = self._cutter.cut(texts)
        kinds = [pieces.kinds for pieces in cut]
        read = [(i, *window) for i, pieces in enumerate(cut) for window in windows(len(pieces.ids))]
        read.sort(key=lambda window: window[2] - window[1])
        rows: list[dict[int, Sequence[float]]] = [{} for _ in texts]
        with self._torch.inference_mode():
            for at in range(0, len(read), _BATCH):
                chosen = read[at : at + _BATCH]
                held = [(cut[i].ids[start:end], kinds[i][start:end]) for i, start, end, _, _ in chosen]
                for (i, start, _, first, last), odds in zip(chosen, self._odds(held), strict=True):
                    rows[i].update((place, odds[place - start]) for place in range(first, last))
        return [list(spans_of(pieces, row)) for pieces, row in zip(cut, rows, strict=True)]

    def _odds(self, held: Sequence[Row]) -> list[Any]:
        """Probabilities of the labels, by window and piece."""
        odds: list[Any] = labelled(self._encoder, self._head, batch(self._cutter, held)).softmax(-1).tolist()
        return odds


def windows(pieces: int) -> Iterator[tuple[int, int, int, int]]:
    """(start, end, first, last): pieces read, and those among them whose labels count."""
    start = 0
    while True:
        end = min(pieces, start + WINDOW)
        first = start + _EDGE if start else 0
        last = end if end == pieces else end - _EDGE
        if first < last:
            yield start, end, first, last
        if end == pieces:
            return
        start = last - _EDGE


def batch(cutter: Cutter, rows: Sequence[Row]) -> dict[str, Any]:
    """int64 tensors of shape (n, longest): `ids`, `types` and `real`, each row between its marks.

    Args:
        cutter: knows the marks.
        rows: one for each window.
    """
    torch = require("torch", extra="rag")
    longest = -(-max(len(ids) + 2 for ids, _ in rows) // _STEP) * _STEP
    ids = torch.zeros((len(rows), longest), dtype=torch.int64)
    types, real = torch.zeros_like(ids), torch.zeros_like(ids)
    for i, (row, kinds) in enumerate(rows):
        n = len(row)
        ids[i, : n + 2] = torch.tensor([cutter.start, *row, cutter.end])
        types[i, 1 : n + 1] = torch.tensor(kinds, dtype=torch.int64)
        real[i, : n + 2] = 1
    return {"ids": ids, "types": types, "real": real}


def labelled(encoder: Any, head: Mapping[str, Any], batch: Mapping[str, Any]) -> Any:
    """Log odds (n, longest - 1, `LABELS`), float32, of every piece behind the first mark."""
    torch = require("torch", extra="rag")
    states = encoder(
        input_ids=batch["ids"], token_type_ids=batch["types"], attention_mask=batch["real"]
    ).last_hidden_state.float()
    return torch.nn.functional.linear(states[:, 1:], head["weight"], head["bias"])


def new_head() -> dict[str, Any]:
    """A head before training: nothing is a name."""
    torch = require("torch", extra="rag")
    bias = torch.zeros(LABELS)
    bias[0] = 2.0
    values = {"weight": torch.randn(LABELS, WIDTH) * 0.02, "bias": bias}
    return {name: value.requires_grad_(True) for name, value in values.items()}


def spans_of(pieces: Pieces, odds: Mapping[int, Sequence[float]]) -> Iterator[Tagged]:
    """Runs of words of one entity; a name ends with its line, and where another surely begins."""
    entity, start, end, scores = -1, 0, 0, list[float]()
    for (left, right), kind, row in zip(pieces.spans, pieces.by_word, _by_word(pieces, odds), strict=True):
        inside = [row[1 + 2 * i] + row[2 + 2 * i] for i in range(len(ENTITIES))]
        best = max(range(len(ENTITIES)), key=inside.__getitem__)
        now = best if sum(inside) >= _BELIEVED else -1
        begins = now == 0 and (begins_line(kind) or row[1] > _ANOTHER)
        if scores and (now != entity or begins):
            yield Tagged(ENTITIES[entity], start, end, sum(scores) / len(scores))
            scores = []
        if now >= 0:
            start = start if scores else left
            end = right
            scores.append(sum(inside))
        entity = now
    if scores:
        yield Tagged(ENTITIES[entity], start, end, sum(scores) / len(scores))


def _by_word(pieces: Pieces, odds: Mapping[int, Sequence[float]]) -> Iterator[list[float]]:
    """Mean probabilities of each word's pieces."""
    held: list[Sequence[float]] = []
    for i, word in enumerate(pieces.words):
        held.append(odds[i])
        if i + 1 == len(pieces.words) or pieces.words[i + 1] != word:
            yield [sum(column) / len(held) for column in zip(*held, strict=True)]
            held = []
