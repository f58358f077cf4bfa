"""The last or first of several records of one kind: the latest creatinine, the first prescription.

Neither words nor meaning tell two results of one test apart. Where a question asks for the last or the first,
the passages that tell the same thing of the same person are put in the order of their days.
"""

import re
from collections.abc import Sequence

from ragslm._periods import periods
from ragslm._persons import documents_of, named, persons
from ragslm.retrieval.own_name import told
from ragslm.types import Passage

_SPANS = """
    name business calendar financial fiscal full working half halves
    decade decades century centuries year years quarter quarters month months week weeks weekend day days
    hour hours minute minutes night time times
    one two three four five six seven eight nine ten eleven twelve few several couple
    aid choice class degree line notice
""".split()
"""What follows in a span, a part of one, or a term: the last five years, first half, first aid."""
_NO_SPAN = rf"(?!-|\s+(?:\d|(?:{'|'.join(_SPANS)})\b))"
_NO_NAME = r"(?!(?-i:First\s+[A-Z]))(?<!\bat the )"
_LAST = re.compile(rf"\b{_NO_NAME}(?:last|latest|newest|most\s+recent(?:ly)?)\b{_NO_SPAN}", re.IGNORECASE)
_FIRST = re.compile(rf"\b{_NO_NAME}(?:first|earliest|oldest)\b{_NO_SPAN}", re.IGNORECASE)
_VERB = re.compile(
    r"\bhow\s+long\b.*(?<!\bthe)(?<!\bhis)(?<!\bher)(?<!\bmy)(?<!['’]s)\s+last\b"
    r"|\b(?:did|do|does|will|would|can|may|to)\b.*\slast\W*$",
    re.IGNORECASE,
)
_DAY = re.compile(r"(?:19|20)\d\d-[01]\d-[0-3]\d")
_PLACE = re.compile(rf"{_DAY.pattern}|#\w[\w.-]*|\d+")
"""Days, numbers and marks of elements: where and when something is told, not what."""


def asks_order(question: str) -> bool:
    """Whether it wants the last or the first of something: not the last year, not the first half of 2022."""
    question = _VERB.sub(" ", question)
    return bool(_LAST.search(question) or _FIRST.search(question)) and not periods(question)


def in_order(question: str, passages: Sequence[Passage]) -> list[int]:
    """Places of the passages in their new order: those that tell the same as the best one of the same person
    in the order of days asked for, undated ones last. They share out the places they had among them.
    """
    order = list(range(len(passages)))
    if not asks_order(question):
        return order
    alike = _alike(passages, set(persons(question)))
    dated = [place for place in alike if _day(passages[place])]
    dated.sort(key=lambda place: _moment(passages[place]), reverse=_LAST.search(question) is not None)
    for place, other in zip(alike, dated + [p for p in alike if not _day(passages[p])], strict=True):
        order[place] = other
    return order


def _alike(passages: Sequence[Passage], asked: set[str]) -> list[int]:
    """Places of those that tell the same as the best one about who is asked, or in its document if nobody is.

    Where the best one names who is asked, so must the others: a table may hold several persons.
    """
    own = documents_of(asked, passages) if asked else {passages[0].document_id} if passages else set()
    of_them = [place for place, passage in enumerate(passages) if passage.document_id in own]
    if not of_them:
        return []
    kind, naming = _kind(passages[of_them[0]]), bool(asked & named(passages[of_them[0]]))
    if not kind[1].strip(" :|"):  # it begins with a number: nothing says what of
        return []
    return [p for p in of_them if _kind(passages[p]) == kind and bool(asked & named(passages[p])) == naming]


def _kind(passage: Passage) -> tuple[str, str]:
    """Section path without days and numbers, and the words before the first value."""
    text = told(passage)
    lead = _PLACE.split(_DAY.sub("", text, count=1) if _DAY.match(text) else text)[0]
    return _PLACE.sub("", passage.section or ""), lead


def _day(passage: Passage) -> str:
    """Of the text, else of the section, else of the document; empty if none says."""
    found = _DAY.search(passage.text) or _DAY.search(passage.section or "")
    return found[0] if found else passage.date.isoformat() if passage.date else ""


def _moment(passage: Passage) -> tuple[str, int]:
    """Day, with the time of day where the text has it, and of two at one time the place in the document."""
    day = _day(passage)
    timed = re.search(rf"{day} [0-2]\d:[0-5]\d", passage.text)
    return timed[0] if timed else day, passage.start
