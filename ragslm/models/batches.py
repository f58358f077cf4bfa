"""Items of like length read together: padding is paid for."""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def batched(
    items: Sequence[T], size: int, length: Callable[[T], int], read: Callable[[Sequence[T]], Iterable[R]]
) -> list[R]:
    """What `read` gives for each item, in the order of the items.

    Args:
        items: to be read.
        size: items read at once, at most.
        length: of an item, in any unit.
        read: one result for each of the items it is given.
    """
    order = sorted(range(len(items)), key=lambda i: length(items[i]))
    found: dict[int, R] = {}
    for start in range(0, len(order), size):
        chosen = order[start : start + size]
        found |= zip(chosen, read([items[i] for i in chosen]), strict=True)
    return [found[i] for i in range(len(items))]
