"""Questions, by rule: what a follow-up refers back to, and the parts of a question that asks twice."""

import re

from ragslm._persons import persons
from ragslm._sentences import content_words

_BACKWARD = re.compile(
    r"\b(it|its|they|them|their|this|that|these|those|he|she|his|her|there|then)\b"
    r"|^(and|what about|how about|or)\b",
    re.IGNORECASE,
)
_SHORT = 12
_ASKS = r"(?:how|what|when|which|who|whose|whom|where|why|(?:with)?in how|by how|at what|from when)\b"
_JOINT = re.compile(rf"\?\s+(?=\S)|[,;]?\s+and\s+(?={_ASKS})", re.IGNORECASE)
_LEAST_WORDS = 3
_INSTRUCTS = re.compile(
    r"(?:please\s+)?(?:answer|approach|express|give|provide|report|respond|round)\b"
    r"|if\b[^.?]*\b(?:state|say|explain)\b",
    re.IGNORECASE,
)
"""Opens a sentence that says how to answer the question before it: "Answer in USD billions." """

_DEFINES = re.compile(
    r"\b(?:is|are|be) (?:defined|calculated|computed|measured)(?: \w+)? as\b"
    r"|^\W*(?:define|calculate|compute|treat)\b|\s=\s|\bas the numerator\b|\bmeans\b"
    r"|\bas an? (?:%|per ?cent(?:age)?|share|proportion) of\b",
    re.IGNORECASE,
)
"""Says what a measure is that the question before it asks for: "DPO is defined as: …"."""

FORMAT = frozenset(
    content_words(
        """please answer question result figure value number amount approach express give provide report
        respond response reply state round rounded rounding nearest decimal place point digit percent
        percentage percents unit whole usd dollar us eur euro gbp pound cent thousand million
        billion short brief briefly concise step by show working sentence word full form following format as
        using use zero one two three four 0 1 2 3 4"""
    )
)
"""Stems of what says only how to answer; any other may say what is asked for."""


def refers_back(question: str) -> bool:
    """Whether a short question leans on the one before it."""
    return len(question.split()) <= _SHORT and _BACKWARD.search(question) is not None


def parts(question: str) -> list[str]:
    """The questions inside a question: "Which …, and how long …?" asks two. At least one is returned.

    A part that names nobody asks about those named before it: "What is PERSON_A1B2C3's creatinine, and what
    was the last haemoglobin?"
    """
    found = [part for part in _pieces(question)[0] if len(part.split()) >= _LEAST_WORDS]
    return _with_persons(found) if found else [question]


def how_to_answer(question: str) -> str:
    """What it says of the answer; it may name where to look, such as the cash flow statement."""
    return " ".join(_pieces(question)[1])


def _pieces(question: str) -> tuple[list[str], list[str]]:
    """What asks, with the definitions it gives, and what comes after it and says how to answer."""
    asks: list[str] = []
    says: list[str] = []
    for piece in map(str.strip, _JOINT.split(" ".join(question.split()))):
        if asks and _DEFINES.search(piece) and not piece.endswith("?"):
            asks[-1] = f"{asks[-1]}? {piece}"
        elif asks and (_INSTRUCTS.match(piece) or _is_format(piece)) and not piece.endswith("?"):
            says.append(piece)
        else:
            asks.append(piece)
    return asks, says


def _is_format(piece: str) -> bool:
    """Whether it says only how to answer, such as "In USD millions"."""
    return FORMAT.issuperset(content_words(piece)) and re.search(_ASKS, piece, re.IGNORECASE) is None


def _with_persons(parts: list[str]) -> list[str]:
    asked: list[str] = []
    carried = []
    for part in parts:
        own = persons(part)
        carried.append(part if own or not asked else f"{part} ({', '.join(asked)})")
        asked = own or asked
    return carried
