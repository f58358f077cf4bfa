"""What all model engines share: prompts, constraints and the way from a stream to drafts."""

import re
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import Protocol

from ragslm.generation.constraints import NONE, Constraint, cited_sentences, expression, label_list
from ragslm.generation.drafts import DraftParser
from ragslm.generation.prompts import SELECT, WRITE, fitting, tokens_at_most, user_message, values_message
from ragslm.protocols import Draft, TokenCount, Unit
from ragslm.types import Mode, ModelRef

SENTENCE_TOKENS = 110
"""Tokens one sentence with its labels may take: 400 characters and some."""

LABEL_TOKENS = 6
"""Tokens of one label, brackets included."""

EXPRESSION_TOKENS = 60
"""Tokens of an expression over a dozen values."""

TEMPLATE_TOKENS = 200
"""Tokens of the task and of the signs a chat template adds, at most."""


_NUMBER = re.compile(r"\[(\w+)\]")


@dataclass(frozen=True, slots=True)
class Call:
    """One request to a model."""

    system: str = field(repr=False)
    user: str = field(repr=False)
    constraint: Constraint = field(repr=False)
    max_tokens: int


class Transport(Protocol):
    """Carries a call to a model and its reply back. `served`: the model's name once a server told it."""

    served: str | None

    def stream(self, call: Call, count: TokenCount) -> Generator[str, None, None]:
        """Pieces of the reply as they are made. Closing the iterator stops the model.

        Raises:
            EngineError: the model failed.
            EngineTimeoutError: it did not answer in time.
        """
        ...

    def close(self) -> None:
        """Free the model or the connections."""
        ...


class PromptedEngine:
    """Implements `protocols.ChatEngine` over any model that follows a prompt.

    Args:
        name: `vllm`, `llama_cpp` or an adapter's.
        model: which weights.
        default_mode: the furthest wording it was measured to deserve.
        transport: carries the calls.
        prompt: the domain's system prompt.
        most: sentences of one answer.
        window: the model's context, in tokens; evidence is cut so that it is never exceeded.
    """

    def __init__(
        self,
        name: str,
        model: ModelRef,
        default_mode: Mode,
        transport: Transport,
        *,
        prompt: str,
        most: int,
        window: int = 4096,
    ) -> None:
        self.name = name
        self.model = model
        self.default_mode = default_mode
        self._transport = transport
        self._prompt = prompt
        self._most = most
        self._window = window

    def select(
        self, question: str, units: Sequence[Unit], *, most: int, count: TokenCount
    ) -> tuple[str, ...]:
        """Labels the model names, best first."""
        tokens = LABEL_TOKENS * most + 4
        offered = self._fitting(question, units, tokens)
        if not offered:
            return ()
        call = Call(
            self._prompt, user_message(question, offered, SELECT), label_list([*offered], most), tokens
        )
        reply = "".join(self._transport.stream(call, count))
        self._note_model()
        named = dict.fromkeys(number for number in _NUMBER.findall(reply) if number in offered)
        return tuple(offered[number].label for number in named)[:most]

    def write(self, question: str, units: Sequence[Unit], *, count: TokenCount) -> Iterator[Draft]:
        """Sentences as the model finishes them."""
        tokens = SENTENCE_TOKENS * self._most
        offered = self._fitting(question, units, tokens)
        if not offered:
            return
        constraint = cited_sentences([*offered], self._most)
        call = Call(self._prompt, user_message(question, offered, WRITE), constraint, tokens)
        with closing(self._transport.stream(call, count)) as pieces:
            for draft in _once(DraftParser(offered).read(self._noting_model(pieces))):
                yield Draft(draft.text, tuple(offered[number].label for number in draft.labels))

    def propose(self, question: str, values: Mapping[str, str], *, count: TokenCount) -> str | None:
        """An expression over the values' names; None if no calculation answers or the values do not fit."""
        message = values_message(question, values)
        taken = tokens_at_most(message) + tokens_at_most(self._prompt) + TEMPLATE_TOKENS + EXPRESSION_TOKENS
        if not values or taken > self._window:
            return None
        call = Call(self._prompt, message, expression([*values]), EXPRESSION_TOKENS)
        reply = "".join(self._transport.stream(call, count)).strip()
        self._note_model()
        return None if reply == NONE else reply

    def close(self) -> None:
        """Free the model or the connections."""
        self._transport.close()

    def _fitting(self, question: str, units: Sequence[Unit], tokens: int) -> dict[str, Unit]:
        """The first units that fit beside prompt, question and a reply of `tokens`, by their number.

        The model sees 1, 2, 3, … whatever the labels are: given 3, 7 and 12, a model of 135 million
        parameters named 12 for every question, because it begins with a 1.
        """
        taken = tokens + TEMPLATE_TOKENS + tokens_at_most(self._prompt) + tokens_at_most(question)
        offered = fitting(units, self._window - taken)
        return {str(number): unit for number, unit in enumerate(offered, start=1)}

    def _noting_model(self, pieces: Iterator[str]) -> Iterator[str]:
        for piece in pieces:
            self._note_model()
            yield piece

    def _note_model(self) -> None:
        """A server says only when asked what it serves."""
        if self._transport.served is not None and self.model.sha256 is None:
            self.model = ModelRef(self._transport.served)


def _once(drafts: Iterator[Draft]) -> Iterator[Draft]:
    """A small model repeats itself; what it says again is not said twice."""
    said: set[str] = set()
    for draft in drafts:
        if draft.text not in said:
            said.add(draft.text)
            yield draft
