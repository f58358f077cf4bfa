"""Whether the evidence answers the question at all.

Judged from the best unit, from the question's subject and its neighbouring words, and, where these leave a
doubt, from a cross-encoder that reads question and passages together.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log

from ragslm._sentences import content_words
from ragslm.grounding.calibration import logistic
from ragslm.grounding.names import is_drug
from ragslm.grounding.ranking import GENERIC
from ragslm.grounding.tokens import alike, tokens
from ragslm.protocols import PairScorer, Unit
from ragslm.types import Passage

# What is said about one drug answers no question about another.
_ANOTHER_DRUG = 0.3

# Fitted on the `fit` part of tests/data/unanswerable (MedQuAD, PubMedQA, CFPB and TAT-QA questions over their
# own and over other stores), then shifted so that of the answerable ones about 8 % lie below 0.5.
# `ragslm eval refusal` prints what the other part says. Last weight: the constant.
_PLAIN = (0.377, -2.825, -3.854, -0.999, 2.04)
_READ = (0.104, -3.516, -2.99, 0.378, 2.02)
_DOUBT = (0.27, 0.92)
"""Between these the passages are read by the cross-encoder: below, of the answerable `fit` questions none
lies; above, of the unanswerable ones 2 %. It is asked for two questions of five."""


@dataclass(frozen=True, slots=True)
class AnswerabilityFeatures:
    """What evidence and question have in common.

    Attributes:
        score: log-odds of the best unit.
        brief: 1 divided by the number of words that name the subject: a question about one thing needs it.
        apart: share of neighbouring subject words that are neighbours nowhere in the evidence, weighed by
            `brief`, 0 to 1: "Usher syndrome" is in no text on another syndrome.
        missing: share of the subject's words that the evidence lacks, 0 to 1.
    """

    score: float
    brief: float
    apart: float
    missing: float


def judge_answerable(question: str, ranked: Sequence[Unit], reader: PairScorer | None = None) -> float:
    """Probability that the evidence answers, 0 to 1.

    A question that names a drug which no passage of the evidence names is at most 0.3 answerable.

    Args:
        question: scrubbed question.
        ranked: units from `rank_units`.
        reader: cross-encoder that is asked where the rest leaves a doubt.
    """
    if not question.strip() or not ranked:
        return 0.0
    passages = {unit.passage.id: unit.passage for unit in ranked}
    seen = answerability_features(question, ranked, passages)
    plain = logistic((seen.score, seen.brief, seen.apart, seen.missing), _PLAIN)
    judged = plain
    if reader is not None and _DOUBT[0] <= plain <= _DOUBT[1]:
        relevance = max(reader.scores(question, [_headed(passage) for passage in passages.values()]))
        judged = logistic((seen.score, seen.brief, seen.apart, relevance), _READ)
    return min(judged, _ANOTHER_DRUG) if _unknown_drug(question, passages) else judged


def answerability_features(
    question: str, ranked: Sequence[Unit], passages: Mapping[int, Passage]
) -> AnswerabilityFeatures:
    """What the judgement without cross-encoder is made of."""
    subject = [word for word in dict.fromkeys(content_words(question)) if word not in GENERIC]
    lines = [content_words(line) for p in passages.values() for line in (p.title, p.section or "", p.text)]
    known = {word for line in lines for word in line}
    near = {pair for line in lines for pair in pairwise(line)}
    missing = sum(word not in known and not any(alike(word, other) for other in known) for word in subject)
    pairs = list(pairwise(subject))
    brief, lacking = 1 / max(1, len(subject)), missing / max(1, len(subject))
    apart = sum(pair not in near for pair in pairs) / len(pairs) if pairs else lacking
    best = min(max(max(unit.score for unit in ranked), 1e-9), 1 - 1e-9)
    return AnswerabilityFeatures(log(best / (1 - best)), brief, brief * apart, lacking)


def _headed(passage: Passage) -> str:
    """The passage below the line that says where it comes from, as the cross-encoder was trained."""
    return f"{' › '.join(filter(None, (passage.title, passage.section)))}\n{passage.text}"


def _unknown_drug(question: str, passages: Mapping[int, Passage]) -> bool:
    asked = {word.key for word in tokens(question) if is_drug(word)}
    if not asked:
        return False
    known = {w.key for p in passages.values() for w in tokens(f"{p.title} {p.section or ''} {p.text}")}
    return not asked <= known
