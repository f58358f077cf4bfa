"""Measures of a ranked list against what is relevant."""

import math
from collections.abc import Collection, Hashable, Sequence


def ndcg(ranked: Sequence[Hashable], relevant: Collection[Hashable], k: int = 10) -> float:
    """Normalised discounted cumulative gain at `k` with gains 0 and 1; 0 to 1.

    Source: K. Järvelin, J. Kekäläinen, Cumulated gain-based evaluation of IR techniques, TOIS 20 (2002).
    """
    gained = sum(1 / math.log2(i + 2) for i, item in enumerate(ranked[:k]) if item in relevant)
    ideal = sum(1 / math.log2(i + 2) for i in range(min(k, len(relevant))))
    return gained / ideal if ideal else 0.0


def recall(ranked: Sequence[Hashable], relevant: Collection[Hashable], k: int = 10) -> float:
    """Share of the relevant items among the first `k`; 0 to 1."""
    return len(set(ranked[:k]) & set(relevant)) / len(relevant) if relevant else 0.0


def rank_of(ranked: Sequence[Collection[Hashable]], relevant: Collection[Hashable]) -> int | None:
    """1-based rank of the first that holds anything relevant; None if none does."""
    return next((i for i, held in enumerate(ranked, 1) if any(key in relevant for key in held)), None)


def distinct(items: Sequence[Hashable]) -> list[Hashable]:
    """Each item at its first place."""
    return list(dict.fromkeys(items))
