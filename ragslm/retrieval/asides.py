"""Passages that illustrate a rule stand behind those that state it.

The appendices of a regulation repeat its paragraphs as model letters in a customer's words, so a customer's
question finds the model before the rule. Who asks for a model gets it.
"""

import re
from collections.abc import Mapping, Sequence

import numpy as np

from ragslm.retrieval.index import Found

LOSS = 0.2
"""Fused score, 0 to 1, that an aside loses: as much as lies between the first passage and the tenth or so.
Measured from 0.1 to 0.3 alike."""
_ASKS = re.compile(r"\b(?:appendix|appendices|model|sample|specimen|template)s?\b", re.IGNORECASE)


def asks_aside(question: str) -> bool:
    """Whether it wants a model or an appendix itself."""
    return _ASKS.search(question) is not None


def set_back(found: Found, sections: Mapping[int, str | None], words: Sequence[str]) -> Found:
    """The passages in their new order: asides lose `LOSS`. Scores stay in 0 to 1.

    Args:
        found: best first.
        sections: section paths by id; a passage without one loses nothing.
        words: a passage whose section path holds one of them, as a whole word, is an aside.
    """
    aside = re.compile(rf"\b(?:{'|'.join(map(re.escape, words))})\b", re.IGNORECASE)
    paths = (sections.get(id_) or "" for id_ in found.ids.tolist())
    losses = np.array([LOSS * (aside.search(path) is not None) for path in paths])
    scores = np.maximum(0.0, found.scores - losses)
    order = np.argsort(-scores, kind="stable")
    return Found(found.ids[order], scores[order])
