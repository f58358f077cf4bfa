"""Puts the passages that answer before those that merely share the question's words."""

import re
from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np

from ragslm.retrieval.in_time import read_in_time
from ragslm.retrieval.index import Found, Scores


class PairScorer(Protocol):
    """A cross-encoder."""

    def scores(self, question: str, passages: Sequence[str]) -> Sequence[float]:
        """Relevance of each passage (header line, line break, text), unbounded; higher is better."""
        ...


class Reranker:
    """Orders the best of the fused list anew, as many as the time allows; the rest keeps its order behind.

    The new score of a passage is its fused score plus `weight` times its relevance, so that neither the
    words nor the reading decides alone.

    Args:
        scorer: reads question and passage together.
        most: passages scored at most.
        seconds: time after which no further block is begun.
        weight: fused score that one point of relevance is worth.
        reads: passages of which header are read; the others keep their places. None: all.
    """

    def __init__(
        self,
        scorer: PairScorer,
        *,
        most: int,
        seconds: float,
        weight: float,
        reads: re.Pattern[str] | None = None,
    ) -> None:
        self._scorer = scorer
        self._most = most
        self._seconds = seconds
        self._weight = weight
        self._reads = reads

    def order(self, question: str, found: Found, texts: Mapping[int, str]) -> Found:
        """The same passages in their new order.

        Args:
            question: scrubbed question.
            found: fused order, best first.
            texts: header line, line break and text by id; an id without text keeps its place.
        """
        ids = [id_ for id_ in found.ids[: self._most].tolist() if id_ in texts and self._read(texts[id_])]
        relevance = read_in_time(
            ids, self._seconds, lambda some: self._scorer.scores(question, [texts[id_] for id_ in some])
        )
        return self._merged(found, relevance)

    def _read(self, text: str) -> bool:
        return self._reads is None or self._reads.search(text.partition("\n")[0]) is not None

    def _merged(self, found: Found, relevance: Mapping[int, float]) -> Found:
        """Scored passages by their new score, on the places that they had; scores stay in 0 to 1."""
        if not relevance:
            return found
        read = np.isin(found.ids, list(relevance))
        best = max(relevance.values())
        blended: Scores = np.array(
            [
                fused + self._weight * (relevance[id_] - best)
                for id_, fused in zip(found.ids[read].tolist(), found.scores[read].tolist(), strict=True)
            ]
        )
        order = np.argsort(-blended, kind="stable")
        ids = found.ids.copy()
        ids[read] = found.ids[read][order]
        scores = np.sort(found.scores)[::-1]
        return Found(ids, scores)
