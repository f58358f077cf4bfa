"""Arrays as bytes and back, without pickle and, back, without a copy."""

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
    """The array that `to_bytes` wrote: a read-only view of `content`, one-dimensional.

    Raises:
        ValueError: the bytes are not one.
    """
    header = io.BytesIO(content)
    if np.lib.format.read_magic(header) != (1, 0):
        raise ValueError("An array of another format.")
    shape, _, dtype = np.lib.format.read_array_header_1_0(header)
    if dtype.hasobject or len(shape) != 1 or header.tell() + shape[0] * dtype.itemsize != len(content):
        raise ValueError(f"{len(content)} bytes are no array of shape {shape}.")
    array: NDArray[Any] = np.frombuffer(content, dtype=dtype, offset=header.tell())
    return array
