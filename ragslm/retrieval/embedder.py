"""The sentence encoder on this machine: a local sentence-transformers folder, no network, no foreign code."""

import hashlib
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from ragslm._optional import require
from ragslm.errors import ModelError
from ragslm.models.fused_layers import fuse, native_type
from ragslm.retrieval.mean_encoder import BATCH, MeanEncoder, is_mean_encoder
from ragslm.retrieval.wording import without_figures

Vectors = NDArray[np.float32]

_CACHED = 512
"""Questions whose vectors are kept (1.5 KB each): follow-ups and evaluations repeat them."""


class MiniLmEmbedder:
    """all-MiniLM-L6-v2, or another sentence-transformers model of its kind.

    Thread-safe: one text batch is encoded at a time, on all cores. bf16 where the processor computes in
    it (twice as fast there, vectors differ by less than 0.001 in cosine), else fp32.

    Args:
        folder: the pulled model with `model.safetensors`.
        sha256: the pinned SHA-256 of that file, hex.

    Raises:
        ModelError: the folder is incomplete or its weights are not the pinned ones.
    """

    def __init__(self, folder: Path, sha256: str) -> None:
        _check(folder, sha256)
        self.identity = f"{folder.name}@{sha256[:16]}"
        self._model = _load(folder)
        self.dim = self._model.dim
        self._cache: OrderedDict[str, Vectors] = OrderedDict()
        self._lock = Lock()

    def embed(self, texts: Sequence[str]) -> Vectors:
        """float32, shape (len(texts), dim), unit length. Rows of tables are read without their figures, and
        texts beyond 256 word pieces are cut there.
        """
        if len(texts) != 1:
            with self._lock:
                return self._encode(texts)
        with self._lock:
            if texts[0] not in self._cache:
                self._cache[texts[0]] = self._encode(texts)[0]
                if len(self._cache) > _CACHED:
                    self._cache.popitem(last=False)
            self._cache.move_to_end(texts[0])
            return self._cache[texts[0]][None, :].copy()

    def _encode(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.empty((0, self.dim), dtype=np.float32)
        return self._model.encode([without_figures(text) for text in texts])


class AnyEncoder:
    """Any other model, as sentence-transformers reads it; see `MeanEncoder`."""

    def __init__(self, folder: Path) -> None:
        torch = require("torch", extra="rag")
        require("transformers", extra="rag").utils.logging.disable_progress_bar()
        device = "cuda" if torch.cuda.is_available() else "cpu"
        self._model = require("sentence_transformers", extra="rag").SentenceTransformer(
            str(folder),
            device=device,
            local_files_only=True,
            trust_remote_code=False,
            model_kwargs={
                "dtype": torch.bfloat16 if device == "cuda" else native_type(),
                "use_safetensors": True,
            },
        )
        fuse(self._model[0].auto_model)
        self.dim = int(self._model.get_embedding_dimension())

    def encode(self, texts: Sequence[str]) -> Vectors:
        """float32, shape (len(texts), dim), unit length; at least one text."""
        encoded = self._model.encode(
            list(texts), batch_size=BATCH, convert_to_tensor=True, show_progress_bar=False
        )
        vectors: Vectors = encoded.float().cpu().numpy()
        vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
        return vectors


def _check(folder: Path, sha256: str) -> None:
    """The weights are the pinned ones; 90 MB take a twentieth of a second."""
    weights = folder / "model.safetensors"
    if not weights.is_file():
        raise ModelError(
            f"Encoder {folder.name!r} has no model.safetensors in {str(folder)!r}. Run `ragslm models pull`."
        )
    with weights.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != sha256:
        raise ModelError(
            f"Encoder {folder.name!r}: expected SHA-256 {sha256}, got {found}. Run `ragslm models pull`."
        )


def _load(folder: Path) -> MeanEncoder | AnyEncoder:
    return MeanEncoder(folder) if is_mean_encoder(folder) else AnyEncoder(folder)
