"""What finds passages."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from ragslm.types import Filters, Hit, Identity

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]


@runtime_checkable
class Embedder(Protocol):
    """Turns texts into unit vectors. `identity` names model and weights; `dim` is the width."""

    identity: str
    dim: int

    def embed(self, texts: Sequence[str]) -> "Vectors":
        """float32, shape (len(texts), dim), unit length."""
        ...


@runtime_checkable
class Retriever(Protocol):
    """Finds passages. Readers, scope and filters are applied before scoring, never after."""

    def search(
        self,
        query: str,
        *,
        k: int,
        identity: Identity,
        domain: str,
        filters: Filters | None = None,
        scope: str | None = None,
        as_of: date | None = None,
    ) -> list[Hit]:
        """At most `k` hits, best first. `query` is already scrubbed."""
        ...
