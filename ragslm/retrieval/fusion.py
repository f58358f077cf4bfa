"""One score out of three: meaning, words, and whether the question names the document.

Each of the first two is divided by its best value among the candidates, so that neither scale decides;
every candidate has both, whichever index proposed it.
"""

import numpy as np

from ragslm.retrieval.index import Scores

TITLE_WEIGHT = 0.3
"""What a document named in full adds, against 1 for the best passage by meaning and words."""


def fuse(dense: Scores, lexical: Scores, named: Scores, *, dense_weight: float) -> Scores:
    """Fused relevance, 0 to 1, shape (n,); inputs of the same shape.

    Args:
        dense: cosine of question and passage.
        lexical: BM25 of question and passage.
        named: how far the question names the passage's document, 0 to 1.
        dense_weight: share of the dense score, 0 to 1; the rest is lexical.
    """
    content = dense_weight * scaled(dense) + (1 - dense_weight) * scaled(lexical)
    return (content + TITLE_WEIGHT * named) / (1 + TITLE_WEIGHT)


def scaled(scores: Scores) -> Scores:
    """0 to 1, the best 1; what is below 0 counts as 0."""
    top = float(scores.max(initial=0.0))
    return np.maximum(scores, 0.0) / top if top > 0 else np.zeros_like(scores)
