"""Models that select evidence, word sentences and propose calculations. All of it is checked."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol, runtime_checkable

from ragslm.types import Mode, ModelRef, Passage


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A sentence or table row of the evidence that an answer may select or cite.

    Attributes:
        label: unique within one question, `1`, `2`, …
        text: scrubbed text, verbatim.
        passage: the passage it was cut from.
        start: first character in `passage.text`; `end` one past the last.
        kind: what it is.
        score: how well it answers the question by encoder and words, 0 to 1.
    """

    label: str
    text: str = field(repr=False)
    passage: Passage
    start: int
    end: int
    kind: Literal["sentence", "row"] = "sentence"
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class Draft:
    """A sentence a model wrote, not yet checked. `labels` name the units it claims to rest on."""

    text: str = field(repr=False)
    labels: tuple[str, ...]


@dataclass(slots=True)
class TokenCount:
    """Tokens an engine used; it adds to it while it works."""

    prompt: int = 0
    completion: int = 0


@runtime_checkable
class ChatEngine(Protocol):
    """Selects units and words sentences. Whatever it returns is checked before anyone sees it.

    `name` is `vllm`, `llama_cpp`, `extractive` or an adapter's; `default_mode` the furthest wording
    this engine has been measured to deserve. Labels outside the given units cannot be produced.
    """

    name: str
    model: ModelRef
    default_mode: Mode

    def select(
        self, question: str, units: Sequence[Unit], *, most: int, count: TokenCount
    ) -> tuple[str, ...]:
        """Labels of at most `most` units that answer, best first; empty if none does.

        Raises:
            EngineError: the engine failed; the caller falls back to the extractive engine.
            EngineTimeoutError: it did not answer in time.
        """
        ...

    def write(self, question: str, units: Sequence[Unit], *, count: TokenCount) -> Iterator[Draft]:
        """Yield sentences as they are finished, each ending in labels of `units`.

        Raises:
            EngineError: the engine failed, possibly after some sentences.
            EngineTimeoutError: it did not answer in time.
        """
        ...

    def close(self) -> None:
        """Free the model or the connections."""
        ...


@runtime_checkable
class Proposer(Protocol):
    """A chat engine that can also propose a calculation. It computes nothing and writes no number."""

    def propose(self, question: str, values: Mapping[str, str], *, count: TokenCount) -> str | None:
        """An expression over the names of `values`, such as `(v2 - v1) / v1`; None if none answers.

        `values` says in words what each name is: value, row and period. Only these names, `avg`, brackets,
        the four signs and small counts can be produced; the calculator rejects what does not fit.

        Raises:
            EngineError: the engine failed; nothing is calculated.
        """
        ...
