"""What decides which sentences are shown."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from ragslm.protocols.engines import Draft, Unit
from ragslm.types import Origin, Passage, Verdict


@runtime_checkable
class Verifier(Protocol):
    """Judges whether a claim is supported by passages: literal checks first, then a model's veto."""

    def verify(self, claim: str, passages: Sequence[str]) -> Verdict:
        """The best verdict over the passages taken singly and together."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounded:
    """What became of a draft or a quoted unit.

    Attributes:
        text: the sentence to show, without labels; None if it is dropped.
        units: the units that support it, in citation order.
        verdict: why.
        origin: whether the engine's wording, the source's, or a calculation is shown.
        reason: why the draft itself is not shown, in words without its text; None if it is.
        formula: pieces of a calculation's formula, each operand followed by the unit it stands in.
    """

    text: str | None = field(repr=False)
    units: tuple[Unit, ...] = ()
    verdict: Verdict
    origin: Origin = "quoted"
    reason: str | None = None
    formula: tuple[str | Unit, ...] = field(default=(), repr=False)


class Calculator(Protocol):
    """Answers questions that ask for a calculation over values the sources state."""

    def values(self, question: str, search: Callable[[str], Sequence[Passage]]) -> Sequence[Passage]:
        """Passages with the values that a measure is worked out from, found by `search`: they may stand in
        places that are not like the question. Empty for most questions.
        """
        ...

    def calculate(
        self,
        question: str,
        units: Sequence[Unit],
        propose: Callable[[Mapping[str, str]], str | None] | None,
        *,
        quoted: bool = True,
    ) -> Grounded | None:
        """The result with formula and operands, evaluated in code; None where none is asked for, a source
        states it, or the values that fit the question are not found beyond doubt.

        `propose` asks a model for an expression (see `Proposer`) where more than one reading is left. Where
        units are not going to be `quoted`, the result is given though one of them states it.
        """
        ...

    def quotable(self, question: str, units: Sequence[Unit]) -> list[Unit]:
        """The units that may answer where nothing was calculated, in their order: where a measure is asked
        for ("quick ratio") those that name it, for one of its values is not the measure; else all.
        """
        ...


class Grounder(Protocol):
    """Decides what is shown. `used` holds the labels already quoted; no unit is quoted twice."""

    def ground(self, draft: Draft, units: Mapping[str, Unit], used: set[str]) -> Grounded:
        """Judge a draft against the units it cites: shown, replaced by a unit, or dropped."""
        ...

    def quote(self, unit: Unit, used: set[str]) -> Grounded:
        """The unit itself as a sentence, unless it was quoted before."""
        ...


class EvidenceRanker(Protocol):
    """Cuts passages into units and ranks them for a question."""

    def units(self, question: str, passages: Sequence[Passage], tables: Sequence[Passage] = ()) -> list[Unit]:
        """Units of the passages, best first, each scored 0 to 1; none is about another person than asked.
        Rows of `tables` come after them: they are looked up, not ranked.
        """
        ...

    def select(self, units: Sequence[Unit], most: int, *, least: float = 0.0) -> list[Unit]:
        """The best few that belong together, in the order in which they read best. Beside the best, none
        scores below `least` unless it is the sentence to which the best refers back.
        """
        ...

    def answerable(self, question: str, units: Sequence[Unit]) -> float:
        """Probability that the units hold an answer, 0 to 1."""
        ...

    def answering(self, question: str, units: Sequence[Unit]) -> list[Unit]:
        """Of ranked units those that state what is asked, in their order; none where all are only near it."""
        ...

    def disagreeing(
        self,
        question: str,
        selected: Sequence[Unit],
        ranked: Sequence[Unit],
        scopes: Mapping[str, str | None],
    ) -> list[tuple[Unit, ...]]:
        """Groups of units, one of them selected, that state different values for the same thing, newest
        first. `scopes`: patient or account by document; statements of two of them never meet.
        """
        ...
