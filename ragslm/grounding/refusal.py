"""Whether the evidence answers the question at all."""

import re
from collections.abc import Sequence

from ragslm._in_force import in_force
from ragslm._periods import periods
from ragslm.grounding.answerability import Judge
from ragslm.grounding.reading.names import is_drug
from ragslm.grounding.reading.tokens import tokens
from ragslm.protocols import Unit

# What is said about one drug or year answers no question about another.
_ANOTHER = 0.3
_WHICH_YEAR = re.compile(r"\b(?:which|what) (?:fiscal |financial )?years?\b", re.IGNORECASE)


def judge_answerable(question: str, ranked: Sequence[Unit], judges: Sequence[Judge] = ()) -> float:
    """Probability that the evidence answers, 0 to 1; without a judge the score of the best unit.

    A question that names a drug or a period which no passage of the evidence names is at most 0.3 answerable,
    and so is "in which year" where none names a year.

    Args:
        question: one wording of it, scrubbed.
        ranked: units from `rank_units`.
        judges: read the passages of the best units; what one of them finds answered, is.
    """
    if not question.strip() or not ranked:
        return 0.0
    judged = max((judge.probability(question, ranked) for judge in judges), default=_best(ranked))
    another = _unknown_drug(question, ranked) or _unknown_period(question, ranked)
    return min(judged, _ANOTHER) if another else judged


def _best(ranked: Sequence[Unit]) -> float:
    return max(unit.score for unit in ranked)


def _unknown_drug(question: str, ranked: Sequence[Unit]) -> bool:
    asked = {word.key for word in tokens(question) if is_drug(word)}
    if not asked:
        return False
    passages = {unit.passage.id: unit.passage for unit in ranked}.values()
    known = {w.key for p in passages for w in tokens(f"{p.title} {p.section or ''} {p.text}")}
    return not asked <= known


def _unknown_period(question: str, ranked: Sequence[Unit]) -> bool:
    """Whether it asks about years of which no passage says anything. The day that a rule was in force on is
    no such year: the rule need not name it.
    """
    asked = {written.period.year for written in periods(question)}
    if not (asked or _WHICH_YEAR.search(question)) or in_force(question):
        return False
    passages = {unit.passage.id: unit.passage for unit in ranked}.values()
    texts = (f"{p.title} {p.section or ''} {p.date or ''} {p.text}" for p in passages)
    known = {written.period.year for text in texts for written in periods(text)}
    return not (known & asked if asked else known)
