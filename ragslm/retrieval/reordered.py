"""What words and meaning cannot order: the name, amount, day, reference or paragraph asked for,
records by day.
"""

from collections.abc import Mapping

from ragslm.retrieval.cited import cited_first
from ragslm.retrieval.index import Found
from ragslm.retrieval.latest import in_order
from ragslm.retrieval.wanted import wanted_first
from ragslm.types import Passage


def reordered(question: str, found: Found, passages: Mapping[int, Passage]) -> Found:
    """The passages as the question wants them: what it asks for sooner, the last or the first ahead, and
    what it cites before all.

    Args:
        question: scrubbed.
        found: best first.
        passages: by id; one that is not there keeps its place.
    """
    found = wanted_first(question, found, passages)
    places = [place for place, id_ in enumerate(found.ids.tolist()) if id_ in passages]
    order = in_order(question, [passages[id_] for id_ in found.ids[places].tolist()])
    ids = found.ids.copy()
    ids[places] = found.ids[places][order]
    return cited_first(question, Found(ids, found.scores), passages)
