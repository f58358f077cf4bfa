"""What all model engines share: prompts, constraints and the way from a stream to drafts."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from ragslm.generation.constraints import Constraint, cited_sentences, label_list
from ragslm.generation.drafts import DraftParser
from ragslm.generation.prompts import SELECT, WRITE, fitting, user_message
from ragslm.protocols import Draft, TokenCount, Unit
from ragslm.types import Mode, ModelRef

SENTENCE_TOKENS = 110
"""Tokens one sentence with its labels may take: 400 characters and some."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request to a model."""

    system: str = field(repr=False)
    user: str = field(repr=False)
    constraint: Constraint = field(repr=False)
    max_tokens: int


class Transport(Protocol):
    """Carries a call to a model and its reply back."""

    def stream(self, call: Call, count: TokenCount) -> Iterator[str]:
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
    """

    def __init__(
        self, name: str, model: ModelRef, default_mode: Mode, transport: Transport, *, prompt: str, most: int
    ) -> None:
        self.name = name
        self.model = model
        self.default_mode = default_mode
        self._transport = transport
        self._prompt = prompt
        self._most = most

    def select(
        self, question: str, units: Sequence[Unit], *, most: int, count: TokenCount
    ) -> tuple[str, ...]:
        """Labels the model names, best first."""
        offered = fitting(units)
        labels = [unit.label for unit in offered]
        if not labels:
            return ()
        call = Call(
            self._prompt, user_message(question, offered, SELECT), label_list(labels, most), 6 * most + 4
        )
        reply = "".join(self._transport.stream(call, count))
        named = dict.fromkeys(label for label in re.findall(r"\[(\w+)\]", reply) if label in labels)
        return tuple(named)[:most]

    def write(self, question: str, units: Sequence[Unit], *, count: TokenCount) -> Iterator[Draft]:
        """Sentences as the model finishes them."""
        offered = fitting(units)
        labels = [unit.label for unit in offered]
        if not labels:
            return
        constraint = cited_sentences(labels, self._most)
        call = Call(
            self._prompt, user_message(question, offered, WRITE), constraint, SENTENCE_TOKENS * self._most
        )
        parser = DraftParser(labels)
        pieces = self._transport.stream(call, count)
        try:
            for piece in pieces:
                yield from parser.feed(piece)
            yield from parser.finish()
        finally:
            close = getattr(pieces, "close", None)
            if close is not None:
                close()

    def close(self) -> None:
        """Free the model or the connections."""
        self._transport.close()
