"""Who is asked about: what is said about one person answers no question about another."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from ragslm.protocols import Unit
from ragslm.types import Passage

ANOTHER_PERSON = 0.3
"""Most that a unit about another person may score."""

_PERSON = re.compile(r"\bPERSON_[0-9A-HJKMNP-TV-Z]{6,10}\b")


def lower_other_persons(question: str, units: Sequence[Unit], passages: Sequence[Passage]) -> list[Unit]:
    """Units of passages about somebody else at most 0.3, the rest as they were; best first.

    A passage is about somebody else if it names persons and not one of those asked about, and no other
    passage of its document names one of them either: a statement names its owner in its head alone.

    Args:
        question: scrubbed question, so that persons are pseudonyms.
        units: scored, best first.
        passages: the evidence.
    """
    asked = set(_PERSON.findall(question))
    if not asked:
        return list(units)
    own = {passage.document_id for passage in passages if asked & _named(passage)}
    others = _ids(p for p in passages if p.document_id not in own and _named(p))
    lowered = [
        replace(unit, score=min(unit.score, ANOTHER_PERSON)) if unit.passage.id in others else unit
        for unit in units
    ]
    return sorted(lowered, key=lambda unit: -unit.score)


def _named(passage: Passage) -> set[str]:
    return set(_PERSON.findall(f"{passage.title} {passage.section or ''} {passage.text}"))


def _ids(passages: Iterable[Passage]) -> set[int]:
    return {passage.id for passage in passages}
