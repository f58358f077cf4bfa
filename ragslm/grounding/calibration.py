"""From features to probabilities: logistic curves whose constants were fitted on public data.

Only constants are shipped; `ragslm eval grounding --data DIR` measures what they achieve. The curve with the
trained scorer is in `ragslm.grounding.trained`.
Source: MedQuAD (CC BY 4.0), PubMedQA (MIT), CFPB regulations (public domain), BEGIN (CC BY 4.0 and
CDLA-Sharing 1.0).
"""

from dataclasses import astuple, dataclass
from math import exp, log


@dataclass(frozen=True, slots=True)
class Features:
    """What a claim and the span nearest to it have in common.

    Attributes:
        overlap: share of the claim's content words in the span, 0 to 1.
        adjacency: share of neighbouring words that are near each other in the span, 0 to 1.
        disorder: steps back in the span's order, 0 (none) to 1 (four or more).
        vetoes: how many literal checks failed for good.
        doubts: how many found another wording only.
        coverage: share of the claim's content words anywhere in the evidence, 0 to 1.
        logit: the trained scorer's log odds of support, or None where it was not asked.
    """

    overlap: float
    adjacency: float
    disorder: float
    vetoes: int
    doubts: int = 0
    coverage: float = 0.0
    logit: float | None = None

    def row(self) -> tuple[float, ...]:
        """The numbers the literal curve weighs, in its order; the trained one weighs three more."""
        failed = self.vetoes + self.doubts
        many = min(failed, 3) / 3
        literal = self.overlap, self.adjacency, self.disorder, float(failed > 0), many
        if self.logit is None:
            return literal
        return *literal, float(self.vetoes > 0), self.coverage, self.logit


@dataclass(frozen=True, slots=True)
class Support:
    """A logistic curve over `Features`. Last weight: the constant."""

    weights: tuple[float, ...]

    def probability(self, features: Features) -> float:
        """Probability that the span supports the claim, 0 to 1."""
        return logistic(features.row(), self.weights)


@dataclass(frozen=True, slots=True)
class AnswerFeatures:
    """How a unit meets a question.

    Attributes:
        cosine: cosine of question and unit (with title and section), -1 to 1.
        words: rarity-weighted share of the question's words in the unit, 0 to 1.
        context: the same with title and section counted, 0 to 1.
        subject: the same for the words that say about what is asked, 0 to 1.
        kind: 1 if the unit holds the kind of answer asked for.
        alone: cosine of question and unit without title and section, -1 to 1.
        row: 1 for a row of a table.
        figures: 1 for a row if the question asks for figures.
    """

    cosine: float
    words: float
    context: float
    subject: float
    kind: float
    alone: float
    row: float
    figures: float


@dataclass(frozen=True, slots=True)
class Answering:
    """A logistic curve over the first five `AnswerFeatures`. Last weight: the constant."""

    weights: tuple[float, ...]

    def probability(self, features: AnswerFeatures) -> float:
        """Probability that the unit answers, 0 to 1."""
        return logistic(astuple(features)[:5], self.weights)


@dataclass(frozen=True, slots=True)
class Ordering:
    """Which of the units of one question answers: log odds over all `AnswerFeatures`."""

    weights: tuple[float, ...]

    def log_odds(self, features: AnswerFeatures) -> float:
        """Log odds but for a constant: only differences between the units of one question mean something."""
        return float(sum(w * value for w, value in zip(self.weights, astuple(features), strict=True)))


def logistic(row: tuple[float, ...], weights: tuple[float, ...]) -> float:
    """Logistic curve over `row`; `weights` has one number more, the constant."""
    total = weights[-1] + sum(value * weight for value, weight in zip(row, weights, strict=False))
    return 1 / (1 + exp(-max(-60.0, min(60.0, total))))


def lowered(probability: float, log_odds: float) -> float:
    """`probability` after taking `log_odds` away from its own."""
    probability = min(max(probability, 1e-9), 1 - 1e-9)
    return 1 / (1 + exp(log_odds - log(probability / (1 - probability))))


# Fitted on 1,825 claims: changed MedQuAD and CFPB sentences (ragslm.evaluate.corruptions), BEGIN dev.
SUPPORT = Support(weights=(0.6, 0.0, -0.16, -3.27, -0.81, 1.36))
# Fitted on MedQuAD and PubMedQA questions with and without their own text among the evidence. `kind` and the
# constant are set by hand: 0.8 orders numbers first, and the constant weighs a needless refusal heavier than
# a quote beside the point (MedQuAD 0 % and 25 %, PubMedQA 7 % and 10 % of 60 questions each at 0.5).
ANSWER = Answering(weights=(10.858, 0.542, 1.364, 2.525, 0.8, -8.5))
# Fitted by a softmax over the units of each of 600 questions: TAT-QA (CC BY 4.0), HaluEval QA (MIT), SciFact
# (CC BY 4.0). Held out, the first unit holds the answer for 0.81 of 69 calculations over tables (0.69 under
# `ANSWER` and the cosine alone), 0.77 of 95 other TAT-QA questions (0.78), 0.42 of 55 of HaluEval's (0.40).
ORDER = Ordering(weights=(0.31, 2.15, 1.55, 2.44, 1.62, 2.11, 1.07, 0.89))
