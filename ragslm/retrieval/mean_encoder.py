"""Sentence encoders of the commonest kind: a BERT, the mean of its states, unit length.

all-MiniLM-L6-v2 is one. They are read with what adapters and late interaction need anyway, because
sentence-transformers takes 1.6 s and 116 MB to load, and batches are made of texts with as many word pieces
instead of characters.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ragslm._optional import require
from ragslm.models.batches import batched
from ragslm.models.fused_layers import fuse, native_type
from ragslm.models.pair_encoder import open_encoder
from ragslm.models.word_table import share_words
from ragslm.retrieval.question_encoder import tokeniser, vectors

_MODULES = ["Transformer", "Pooling", "Normalize"]
_LIMIT = "sentence_bert_config.json"
_FIRST = "embeddings.word_embeddings.weight"
BATCH = 16
"""Texts at once: what 16 of them fill stays in the processor's cache; 32 and more take a tenth longer."""
_CUT = 256
"""Texts cut into pieces at once: what the tokeniser tells of each takes 20 KB."""


def is_mean_encoder(folder: Path) -> bool:
    """Whether the sentence-transformers folder holds one, and says all that must be known of it."""
    try:
        modules = [one["type"].rpartition(".")[2] for one in _told(folder, "modules.json")]
        pooling = _told(folder, "1_Pooling/config.json").items()
        kind = _told(folder, "config.json")["model_type"]
        limited = "max_seq_length" in _told(folder, _LIMIT)
    except (OSError, ValueError, KeyError):
        return False
    pooled = [name for name, value in pooling if name.startswith("pooling_mode_") and value]
    if (modules, pooled, kind) != (_MODULES, ["pooling_mode_mean_tokens"], "bert") or not limited:
        return False
    with require("safetensors", extra="rag").safe_open(folder / "model.safetensors", "pt") as weights:
        return _FIRST in weights.keys() and (folder / "tokenizer.json").is_file()  # noqa: SIM118 (no mapping)


def _told(folder: Path, file: str) -> Any:
    return json.loads((folder / file).read_text("utf-8"))


class MeanEncoder:
    """One of them, on the GPU where there is one; bf16 where the processor computes in it, else float32.

    Args:
        folder: for which `is_mean_encoder` holds.

    Attributes:
        dim: numbers of a vector.
    """

    def __init__(self, folder: Path) -> None:
        self._torch = require("torch", extra="rag")
        self._device = "cuda" if self._torch.cuda.is_available() else "cpu"
        dtype = self._torch.bfloat16 if self._device == "cuda" else native_type()
        self._tokeniser = tokeniser(folder, _told(folder, _LIMIT)["max_seq_length"])
        self._tokeniser.no_padding()
        self._encoder = open_encoder(folder, dtype, types=2).to(self._device)
        fuse(self._encoder)
        share_words(self._encoder)
        self.dim = int(self._encoder.config.hidden_size)

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """float32, shape (len(texts), dim), unit length; at least one text."""
        cut = (texts[start : start + _CUT] for start in range(0, len(texts), _CUT))
        pieces = [one.ids for some in cut for one in self._tokeniser.encode_batch(some)]
        with self._torch.inference_mode():
            return np.stack(batched(pieces, BATCH, len, self._read))

    def _read(self, rows: Sequence[Sequence[int]]) -> NDArray[np.float32]:
        ids = [self._torch.tensor(row) for row in rows]
        lengths = self._torch.tensor([len(row) for row in rows])
        padded = self._torch.nn.utils.rnn.pad_sequence(ids, batch_first=True)
        given: dict[str, Any] = {
            "input_ids": padded,
            "attention_mask": (self._torch.arange(padded.shape[1]) < lengths[:, None]).long(),
        }
        found = vectors(self._encoder, {name: one.to(self._device) for name, one in given.items()})
        read: NDArray[np.float32] = found.cpu().numpy()
        return read
