"""How the time of each recogniser grows with the text: four times the text must not take sixteen times."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from ragslm.privacy.concealed import concealed
from ragslm.privacy.plain_text import plain


class Step(NamedTuple):
    """A step that reads what leaves, under the names a recogniser has."""

    name: str
    find: Callable[[str], Iterable[Any]]


LEAVING = (Step("other writings", concealed), Step("plain text", plain))
"""What the output guard does to every text."""
PIECES = (
    "4", "1 ", "1-", "12/", "A1", "a.", "@a", "a@", "1.1.", ":a", "aa:", "A ", "Mr. A ", "March 1", "+1 (",
    "((1", "20210314", "EUR", "DE12", "AB12 ", "zip 1", "\n1", "０ ", "x" * 63 + ".", "1EG4", "^A^", "card 1",
    "(21)", "4111111111111a", "^", "'", "aged ", "1 2-", "\u200b1", "dr ", "no. ", "%B4", ";4", "a b ", "St ",
    "1_", "_1", "_", "a", "a%", "%41", "&#41;", "one ", "[", "[](", "[a](", "<", "<a ", "a.b/",
)  # fmt: skip
"""Repeated, each is what some pattern begins to read and then cannot finish."""
ENDS = ("", "ab", "!")
"""What follows: nothing, and what an end is not."""
_SMALL, _LARGE = 10_000, 40_000


def growth(recognisers: Sequence[Any], pieces: Sequence[str] = PIECES) -> Iterator[tuple[str, float, str]]:
    """Name, worst seconds at 40,000 characters over those at 10,000, and the piece, per recogniser.

    Processor time: linear code gives 4, quadratic 16. What takes less than 20 ms counts as 4.
    """
    for recogniser in recognisers:
        worst = max((_ratio(recogniser, piece), piece) for piece in pieces)
        yield recogniser.name, *worst


def _ratio(recogniser: Any, piece: str) -> float:
    large = _seconds(recogniser, piece, _LARGE)
    return 4.0 if large < 0.02 else large / max(_seconds(recogniser, piece, _SMALL), 1e-4)


def _seconds(recogniser: Any, piece: str, size: int) -> float:
    """The better of two runs."""
    text = (piece * (size // len(piece) + 1))[:size]
    return min(_once(recogniser, text) for _ in range(2))


def _once(recogniser: Any, text: str) -> float:
    began = time.process_time()
    for _ in recogniser.find(text):
        pass
    return time.process_time() - began
