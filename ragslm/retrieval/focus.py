"""The part of a passage that a question is about: what a small cross-encoder reads instead of all of it.

An attention layer pays for every word piece it reads, and most of a page of table rows says nothing about
the question. Training and serving cut by this same function.
"""

from collections.abc import Sequence
from itertools import pairwise

from ragslm._sentences import split
from ragslm.retrieval.tokens import tokens

MOST = 420
"""Characters kept of a passage, about 100 word pieces."""
HEADER = 120
"""Characters kept of its header, from the end: title and section nearest to the text."""


def focus(question: str, indexed: str, most: int = MOST) -> str:
    """Header and the sentences or rows that share most words with the question, in their order.

    Args:
        question: scrubbed question.
        indexed: header line, line break, text of the passage.
        most: characters kept of the text.
    """
    header, _, text = indexed.partition("\n")
    spans = [piece for start, end in split(text) for piece in _pieces(start, end, most)]
    if sum(end - start for start, end in spans) > most:
        spans = _best(set(tokens(question)), text, spans, most)
    return f"{header[-HEADER:]}\n{' '.join(text[start:end] for start, end in spans)}"


def _best(asked: set[str], text: str, spans: Sequence[tuple[int, int]], most: int) -> list[tuple[int, int]]:
    """Spans by the words they share with the question, each further one counting words not yet covered."""
    words = [asked & set(tokens(text[start:end])) for start, end in spans]
    lengths = [end - start for start, end in spans]
    chosen: list[int] = []
    covered: set[str] = set()
    room = most
    while True:
        open_ = [i for i in range(len(spans)) if i not in chosen and lengths[i] <= room]
        if not open_:
            break
        best = max(open_, key=lambda i: (len(words[i] - covered), len(words[i]), -i))
        chosen.append(best)
        covered |= words[best]
        room -= lengths[best]
    return [spans[i] for i in sorted(chosen)]


def _pieces(start: int, end: int, most: int) -> list[tuple[int, int]]:
    """The span, or pieces of it where it is longer than all that may be kept."""
    return list(pairwise([*range(start, end, most), end]))
