"""Arrays as bytes."""

import numpy as np
import pytest

from ragslm.retrieval.arrays import from_bytes, to_bytes


@pytest.mark.parametrize("dtype", [np.int64, np.int32, np.uint16, np.uint8, np.uint64])
@pytest.mark.parametrize("size", [0, 1, 1000])
def test_round_trip(dtype, size):
    array = np.arange(size).astype(dtype)
    found = from_bytes(to_bytes(array))
    assert found.dtype == dtype
    assert found.tobytes() == array.tobytes()
    assert not found.flags.writeable


@pytest.mark.parametrize(
    "content",
    [
        b"",  # nothing
        b"no array at all",  # something else
        to_bytes(np.arange(9))[:-1],  # truncated
        to_bytes(np.arange(9)) + b"x",  # too long
        to_bytes(np.zeros((3, 3))),  # two dimensions
        to_bytes(np.arange(9)).replace(b"<i8", b"|O8"),  # objects
    ],
)
def test_what_is_no_array(content):
    with pytest.raises(ValueError):
        from_bytes(content)
