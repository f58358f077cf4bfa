"""Follow-ups as they would be asked on their own: by rule, without a model.

"And in 2019?" puts its year into the question before, "What about Verizon?" its name, and "its"
or "she" becomes the one name that question was about. "No, I meant 2018" corrects it in the same way. Where
no rule fits, both are searched together. A question that stands alone begins a new topic.
"""

import re
from collections.abc import Sequence

from ragslm._periods import Written, periods
from ragslm._questions import refers_back

_LEAD = re.compile(
    r"^(?:(?:and|or|but|now|what about|how about|(?:the )?same (?:question )?for)\b[\s,]*)+", re.IGNORECASE
)
_OOPS = r"(?:no|nope|sorry|actually|wait|rather|correction|oops)\b"
_CORRECTS = re.compile(
    rf"^(?:(?:{_OOPS}[\s,.:;!–-]*)*(?:i (?:mean|meant|was asking about|am asking about)|make (?:that|it)|"
    r"it should be|not\b[^,;.?!]{1,40}[,;]?\s+(?:but|i meant?))\b[\s,:]*"
    rf"|(?:{_OOPS}\s*[,.:;!–-]+\s*)+(?=\S))",
    re.IGNORECASE,
)
_SHORT = 6
"""Words of a correction that cannot be a question of its own."""
_TURNS = 8
_LONGEST = 400
"""Earlier questions looked at, and characters carried along: a conversation does not grow a query."""
_LITTLE = r"(?:in|for|of|at|on|by|with|during|as of|then|the|year)"
_SMALL = re.compile(rf"^(?:{_LITTLE}\b\s*)+|(?:\s*\b{_LITTLE})+\s*$", re.IGNORECASE)
_PART = r"(?:[A-Z][\w&-]*|\d+[A-Z][\w&-]*)"
_NAME = rf"{_PART}(?:\s(?:of\s|&\s)?{_PART})*"
_ONLY_NAME = re.compile(_NAME)
_SUBJECT = re.compile(
    rf"\b(?:[Dd]oes|[Dd]id|[Dd]o|[Ii]s|[Aa]re|[Ww]as|[Ww]ere|[Hh]as|[Hh]ave|[Hh]ad|[Ww]ill|[Cc]an|of|for|by|at|from)"
    rf"\s+(?:the\s+)?(?P<after>{_NAME})|(?P<owner>{_NAME})(?=['’]s?\b)"
)
_FORM = re.compile(r"\b\d+-?[KQF]\b")
_PRONOUN = re.compile(r"\b(?:(?P<whose>its|their|his|her(?=\s+\w))|he|she|him|her)\b", re.IGNORECASE)
"""Not `it` and `they`: those may as well be the figure or the drug asked about."""


def standalone(question: str, before: Sequence[str]) -> str:
    """The question with what it refers back to.

    Args:
        question: the newest.
        before: the earlier questions of the conversation, oldest first; each may refer back itself.
    """
    said = ""
    for one in (*before[-_TURNS:], question):
        said = _resolved(one, said) if said else one
    return said


def _resolved(question: str, before: str) -> str:
    """One follow-up, given the full question before it."""
    correction = _CORRECTS.match(question)
    if correction:
        question = question[correction.end() :]
        if len(question.split()) > _SHORT:
            return question
        question = f"what about {question}"
    lead = _LEAD.match(question)
    rest = question[lead.end() if lead else 0 :].strip(" ?.!,")
    dates = periods(rest)
    name = _SMALL.sub("", _without(rest, dates)).strip(" ,")
    if dates and not name:
        return _dated(before, rest, dates)
    if not refers_back(question):
        return question
    subject = _subject(before)
    if lead and subject and _ONLY_NAME.fullmatch(name):
        moved = re.sub(rf"(?<!\w){re.escape(subject)}(?!\w)", lambda _: name, before)
        return _dated(moved, rest, dates) if dates else moved
    if not lead and subject and _PRONOUN.search(question) and _subject(question) is None:
        return _named(question, subject, before)
    return f"{before[-_LONGEST:]} {question}"


def _dated(before: str, rest: str, dates: Sequence[Written]) -> str:
    """The question before with its periods replaced by the new ones, or with these added."""
    new = rest[dates[0].start : dates[-1].end]
    old = periods(before)
    if not old:
        return f"{before.rstrip(' ?')} in {new}?"
    return before[: old[0].start] + new + before[old[-1].end :]


def _named(question: str, subject: str, before: str) -> str:
    """The question with its first pronoun replaced, in the period of the question before."""
    said = _PRONOUN.sub(lambda m: f"{subject}'s" if m["whose"] else subject, question, count=1)
    old = periods(before)
    if not old or periods(question):
        return said
    return f"{said.rstrip(' ?')} in {before[old[0].start : old[-1].end]}?"


def _subject(question: str) -> str | None:
    """The one name a question is about; None where there is none or more than one."""
    text = _FORM.sub(lambda m: " " * len(m.group()), _without(question, periods(question)))
    names = {match["after"] or match["owner"] for match in _SUBJECT.finditer(text)}
    return names.pop() if len(names) == 1 else None


def _without(text: str, dates: Sequence[Written]) -> str:
    """The text with blanks in place of its periods."""
    for date in dates:
        text = text[: date.start] + " " * (date.end - date.start) + text[date.end :]
    return text
