"""BM25 over one run: every passage that could still be among the best, and no other.

Terms are taken rarest first. As soon as those left could not lift a passage that holds none of the earlier
ones over what was found already, only passages seen so far are looked up in the longer lists (MaxScore).

Source: H. Turtle, J. Flood, Query Evaluation: Strategies and Optimizations (1995).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ragslm.retrieval.index import Scores
from ragslm.retrieval.postings import Bools, Int64, Postings, UInt64

K1 = 1.2
B = 0.6
"""Length normalisation, 0 to 1. Passages are cut to one size; what differs is how dense tables are."""
_SLACK = 1e-9
"""What rounding may take from a sum of terms."""


class Weights(NamedTuple):
    """The terms of a question, rarest first.

    Attributes:
        terms: their keys, shape (t,).
        idf: their inverse document frequencies, above 0, shape (t,).
        average: mean length of a passage, in terms.
    """

    terms: UInt64
    idf: Scores
    average: float


def best_slots(
    part: Postings, weights: Weights, k: int, chosen: Bools | None, least: float
) -> tuple[Int64, Scores]:
    """Slots and scores of all passages that are among the best `k` of this run and reach `least`.

    Others may be among them. `chosen`: slots that may be found; None: those alive.
    """
    spans = part.spans(weights.terms)
    allowed = part.alive if chosen is None else chosen
    if np.count_nonzero(allowed) * 16 < int((spans[:, 1] - spans[:, 0]).max(initial=0)):
        slots = np.flatnonzero(allowed)
        scores = at_slots(part, weights, slots)
        return slots[scores > 0], scores[scores > 0]
    whole = allowed.all()
    sums = np.zeros(len(part), dtype=np.float64)
    rest = np.append(np.cumsum(((K1 + 1) * weights.idf)[::-1])[::-1], 0.0)
    term = 0
    while term < len(spans) and rest[term] + _SLACK >= least:
        _add(part, weights, term, spans[term], sums)
        term += 1
        if not whole:
            sums[~allowed] = 0.0
        if term < len(spans) and spans[term, 1] - spans[term, 0] > len(part) // 16:
            least = max(least, _kth(sums, k))
    slots = np.flatnonzero(sums > max(0.0, least - rest[term] - _SLACK))
    return _completed(part, weights, spans, term, slots, sums[slots], rest, least)


def at_slots(part: Postings, weights: Weights, slots: Int64) -> Scores:
    """BM25 of these passages, slots ascending; 0 for those without a term of the question."""
    scores = np.zeros(len(slots), dtype=np.float64)
    for term, span in enumerate(part.spans(weights.terms)):
        _look_up(part, weights, term, span, slots, scores)
    return scores


def _completed(
    part: Postings,
    weights: Weights,
    spans: Int64,
    term: int,
    slots: Int64,
    scores: Scores,
    rest: Scores,
    least: float,
) -> tuple[Int64, Scores]:
    """The remaining, common terms for the passages that can still reach `least`."""
    for left in range(term, len(spans)):
        _look_up(part, weights, left, spans[left], slots, scores)
        kept = scores + rest[left + 1] + _SLACK >= least
        slots, scores = slots[kept], scores[kept]
    return slots, scores


def _add(part: Postings, weights: Weights, term: int, span: Int64, sums: Scores) -> None:
    slots = part.slots[span[0] : span[1]].astype(np.intp)
    sums[slots] += _weight(weights, term, part.counts[span[0] : span[1]], part.lengths[slots])


def _look_up(part: Postings, weights: Weights, term: int, span: Int64, slots: Int64, scores: Scores) -> None:
    holding = part.slots[span[0] : span[1]]
    if not len(holding) or not len(slots):
        return
    at = np.minimum(np.searchsorted(holding, slots.astype(np.uint16)), len(holding) - 1)
    held = np.flatnonzero(holding[at] == slots)
    counts = part.counts[span[0] : span[1]][at[held]]
    scores[held] += _weight(weights, term, counts, part.lengths[slots[held]])


def _weight(weights: Weights, term: int, counts: NDArray[np.uint8], lengths: NDArray[np.int32]) -> Scores:
    """A term's share of the score of passages that hold it so often and are so long."""
    times = counts.astype(np.float64)
    base = K1 * (1 - B) + (K1 * B / weights.average) * lengths
    result: Scores = (float(weights.idf[term]) * (K1 + 1)) * times / (times + base)
    return result


def _kth(sums: Scores, k: int) -> float:
    """The k-th highest sum; 0 where fewer are above 0."""
    found = sums[sums > 0]
    return float(np.partition(found, len(found) - k)[len(found) - k]) if len(found) >= k else 0.0
