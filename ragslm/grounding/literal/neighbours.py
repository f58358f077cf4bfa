"""Each number must stand beside the same words as in the source: catches two numbers exchanged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ragslm.grounding.literal.parts import Place
from ragslm.grounding.reading.rows import BAR
from ragslm.grounding.reading.text import Reading
from ragslm.grounding.reading.tokens import Token, alike

_NEAR = 3


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Stems to the left and right of a number with their weight: the nearest count most."""

    left: Mapping[str, int]
    right: Mapping[str, int]

    def shared(self, other: "Surroundings") -> int:
        """Weight of the words that stand on the same side in both."""
        return _meet(self.left, other.left) + _meet(self.right, other.right)

    def merged(self) -> "Surroundings":
        """The same on both sides, for where the side says nothing."""
        both = {**self.right, **self.left}
        return Surroundings(both, both)


def surroundings(reading: Reading, number: Place) -> Surroundings:
    """What stands around `number`; in a table row that is the row's head and the number's own cell."""
    usable = [w for w in reading.words if w.content and not number.start <= w.start < number.end]
    if BAR in reading.text:
        return _in_row(reading.text, usable, number)
    left = [w.key for w in usable if w.end <= number.start][-_NEAR:]
    right = [w.key for w in usable if w.start >= number.end][:_NEAR]
    return Surroundings(_weigh(left[::-1]), _weigh(right))


def misplaced(
    number: Place, claim: Reading, span: Reading, fits: Sequence[Place], others: Sequence[Place]
) -> bool:
    """Whether the claim's number stands where the span has another number.

    Args:
        number: a number of the claim.
        claim: the claim.
        span: the source.
        fits: the span's numbers that are this amount.
        others: the span's numbers that are not.
    """
    around = surroundings(claim, number)
    if not others or not (around.left or around.right):
        return False
    loose = BAR in span.text or _opens(claim, number)
    here, there = (_most(around, numbers, span, loose) for numbers in (fits, others))
    return there > here or here == 0


def _most(around: Surroundings, numbers: Sequence[Place], span: Reading, loose: bool) -> int:
    found = [surroundings(span, number) for number in numbers]
    if loose:
        return max((around.merged().shared(one.merged()) for one in found), default=0)
    return max((around.shared(one) for one in found), default=0)


def _opens(claim: Reading, number: Place) -> bool:
    """Whether the claim opens with it, as in "In 2018, …": an adverbial that may have been moved."""
    return not any(w.content for w in claim.words if w.end <= number.start)


def _in_row(text: str, usable: Sequence[Token], number: Place) -> Surroundings:
    start = text.rfind(BAR, 0, number.start) + 1
    end = text.find(BAR, number.end)
    end = len(text) if end < 0 else end
    head = text.find(BAR)
    keys = {w.key: _NEAR for w in usable if w.end <= head or start <= w.start < end}
    return Surroundings(keys, keys)


def _weigh(keys: Sequence[str]) -> dict[str, int]:
    return {key: _NEAR - i for i, key in reversed(list(enumerate(keys)))}


def _meet(one: Mapping[str, int], other: Mapping[str, int]) -> int:
    return sum(
        max((min(w, x) for k, x in other.items() if alike(key, k)), default=0) for key, w in one.items()
    )
