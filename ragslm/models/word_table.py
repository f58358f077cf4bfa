"""One table of word pieces for all encoders made of the same one.

Reranker, verifier, name finder, late interaction and the sentence encoder itself are all-MiniLM-L6-v2 with
other layers. Its table is 23 MB in bf16, half of its weights, and no adapter changes it.
"""

from typing import Any
from weakref import WeakValueDictionary

from ragslm._optional import require

_tables: WeakValueDictionary[int, Any] = WeakValueDictionary()


def share_words(encoder: Any) -> None:
    """Let a BERT hold the table that another one of this process has, if it is the same. For serving only."""
    words = encoder.embeddings.word_embeddings
    own = words.weight
    words.weight = next((known for known in list(_tables.values()) if _is_same(known, own)), own)
    _tables[id(words.weight)] = words.weight


def _is_same(one: Any, other: Any) -> bool:
    alike = (one.dtype, one.device, one.shape) == (other.dtype, other.device, other.shape)
    return alike and bool(require("torch", extra="rag").equal(one, other))
