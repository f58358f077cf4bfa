"""Items of like length read together."""

from collections.abc import Sequence

import pytest

from ragslm.models.batches import batched


def test_results_stand_in_the_order_of_the_items() -> None:
    assert batched(["ccc", "a", "bb"], 2, len, lambda some: [text.upper() for text in some]) == [
        "CCC",
        "A",
        "BB",
    ]


def test_items_of_like_length_share_a_batch() -> None:
    read: list[Sequence[str]] = []

    def lengths(some: Sequence[str]) -> list[int]:
        read.append(some)
        return [len(text) for text in some]

    batched(["ccc", "a", "dddd", "bb", "a"], 2, len, lengths)
    assert read == [["a", "a"], ["bb", "ccc"], ["dddd"]]


def test_nothing_is_read_of_nothing() -> None:
    assert batched([], 2, len, lambda some: pytest.fail("read")) == []


def test_a_missing_result_is_an_error() -> None:
    with pytest.raises(ValueError, match="shorter"):
        batched(["a", "b"], 2, len, lambda some: ["A"])
