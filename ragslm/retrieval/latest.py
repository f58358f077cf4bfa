"""The last or first of several records of one kind: the latest creatinine, the first prescription.

Neither words nor meaning tell two results of one test apart. Where a question asks for the last or the first,
the passages that tell the same thing as the best one are put in the order of their days.
"""

import re
from collections.abc import Sequence

from ragslm.types import Hit, Passage

_NO_SPAN = (
    r"(?!\s+(?:\d|name|year|month|week|quarter|day|night|time|one|two|three|six|ten|few|several|business))"
)
_LAST = re.compile(rf"\b(?:last|latest|newest|most\s+recent(?:ly)?)\b{_NO_SPAN}", re.IGNORECASE)
_FIRST = re.compile(rf"\b(?:first|earliest|oldest)\b{_NO_SPAN}", re.IGNORECASE)
_DAY = re.compile(r"(?:19|20)\d\d-[01]\d-[0-3]\d")
_PLACE = re.compile(rf"{_DAY.pattern}|\d+")


def asks_order(question: str) -> bool:
    """Whether it wants the last or the first of something: not the last year, not the first two days."""
    return bool(_LAST.search(question) or _FIRST.search(question))


def in_order(question: str, hits: Sequence[Hit]) -> list[Hit]:
    """The hits, those of the best one's kind in the order of days that the question asks for.

    They share out the places they had among them; the scores stay with the places. Undated ones come last.
    """
    if not hits or not asks_order(question):
        return list(hits)
    kind = _kind(hits[0].passage)
    if not kind[1].strip(" :|"):  # it begins with a number: nothing says what of
        return list(hits)
    places = [place for place, hit in enumerate(hits) if _kind(hit.passage) == kind]
    alike = [hits[place].passage for place in places]
    dated = [passage for passage in alike if _day(passage)]
    dated.sort(key=_day, reverse=_LAST.search(question) is not None)
    ordered = list(hits)
    for place, passage in zip(places, dated + [one for one in alike if not _day(one)], strict=True):
        ordered[place] = Hit(hits[place].score, passage)
    return ordered


def _kind(passage: Passage) -> tuple[str, str]:
    """Section path without days and numbers, and the words before the first value."""
    lead = _PLACE.split(_DAY.sub("", passage.text, count=1) if _DAY.match(passage.text) else passage.text)[0]
    return _PLACE.sub("", passage.section or ""), lead


def _day(passage: Passage) -> str:
    """Of the text, else of the section, else of the document; empty if none says."""
    found = _DAY.search(passage.text) or _DAY.search(passage.section or "")
    return found[0] if found else passage.date.isoformat() if passage.date else ""
