"""One score out of three: meaning, words, and whether the question names the document.

Each of the first two is divided by its best value among the candidates, so that neither scale decides;
every candidate has both, whichever index proposed it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from ragslm.retrieval.index import Scores
from ragslm.settings import RetrievalSettings

TITLE_WEIGHT = 0.3
"""What a document named in full adds, against 1 for the best passage by meaning and words."""


@dataclass(frozen=True, slots=True)
class DenseShare:
    """How much of a passage's score is meaning, 0 to 1; the rest is words.

    Attributes:
        others: of any passage.
        taught: of passages that the adapter of questions was taught.
        titles: what the titles of their documents match; None: no document is of that kind.
    """

    others: float
    taught: float = 1.0
    titles: re.Pattern[str] | None = None

    @classmethod
    def configured(cls, settings: RetrievalSettings) -> Self:
        """As a domain has it; without the adapter nothing was taught."""
        titles = settings.rule_reader if settings.question_adapter else None
        return cls(settings.dense_weight, settings.rule_dense_weight, titles)

    def of(self, titles: Sequence[str]) -> Scores:
        """For passages of documents with these titles, shape (n,)."""
        if self.titles is None:
            return np.full(len(titles), self.others)
        taught = {title: self.titles.search(title) is not None for title in set(titles)}
        return np.array([self.taught if taught[title] else self.others for title in titles])


def fuse(dense: Scores, lexical: Scores, named: Scores, *, dense_share: Scores) -> Scores:
    """Fused relevance, 0 to 1, shape (n,); inputs of the same shape.

    Args:
        dense: cosine of question and passage.
        lexical: BM25 of question and passage.
        named: how far the question names the passage's document, 0 to 1.
        dense_share: of the dense score, 0 to 1; the rest is lexical.
    """
    content = dense_share * scaled(dense) + (1 - dense_share) * scaled(lexical)
    return (content + TITLE_WEIGHT * named) / (1 + TITLE_WEIGHT)


def scaled(scores: Scores) -> Scores:
    """0 to 1, the best 1; what is below 0 counts as 0."""
    top = float(scores.max(initial=0.0))
    return np.maximum(scores, 0.0) / top if top > 0 else np.zeros_like(scores)
