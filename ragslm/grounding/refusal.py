"""Whether the evidence answers the question at all."""

from collections.abc import Sequence

from ragslm.grounding.answerability import Reader, fitted, meet
from ragslm.grounding.reading.names import is_drug
from ragslm.grounding.reading.tokens import tokens
from ragslm.protocols import Unit

# What is said about one drug answers no question about another.
_ANOTHER_DRUG = 0.3


def judge_answerable(question: str, ranked: Sequence[Unit], reader: Reader | None = None) -> float:
    """Probability that the evidence answers, 0 to 1; without a reader the score of the best unit.

    A question that names a drug which no passage of the evidence names is at most 0.3 answerable.

    Args:
        question: one wording of it, scrubbed.
        ranked: units from `rank_units`.
        reader: cross-encoder that reads the passages of the best units.
    """
    if not question.strip() or not ranked:
        return 0.0
    best = max(unit.score for unit in ranked)
    judged = best if reader is None else fitted().probability(meet(question, ranked, reader))
    return min(judged, _ANOTHER_DRUG) if _unknown_drug(question, ranked) else judged


def _unknown_drug(question: str, ranked: Sequence[Unit]) -> bool:
    asked = {word.key for word in tokens(question) if is_drug(word)}
    if not asked:
        return False
    passages = {unit.passage.id: unit.passage for unit in ranked}.values()
    known = {w.key for p in passages for w in tokens(f"{p.title} {p.section or ''} {p.text}")}
    return not asked <= known
