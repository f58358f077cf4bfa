"""What a question cites goes first: the paragraph, what stands below it, what is said about it.

To an encoder `1005.6(b)(1)` is noise, and half of what it finds for such a number has nothing to do with it.
"""

from collections.abc import Mapping

import numpy as np

from ragslm._cited import nearness
from ragslm.retrieval.index import Found
from ragslm.types import Passage

DENSE_SHARE = 0.3
"""Share of meaning in the score of a passage where a paragraph is cited; its number is among the words."""


def cited_first(question: str, found: Found, passages: Mapping[int, Passage]) -> Found:
    """The passages in their new order; those equally near to what is cited keep theirs.

    Args:
        question: scrubbed.
        found: best first.
        passages: by id; one that is not there is not cited.
    """
    ids = found.ids.tolist()
    near = nearness(question, [passages[id_].section if id_ in passages else None for id_ in ids])
    return Found(found.ids[np.argsort(near, kind="stable")], found.scores)
