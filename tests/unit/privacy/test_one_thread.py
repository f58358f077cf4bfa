"""The limit holds until the last holder leaves, and is then what it was."""

import numpy as np
import pytest
from threadpoolctl import threadpool_info

from ragslm.privacy.one_thread import OneThread


def threads():
    assert np.ones(2) @ np.ones(2) == 2  # numpy's library is loaded
    return [one["num_threads"] for one in threadpool_info() if one["user_api"] == "blas"]


def test_two_holders():
    before, limit = threads(), OneThread()
    with limit:
        with limit:
            assert set(threads()) <= {1}
        assert set(threads()) <= {1}
    assert threads() == before


def test_an_error_gives_the_threads_back():
    before, limit = threads(), OneThread()
    with pytest.raises(ValueError, match="stop"), limit:
        raise ValueError("stop")
    assert threads() == before
