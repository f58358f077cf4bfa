"""Vectors of passages, each text embedded once.

Messages about one patient repeat the same visit, insurance and next of kin, and a feed is sent again;
embedding is most of what a message costs.
"""

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b
from threading import Lock
from typing import TYPE_CHECKING

from ragslm.protocols import Embedder

if TYPE_CHECKING:
    from ragslm.protocols.retrieval import Vectors

REMEMBERED = 8192
"""Vectors kept of the texts met last: 13 MB at 384 dimensions."""


class EmbedOnce:
    """Asks an embedder for the vectors of texts that it was not asked for lately. Thread-safe.

    No text is kept, only a digest of it.
    """

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._kept: OrderedDict[bytes, Vectors] = OrderedDict()
        self._lock = Lock()

    def embed(self, texts: Sequence[str]) -> "Vectors":
        """float32, shape (len(texts), dim), unit length."""
        import numpy as np

        if not texts:
            return self._embedder.embed(texts)
        keys = [_digest(text) for text in texts]
        vectors = self._known(keys)
        if missing := {key: text for key, text in zip(keys, texts, strict=True) if key not in vectors}:
            found = self._embedder.embed(list(missing.values()))
            vectors |= {key: row.copy() for key, row in zip(missing, found, strict=True)}
        self._keep(vectors)
        return np.stack([vectors[key] for key in keys])

    def _known(self, keys: Iterable[bytes]) -> dict[bytes, "Vectors"]:
        with self._lock:
            return {key: self._kept[key] for key in keys if key in self._kept}

    def _keep(self, vectors: Mapping[bytes, "Vectors"]) -> None:
        with self._lock:
            for key, vector in vectors.items():
                self._kept[key] = vector
                self._kept.move_to_end(key)
            while len(self._kept) > REMEMBERED:
                self._kept.popitem(last=False)


def _digest(text: str) -> bytes:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
