"""Questions embedded by the encoder under a small adapter, to lie near the passages that answer them.

Customers ask in other words than rules are written in. The adapter moves what they say to where the rules
are; the passages' vectors stay as they are, so a store need not be read again, and a search costs the same.
Training (`ragslm.specialise.question_encoder`) and serving share `tokeniser`, `batch` and `vectors`.

Source: J. Lee et al., Learning Dense Representations of Phrases at Scale (2021), query-side fine-tuning.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ragslm._optional import require
from ragslm.models.pair_encoder import ENCODER, WIDTH, mean_state, open_adapted

ADAPTER = Path(__file__).with_name("adapters") / "all-minilm-l6-v2-questions.safetensors"
"""The adapter that is shipped."""
PIECES = 128
"""Word pieces read of a question, with its two marks."""


class QuestionEncoder:
    """Implements `protocols.Embedder` for questions. Passages are embedded by the encoder alone.

    Args:
        folder: the encoder's folder.
        adapter: safetensors file that `ragslm.specialise.question_encoder` wrote.

    Raises:
        ModelError: the adapter does not fit the encoder.
    """

    dim = WIDTH

    def __init__(self, folder: Path, adapter: Path = ADAPTER) -> None:
        self._torch = require("torch", extra="rag")
        self.identity = f"{ENCODER} under {adapter.stem}"
        self._tokeniser = tokeniser(folder)
        self._encoder, _ = open_adapted(folder, adapter)

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """float32, shape (len(texts), dim), unit length."""
        if not texts:
            return np.empty((0, self.dim), dtype=np.float32)
        with self._torch.inference_mode():
            found: NDArray[np.float32] = vectors(self._encoder, batch(self._tokeniser, texts)).numpy()
        return found


def tokeniser(folder: Path, pieces: int = PIECES) -> Any:
    """The encoder's own, which cuts and pads."""
    made = require("tokenizers", extra="rag").Tokenizer.from_file(str(folder / "tokenizer.json"))
    made.enable_truncation(pieces)
    made.enable_padding()
    return made


def batch(tokeniser: Any, texts: Sequence[str]) -> dict[str, Any]:
    """int64 tensors of shape (n, longest): `input_ids` and `attention_mask`."""
    torch = require("torch", extra="rag")
    encoded = tokeniser.encode_batch(list(texts))
    return {
        "input_ids": torch.tensor([one.ids for one in encoded]),
        "attention_mask": torch.tensor([one.attention_mask for one in encoded]),
    }


def vectors(encoder: Any, batch: Mapping[str, Any]) -> Any:
    """Mean states of each text, float32, shape (n, WIDTH), unit length."""
    states = encoder(**batch).last_hidden_state.float()
    pooled = mean_state(states, batch["attention_mask"])
    return require("torch", extra="rag").nn.functional.normalize(pooled, dim=-1)
