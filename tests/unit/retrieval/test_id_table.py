"""Ids to numbers."""

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

from ragslm.retrieval.id_table import IdTable

IDS = st.integers(0, 2**63 - 1)


@given(st.lists(st.tuples(st.booleans(), st.dictionaries(IDS, st.integers(0, 1000), max_size=5)), max_size=8))
def test_like_a_dict(steps):
    table, expected = IdTable(), {}
    for adds, few in steps:
        if adds:
            table.put(np.array(list(few), dtype=np.int64), np.array(list(few.values()), dtype=np.int64))
            expected |= few
        else:
            table.discard(list(few))
            expected = {id_: value for id_, value in expected.items() if id_ not in few}
    ids, values = table.items()
    assert dict(zip(ids.tolist(), values.tolist(), strict=True)) == expected
    assert table.find(list(expected)).tolist() == list(expected.values())
    assert len(table) == len(expected)


def test_unknown_ids():
    assert IdTable().find([3]).tolist() == [-1]
    assert IdTable.of(np.array([5, 1]), np.array([0, 1])).find([1, 2, 9, 5]).tolist() == [1, -1, -1, 0]


def test_an_id_twice_is_refused():
    with pytest.raises(ValueError, match="distinct"):
        IdTable.of(np.array([5, 5]), np.array([0, 1]))
