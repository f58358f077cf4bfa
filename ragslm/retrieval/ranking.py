"""Candidates of every index, scored by all of them, in one order."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ragslm._cited import cites
from ragslm.retrieval.cited import DENSE_SHARE as CITED_SHARE
from ragslm.retrieval.fusion import DenseShare, fuse
from ragslm.retrieval.index import Found, Ids
from ragslm.retrieval.indexes import Indexes

_NAMED = 0.8
"""Documents named at least this well, against the best-named one, are also searched by themselves."""
_FEW = 50
"""A question that names more documents than this names none: their passages are found anyway."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question in the forms the indexes want.

    Attributes:
        question: as asked, scrubbed; titles and cited paragraphs are matched with it.
        spelled_out: with the meanings of its abbreviations; words and issuers are matched with it.
        vector: of the question with its terms spelled out, float32, shape (dim,).
    """

    question: str = field(repr=False)
    spelled_out: str = field(repr=False)
    vector: NDArray[np.float32] = field(repr=False)


def rank(indexes: Indexes, asked: Asked, allowed: Ids | None, *, depth: int, dense: DenseShare) -> Found:
    """Passages of the allowed documents, best first.

    A question that names an issuer and a period or kind of filing searches those filings only, any other
    everything allowed. Each index proposes `depth` passages out of that, and as many out of the documents
    named best; every proposed passage is then scored by every index.
    """
    named = indexes.titles.named(asked.question, asked.spelled_out, allowed)
    if named.only is not None:
        allowed = named.only
    weights = named.weights
    ids = _candidates(indexes, asked, allowed, _best_named(weights, allowed), depth)
    documents = indexes.titles.documents(ids).tolist()
    shares = dense.of([indexes.titles.title(document) for document in documents])
    if cites(asked.question):
        shares = np.minimum(shares, CITED_SHARE)
    fused = fuse(
        indexes.vectors.scores(asked.vector, ids),
        indexes.words.scores(asked.spelled_out, ids),
        np.array([weights.get(document, 0.0) for document in documents], dtype=np.float64),
        dense_share=shares,
    )
    order = np.lexsort((ids, -fused))
    return Found(ids[order], fused[order])


def _candidates(indexes: Indexes, asked: Asked, allowed: Ids | None, named: Ids, depth: int) -> Ids:
    found = []
    for documents in (allowed, named) if len(named) else (allowed,):
        found.append(indexes.vectors.search(asked.vector, depth, documents).ids)
        found.append(indexes.words.search(asked.spelled_out, depth, documents).ids)
    return np.unique(np.concatenate(found))


def _best_named(named: Mapping[int, float], allowed: Ids | None) -> Ids:
    """The few documents named best, out of those allowed."""
    visible = named if allowed is None else {d: named[d] for d in allowed.tolist() if d in named}
    least = _NAMED * max(visible.values(), default=0.0)
    best = [document for document, score in visible.items() if score >= least]
    return np.array(best if len(best) <= _FEW else [], dtype=np.int64)
