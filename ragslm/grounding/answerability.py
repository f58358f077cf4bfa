"""Whether a passage answers or only resembles what would: read beside the question, on a fitted curve.

The encoder's cosine and shared words cannot tell "Usher syndrome" from another syndrome, nor a customer's own
words from those of a regulation. A cross-encoder reads the best passages together with the question; words of
the question that stand nowhere in the evidence speak against it. Where questions are asked of banking rules,
a second one, trained on such questions, reads them too, and it counts whether the question is like one that
these rules are known to answer. What one of the two finds answered, is.
"""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol

from ragslm._sentences import content_words
from ragslm.grounding.calibration import logistic
from ragslm.grounding.ranking import GENERIC
from ragslm.grounding.reading.tokens import alike
from ragslm.protocols import Unit
from ragslm.types import PATH_SEPARATOR, Passage

_ADAPTERS = Path(__file__).with_name("adapters")
FITTED = _ADAPTERS / "answerability.json"
"""The curve for the shipped reranker, how it was made, on what, and what it did with questions held out."""
FITTED_RULES = _ADAPTERS / "answerability-rules.json"
"""The curve for the reader of rules, told in the same way."""

READ = 3
"""Passages that are read: those of the best units. All of eight told no more where the curve was fitted."""
READ_RULES = 8
"""Passages that the reader of rules reads: the rule asked for is often not the one with the nearest words."""

Closest = Callable[[str, Sequence[Passage]], float]
"""Cosine of a question and the nearest that one of the passages is known to answer, 0 to 1."""


def nothing_known(question: str, passages: Sequence[Passage]) -> float:
    """No question is known."""
    return 0.0


class Reader(Protocol):
    """A cross-encoder that is shipped: its curve is fitted for its scores."""

    def scores(self, question: str, passages: Sequence[str]) -> Sequence[float]:
        """Relevance of each passage (header line, line break, text), unbounded; higher is better."""
        ...


@dataclass(frozen=True, slots=True)
class Meeting:
    """How question and evidence meet.

    Attributes:
        missing: share of the subject's words that stand nowhere in the evidence, 0 to 1.
        relevance: of the passage that the reader finds best, unbounded.
        known: cosine of the nearest question that a passage read is known to answer, 0 to 1.
    """

    missing: float
    relevance: float
    known: float = 0.0


@dataclass(frozen=True, slots=True)
class Answerability:
    """A logistic curve over `Meeting`."""

    missing: float
    relevance: float
    constant: float
    known: float = 0.0

    def probability(self, meeting: Meeting) -> float:
        """Probability that the evidence answers, 0 to 1."""
        weights = self.missing, self.relevance, self.known, self.constant
        return logistic((meeting.missing, meeting.relevance, meeting.known), weights)


@dataclass(frozen=True, slots=True)
class Judge:
    """A cross-encoder and the curve that was fitted for its scores.

    Attributes:
        reader: reads the passages of the best units.
        curve: makes a probability of it.
        most: how many passages are read.
        reads: passages of which title and section are read; None: all.
        closest: how near the question is to one that they are known to answer.
    """

    reader: Reader
    curve: Answerability
    most: int = READ
    reads: re.Pattern[str] | None = None
    closest: Closest = nothing_known

    def probability(self, question: str, ranked: Sequence[Unit]) -> float:
        """Probability that the evidence answers, 0 to 1, where there is something to read; otherwise 0.

        Args:
            question: one wording of it, scrubbed.
            ranked: units from `rank_units`.
        """
        read = [unit for unit in ranked if self.reads is None or self.reads.search(_header(unit.passage))]
        if not read:
            return 0.0
        return self.curve.probability(meet(question, read, self.reader, self.most, self.closest))


def meet(
    question: str,
    ranked: Sequence[Unit],
    reader: Reader,
    most: int = READ,
    closest: Closest = nothing_known,
) -> Meeting:
    """How a question meets its evidence.

    Args:
        question: one wording of it, scrubbed.
        ranked: units from `rank_units`, one at least.
        reader: reads the passages of the best units.
        most: how many of them.
        closest: how near the question is to one that those read are known to answer.
    """
    passages = [*{unit.passage.id: unit.passage for unit in ranked}.values()]
    read = passages[:most]
    relevance = reader.scores(question, [_headed(passage) for passage in read])
    return Meeting(_missing(question, passages), max(relevance), closest(question, read))


@cache
def fitted(curve: Path = FITTED) -> Answerability:
    """A curve that is shipped."""
    return Answerability(**json.loads(curve.read_text("utf-8"))["weights"])


def _missing(question: str, passages: Sequence[Passage]) -> float:
    """Words that say what kind of thing is asked do not count; a question of nothing else misses none."""
    subject = [word for word in dict.fromkeys(content_words(question)) if word not in GENERIC]
    known = {word for passage in passages for word in content_words(_headed(passage))}
    lacking = [w for w in subject if w not in known and not any(alike(w, other) for other in known)]
    return len(lacking) / max(1, len(subject))


def _headed(passage: Passage) -> str:
    """The passage below the line that says where it comes from, as the cross-encoder was trained."""
    return f"{_header(passage)}\n{passage.text}"


def _header(passage: Passage) -> str:
    return PATH_SEPARATOR.join(filter(None, (passage.title, passage.section)))
