"""Whether a passage answers or only resembles what would: read beside the question, on a fitted curve.

The encoder's cosine and shared words cannot tell "Usher syndrome" from another syndrome, nor a customer's own
words from those of a regulation. A cross-encoder reads the best passages together with the question; words of
the question that stand nowhere in the evidence speak against it.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol

from ragslm._sentences import content_words
from ragslm.grounding.calibration import logistic
from ragslm.grounding.ranking import GENERIC
from ragslm.grounding.reading.tokens import alike
from ragslm.protocols import Unit
from ragslm.types import Passage

FITTED = Path(__file__).with_name("adapters") / "answerability.json"
"""The curve that is shipped, how it was made, on what, and what it did with questions held out."""

READ = 3
"""Passages that are read: those of the best units. All of eight told no more where the curve was fitted."""


class Reader(Protocol):
    """The cross-encoder that is shipped: the curve is fitted for its scores."""

    def scores(self, question: str, passages: Sequence[str]) -> Sequence[float]:
        """Relevance of each passage (header line, line break, text), unbounded; higher is better."""
        ...


@dataclass(frozen=True, slots=True)
class Meeting:
    """How question and evidence meet.

    Attributes:
        missing: share of the subject's words that stand nowhere in the evidence, 0 to 1.
        relevance: of the passage that the reader finds best, unbounded.
    """

    missing: float
    relevance: float


@dataclass(frozen=True, slots=True)
class Answerability:
    """A logistic curve over `Meeting`."""

    missing: float
    relevance: float
    constant: float

    def probability(self, meeting: Meeting) -> float:
        """Probability that the evidence answers, 0 to 1."""
        weights = self.missing, self.relevance, self.constant
        return logistic((meeting.missing, meeting.relevance), weights)


def meet(question: str, ranked: Sequence[Unit], reader: Reader) -> Meeting:
    """How a question meets its evidence.

    Args:
        question: one wording of it, scrubbed.
        ranked: units from `rank_units`, one at least.
        reader: reads the passages of the best units.
    """
    passages = [*{unit.passage.id: unit.passage for unit in ranked}.values()]
    relevance = reader.scores(question, [_headed(passage) for passage in passages[:READ]])
    return Meeting(_missing(question, passages), max(relevance))


@cache
def fitted() -> Answerability:
    """The curve that is shipped."""
    return Answerability(**json.loads(FITTED.read_text("utf-8"))["weights"])


def _missing(question: str, passages: Sequence[Passage]) -> float:
    """Words that say what kind of thing is asked do not count; a question of nothing else misses none."""
    subject = [word for word in dict.fromkeys(content_words(question)) if word not in GENERIC]
    known = {word for passage in passages for word in content_words(_headed(passage))}
    lacking = [w for w in subject if w not in known and not any(alike(w, other) for other in known)]
    return len(lacking) / max(1, len(subject))


def _headed(passage: Passage) -> str:
    """The passage below the line that says where it comes from, as the cross-encoder was trained."""
    return f"{' › '.join(filter(None, (passage.title, passage.section)))}\n{passage.text}"
