"""What a question seeks: which form of answer, about which words, for which periods. By rule, no model."""

import re
from dataclasses import dataclass, field
from typing import Literal

from ragslm._periods import Period, periods
from ragslm._sentences import content_words
from ragslm.grounding.calculation.operands import without_periods
from ragslm.grounding.calculation.phrases import FILLER

Form = Literal["decision", "cause", "extreme", "other"]

_AUXILIARY = r"(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|shall|should|may|might|must)"
_LEAD = re.compile(r"^.*?\bquestion\b[^:?]*:\s*", re.IGNORECASE | re.DOTALL)
"""Words to the reader before the question: "Answer the following question from the balance sheet: …"."""
_ASIDE = re.compile(r"\([^()]*\)|['’]s\b")
_OPENING = re.compile(
    r"^\s*(?:(?:if|as of|as at|based on|according to|for|in|under)\b[^,?]*,\s*)?", re.IGNORECASE
)
_DECISION = re.compile(rf"{_AUXILIARY}(?:n['’]t)?\b(?!\s+you\b)", re.IGNORECASE)
_CAUSE = re.compile(
    r"\bwhy\b|\bwhat (?:drove|drives|caused|led to|explains?)\b|\breasons? (?:for|behind|of|why)\b"
    r"|\b(?:main |key |primary )?drivers? (?:of|behind)\b",
    re.IGNORECASE,
)
EXTREME = re.compile(
    r"\b(?:low|high|bigg|larg|small|great|few|strong|weak|long|short)est\b"
    r"|\b(?<!at )(?:most|least|worst|best)\b|\bdragged down\b",
    re.IGNORECASE,
)
_RATE = re.compile(r"\b(?:ratio|margin|coverage|proportion)\b", re.IGNORECASE)
_NAME = re.compile(r"[A-Z][a-z]")
_WHICH = re.compile(r"\b(?:which|what|who|whose)\b", re.IGNORECASE)
LIGHT = frozenset(
    content_words(
        """answer question based data using information during show shown states state
        total amount value number figure consolidated respective non usd dollar thousand million billion"""
    )
)
"""Stems that say where to look or how to answer, and those that a row may leave out."""


@dataclass(frozen=True, slots=True)
class Sought:
    """What an answer must be.

    Attributes:
        form: `decision` wants a yes or no, `cause` what made it so, `extreme` one of several by size; `other`
            anything else.
        words: stems of what is asked about, without periods.
        rate: whether a ratio, a margin or a coverage is asked for.
        names: stems of names in it, of a segment or a product; none where all its words have capitals.
        periods: years, quarters or days asked about.
    """

    form: Form
    words: frozenset[str] = field(repr=False)
    periods: tuple[Period, ...]
    rate: bool = False
    names: frozenset[str] = field(default=frozenset(), repr=False)


def sought(question: str) -> Sought:
    """Read one part of a question; what follows its question mark says how to answer."""
    asks = _ASIDE.sub(" ", _LEAD.sub("", question.partition("?")[0]))
    words = frozenset(content_words(without_periods(asks))) - FILLER - LIGHT
    when = tuple(dict.fromkeys(written.period for written in periods(asks)))
    return Sought(_form(asks), words, when, _RATE.search(asks) is not None, _names(asks) & words)


def _names(asks: str) -> frozenset[str]:
    """Words with a capital that do not open the question; acronyms may be spelled out in a source."""
    words = without_periods(asks).split()[1:]
    named = [word for word in words if _NAME.match(word)]
    return frozenset(content_words(" ".join(named))) if len(named) * 2 < len(words) else frozenset()


def _form(asks: str) -> Form:
    if _CAUSE.search(asks):
        return "cause"
    if _DECISION.match(asks, _opening(asks)):
        return "decision"
    return "extreme" if _WHICH.search(asks) and EXTREME.search(asks) else "other"


def _opening(asks: str) -> int:
    """Where the question itself begins, after "As of Q2 2023," and the like."""
    match = _OPENING.match(asks)
    return match.end() if match else 0
