"""What a suite searches: questions, passages, and which of them are right."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ragslm.evaluate.report import Metric
from ragslm.evaluate.variants import Searcher

Progress = Callable[[int, int], None]

Unit = frozenset[Hashable]
"""What is ranked, by the keys it holds: an item of a corpus, a page, a passage with its paragraphs."""


@dataclass(frozen=True, slots=True)
class Case:
    """A question with the keys that answer it. `document`: name of the one it asks about, if one is named."""

    id: str
    text: str = field(repr=False)
    relevant: frozenset[Hashable]
    document: str | None = None


class Collection(ABC):
    """A suite's questions over what they are asked of.

    Attributes:
        suite: its name.
        documents: documents searched.
        cases: the questions.
        searcher: looks inside the search.
        top: how many units count as found.
        noted: names of measures that a report's rows show too.
    """

    suite: str
    documents: int
    cases: Sequence[Case]
    searcher: Searcher
    top: int
    noted: tuple[str, ...] = ()

    def seen(self, case: Case) -> str:
        """The question as the indexes are asked."""
        return case.text

    @abstractmethod
    def shown(self, case: Case) -> Sequence[Unit]:
        """What a user sees, best first."""

    @abstractmethod
    def units(self, ids: Sequence[int]) -> Sequence[Unit]:
        """What the passages are or hold, in their order, each once."""

    @abstractmethod
    def measured(self, case: Case, ranked: Sequence[Unit]) -> Mapping[str, Any]:
        """The measures of one question by name."""

    @abstractmethod
    def metrics(self, measured: Sequence[Mapping[str, Any]]) -> tuple[Metric, ...]:
        """The measures of all questions, summed up."""
