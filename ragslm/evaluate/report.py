"""What an evaluation of retrieval reports: numbers with intervals, and a row for every question."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from ragslm.evaluate.intervals import bootstrap_mean, wilson


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One measured number with its 95 % interval; all 0 to 1. `n`: questions behind it."""

    name: str
    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RetrievalReport:
    """What was measured on one folder.

    Attributes:
        data: name of the folder.
        suite: `judged corpus`, `filings` or `paragraphs`.
        documents: documents searched.
        metrics: the numbers.
        rows: one mapping per question: its id, the rank of what answers it after every stage (`dense`,
            `lexical`, `fused`, `shown`; 1-based, None where it is not among the candidates) and `lost_at`,
            the stage that lost it; never its text.
    """

    data: str
    suite: str
    documents: int
    metrics: tuple[Metric, ...]
    rows: tuple[Mapping[str, Any], ...] = field(default=(), repr=False)

    def as_dict(self) -> dict[str, Any]:
        """The report as plain values, for JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class AblationReport:
    """The same numbers for every way of searching, in the order in which each adds to the one before.

    Attributes:
        data: name of the folder.
        suite: as in `RetrievalReport`.
        documents: documents searched.
        variants: metrics by way of searching.
    """

    data: str
    suite: str
    documents: int
    variants: Mapping[str, tuple[Metric, ...]]


def mean(name: str, values: Sequence[float]) -> Metric:
    """The mean of one number per question, with its bootstrap interval."""
    value, low, high = bootstrap_mean(values)
    return Metric(name=name, value=value, low=low, high=high, n=len(values))


def share(name: str, outcomes: Sequence[bool]) -> Metric:
    """The share of questions with the outcome, with its Wilson interval."""
    successes, n = sum(outcomes), len(outcomes)
    low, high = wilson(successes, n)
    return Metric(name=name, value=successes / n if n else 0.0, low=low, high=high, n=n)
