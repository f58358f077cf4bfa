"""What words and meaning cannot order: passages with an amount, and records by their days, as asked for."""

from collections.abc import Mapping

from ragslm.retrieval.index import Found
from ragslm.retrieval.latest import in_order
from ragslm.retrieval.wanted import amounts_first, asks_amount
from ragslm.types import Passage


def reordered(question: str, found: Found, passages: Mapping[int, Passage]) -> Found:
    """The passages as the question wants them: those with an amount sooner, the last or the first ahead.

    Args:
        question: scrubbed.
        found: best first.
        passages: by id; one that is not there keeps its place.
    """
    if asks_amount(question):
        found = amounts_first(found, {id_: passage.text for id_, passage in passages.items()})
    places = [place for place, id_ in enumerate(found.ids.tolist()) if id_ in passages]
    order = in_order(question, [passages[id_] for id_ in found.ids[places].tolist()])
    ids = found.ids.copy()
    ids[places] = found.ids[places][order]
    return Found(ids, found.scores)
