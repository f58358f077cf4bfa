"""Two texts read together by the small encoder under a small adapter: what reranker and verifier share.

The adapter (LoRA, four token types, a head; 1.7 MB) is merged into a copy of the encoder's weights, so it
costs nothing while scoring. Every word piece is told whether the other side holds it too: exact matches of
numbers and names are what a 22-million-parameter encoder forgets first.

Training (`ragslm.specialise`) and serving use the same functions.

Source: E. Hu et al., LoRA (2021); R. Nogueira, K. Cho, Passage Re-ranking with BERT (2019).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Any

from ragslm._optional import require
from ragslm.errors import ModelError
from ragslm.models.batches import batched
from ragslm.models.fused_layers import quicken
from ragslm.models.word_table import share_words

ENCODER = "all-minilm-l6-v2"
"""The encoder of the model catalogue that the shipped adapters were trained for."""
WIDTH = 384
"""Numbers the encoder gives for a piece."""
TYPES = 4
"""Pieces of the first and of the second text, each with or without an equal one on the other side."""
RANK = 16
SCALE = 2.0
"""Rank of the adapter's matrices, and what their product is multiplied by."""
BATCH = 16
_HIDDEN = 128
_SAMPLE, _SAMPLE_PIECES = 8, 128
"""Pairs that the ranges of int8 are taken from, and word pieces of each; more brought nothing."""
_STEP = 16
"""Batches are padded to a multiple of this: the processor's kernels are made and kept for each shape."""

Pieces = Sequence[int]
Pair = tuple[Pieces, Pieces]


class Pairs:
    """Turns pairs of texts into one padded batch.

    Args:
        folder: the encoder's folder, for its tokeniser.
        first: word pieces read of the first text.
        both: word pieces read of both, with the marks between them.
    """

    def __init__(self, folder: Path, *, first: int, both: int) -> None:
        self._torch = require("torch", extra="rag")
        self._tokenizer = require("tokenizers", extra="rag").Tokenizer.from_file(
            str(folder / "tokenizer.json")
        )
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._start = self._tokenizer.token_to_id("[CLS]")
        self._end = self._tokenizer.token_to_id("[SEP]")
        self._first = first
        self._both = both

    def pieces(self, texts: Sequence[str]) -> list[list[int]]:
        """Word pieces of each text, without marks."""
        return [encoding.ids for encoding in self._encode(texts)]

    def places(self, texts: Sequence[str]) -> list[list[tuple[int, int]]]:
        """First character of each word piece and the one after its last, for each text."""
        return [encoding.offsets for encoding in self._encode(texts)]

    def batch(self, pairs: Sequence[Pair]) -> dict[str, Any]:
        """int64 tensors of shape (n, longest): `ids`, `types`, and bool `first`, `second`, `real`."""
        torch = self._torch
        rows = [self._row(list(one)[: self._first], list(other)) for one, other in pairs]
        longest = -(-max(len(ids) for ids, _, _ in rows) // _STEP) * _STEP
        ids = torch.zeros((len(rows), longest), dtype=torch.int64)
        types = torch.zeros_like(ids)
        side = torch.zeros_like(ids)  # 0 marks and padding, 1 first text, 2 second text
        real = torch.zeros((len(rows), longest), dtype=torch.bool)
        for i, (row, kinds, sides) in enumerate(rows):
            n = len(row)
            ids[i, :n] = torch.tensor(row)
            types[i, :n] = torch.tensor(kinds)
            side[i, :n] = torch.tensor(sides)
            real[i, :n] = True
        return {"ids": ids, "types": types, "first": side == 1, "second": side == 2, "real": real}

    def sample(self) -> dict[str, Any]:
        """A batch of pieces drawn at random, always the same, a few of each first text in the second too.

        A layer's largest inputs hang on the channel, hardly on what is read: scores with ranges from these
        are as near to the exact ones as with ranges from texts.
        """
        draw, known = Random(0), self._tokenizer.get_vocab_size()  # noqa: S311 (nothing secret)
        rows = [[draw.randrange(known) for _ in range(_SAMPLE_PIECES)] for _ in range(_SAMPLE)]
        return self.batch([(row[: self._first], row[self._first // 2 :]) for row in rows])

    def _row(self, one: list[int], other: list[int]) -> tuple[list[int], list[int], list[int]]:
        other = other[: self._both - len(one) - 3]
        in_one, in_other = set(one), set(other)
        ids = [self._start, *one, self._end, *other, self._end]
        types = [0, *(2 * (p in in_other) for p in one), 0, *(1 + 2 * (p in in_one) for p in other), 1]
        sides = [0, *(1 for _ in one), 0, *(2 for _ in other), 0]
        return ids, types, sides

    def _encode(self, texts: Sequence[str]) -> Any:
        return self._tokenizer.encode_batch(list(texts), add_special_tokens=False)


Head = Callable[[Any, Mapping[str, Any], Mapping[str, Any]], Any]
"""Scores (n,) of a batch: called with the encoder, the head's tensors and the batch."""


class AdaptedEncoder:
    """The encoder with an adapter merged in, ready to score pairs.

    Args:
        folder: the encoder's folder.
        adapter: safetensors file that a recipe of `ragslm.specialise` wrote.
        pairs: builds the batches.
        head: turns encoder and batch into scores.
        int8: compute in it where the processor does; faster, and scores are less exact.

    Raises:
        ModelError: the adapter does not fit the encoder.
    """

    def __init__(self, folder: Path, adapter: Path, *, pairs: Pairs, head: Head, int8: bool = False) -> None:
        self._torch = require("torch", extra="rag")
        self._pairs = pairs
        self._score = head
        self._encoder, self._head = open_adapted(folder, adapter, sample=pairs.sample() if int8 else None)

    def scores(self, pairs: Sequence[Pair]) -> list[float]:
        """One score for each pair of word pieces, unbounded; pairs of like length share a batch."""
        with self._torch.inference_mode():
            return batched(pairs, BATCH, lambda pair: len(pair[0]) + len(pair[1]), self._batch)

    def _batch(self, pairs: Sequence[Pair]) -> Iterable[float]:
        scores: list[float] = self._score(self._encoder, self._head, self._pairs.batch(pairs)).tolist()
        return scores


def read_pairs(encoder: Any, batch: Mapping[str, Any]) -> Any:
    """The encoder's states (n, longest, WIDTH), float32, of a batch of `Pairs`."""
    return encoder(
        input_ids=batch["ids"], token_type_ids=batch["types"], attention_mask=batch["real"].long()
    ).last_hidden_state.float()


def new_layers(width: int, *, spread: float = 0.0) -> dict[str, Any]:
    """Two layers over pooled states before training; `spread` of the last one's weights, 0 for none.

    Without a spread nothing is drawn for it: later draws are those a shipped adapter was made with.
    """
    torch = require("torch", extra="rag")
    return {
        "hidden.weight": torch.randn(_HIDDEN, width) * 0.02,
        "hidden.bias": torch.zeros(_HIDDEN),
        "out.weight": torch.randn(1, _HIDDEN) * spread if spread else torch.zeros(1, _HIDDEN),
        "out.bias": torch.zeros(1),
    }


def through(head: Mapping[str, Any], pooled: Any) -> Any:
    """A number (n,) for each row of pooled states (n, width)."""
    functional = require("torch", extra="rag").nn.functional
    hidden = functional.gelu(functional.linear(pooled, head["hidden.weight"], head["hidden.bias"]))
    return functional.linear(hidden, head["out.weight"], head["out.bias"]).squeeze(1)


def mean_state(states: Any, mask: Any) -> Any:
    """Mean of the states (n, longest, width) where `mask` (n, longest) is true; zeros where it never is."""
    weights = mask.unsqueeze(-1).to(states.dtype)
    return (states * weights).sum(1) / weights.sum(1).clamp(min=1)


def open_adapted(
    folder: Path, adapter: Path, *, layers: int | None = None, sample: Mapping[str, Any] | None = None
) -> tuple[Any, dict[str, Any]]:
    """The encoder with the adapter merged in, in the fastest type of this processor, and the head's tensors.

    Args:
        folder: the encoder's folder.
        adapter: safetensors file.
        layers: how many of the encoder's layers the adapter was trained for; None: all.
        sample: a batch of `Pairs` to take the ranges of int8 from; None: int8 is not wanted.

    Raises:
        ModelError: the adapter does not fit the encoder.
    """
    torch = require("torch", extra="rag")
    tensors = require("safetensors.torch", extra="rag").load_file(str(adapter))
    encoder = open_encoder(folder, torch.float32, layers=layers)
    _merge(encoder, tensors, adapter.name)
    head = {
        name.removeprefix("head."): value.float()
        for name, value in tensors.items()
        if name.startswith("head.")
    }
    quicken(encoder, None if sample is None else lambda: read_pairs(encoder, sample))
    share_words(encoder)
    return encoder, head


def open_encoder(folder: Path, dtype: Any, *, types: int = TYPES, layers: int | None = None) -> Any:
    """The encoder's weights with so many token types, each as the first was; local files, no foreign code.

    Args:
        folder: the encoder's folder.
        dtype: of the weights.
        types: token types.
        layers: how many layers are kept, from the first on; None: all.
    """
    torch = require("torch", extra="rag")
    transformers = require("transformers", extra="rag")
    weights = require("safetensors.torch", extra="rag").load_file(str(folder / "model.safetensors"))
    encoder = transformers.BertModel(
        transformers.BertConfig.from_json_file(str(folder / "config.json")), add_pooling_layer=False
    )
    encoder.load_state_dict({name: weights[name] for name in encoder.state_dict()})
    encoder.encoder.layer = encoder.encoder.layer[:layers]
    encoder.to(dtype)
    first = encoder.embeddings.token_type_embeddings.weight.data[:1]
    encoder.embeddings.token_type_embeddings = torch.nn.Embedding.from_pretrained(first.repeat(types, 1))
    return encoder.eval()


def _merge(encoder: Any, tensors: Mapping[str, Any], name: str) -> None:
    """Add the adapter to the weights it was trained for."""
    modules = dict(encoder.named_modules())
    try:
        for key, left in tensors.items():
            if key.startswith("lora.") and key.endswith(".B"):
                path = key.removeprefix("lora.").removesuffix(".B")
                product = left.float() @ tensors[f"lora.{path}.A"].float()
                modules[path].weight.data += SCALE * product
        encoder.embeddings.token_type_embeddings.weight.data = tensors["types"].float()
    except (KeyError, RuntimeError) as error:
        raise ModelError(f"Adapter {name!r} does not fit the encoder: {type(error).__name__}.") from None
