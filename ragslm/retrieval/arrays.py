"""Arrays and word lists as bytes and back, without pickle."""

import io
from typing import Any

import numpy as np
from numpy.typing import NDArray


def to_bytes(array: NDArray[Any]) -> bytes:
    """The array in NumPy's own format."""
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=False)
    return buffer.getvalue()


def from_bytes(content: bytes) -> NDArray[Any]:
    """The array that `to_bytes` wrote.

    Raises:
        ValueError: the bytes are not one.
    """
    array: NDArray[Any] = np.load(io.BytesIO(content), allow_pickle=False)
    return array
