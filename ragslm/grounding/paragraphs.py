"""Questions that cite a paragraph: it is read nowhere else, and told in its order if asked what it says."""

from collections.abc import Sequence

from ragslm._cited import Near, asks_wording, cites, nearness
from ragslm.types import Passage


def of_the_paragraph_cited(question: str, passages: Sequence[Passage]) -> Sequence[Passage]:
    """Passages of what the question cites for certain; all, where it cites nothing or none is there."""
    if not cites(question):
        return passages
    near = nearness(question, [passage.section for passage in passages])
    return [one for one, how in zip(passages, near, strict=True) if how < Near.OTHER] or passages


def wording_asked(question: str, passages: Sequence[Passage]) -> list[Passage]:
    """The paragraph itself, in its order, where the question asks what it says and no more; else none. Of two
    documents that have one of this number, the better found comes first.

    An item that no heading names is none: all of the paragraph around it says more.
    """
    if not asks_wording(question):
        return []
    near = nearness(question, [passage.section for passage in passages], around=False)
    own = [one for one, how in zip(passages, near, strict=True) if how == Near.OWN]
    found = list(dict.fromkeys(passage.document_id for passage in own))
    return sorted(own, key=lambda passage: (found.index(passage.document_id), passage.start))
