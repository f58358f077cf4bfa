"""OpenAI's chat completion protocol around an `Answer`: plain values in, plain values out.

Source: https://platform.openai.com/docs/api-reference/chat
"""

import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ragslm import wire
from ragslm.errors import NotFoundError, QuestionError
from ragslm.types import Answer, Event, Usage, labelled

PREFIX = "ragslm"
Turns = list[tuple[str, str]]


def domain_of(model: str, domains: tuple[str, ...]) -> str | None:
    """The domain a model name stands for; None for plain `ragslm`, the server's own domain.

    Raises:
        NotFoundError: there is no such model.
    """
    if model == PREFIX:
        return None
    domain = model.removeprefix(f"{PREFIX}-")
    if domain == model or domain not in domains:
        known = ", ".join(f"{PREFIX}-{name}" for name in domains)
        raise NotFoundError(f"There is no such model here. Models are: {PREFIX}, {known}.")
    return domain


def split_messages(messages: list[wire.ChatMessage]) -> tuple[Turns, str]:
    """The earlier turns of user and assistant, and the question: the last message of the user.

    Raises:
        QuestionError: the user said nothing, or something that is not text.
    """
    turns: Turns = [(m.role, _text(m)) for m in messages if m.role in {"user", "assistant"}]
    while turns and turns[-1][0] != "user":
        turns.pop()
    if not turns:
        raise QuestionError("There is no message with role `user`. Add the question as the last one.")
    return turns[:-1], turns[-1][1]


def _text(message: wire.ChatMessage) -> str:
    if message.content is None or isinstance(message.content, str):
        return message.content or ""
    if any(part.type != "text" for part in message.content):
        raise QuestionError("Only messages of text can be answered; leave out pictures, audio and files.")
    return "\n".join(part.text or "" for part in message.content)


def content_of(answer: Answer) -> str:
    """The text of the message: the sentences with their labels, or the refusal."""
    return " ".join(labelled(sentence) for sentence in answer.sentences) or answer.text


def usage_of(usage: Usage) -> dict[str, int]:
    """Token counts under OpenAI's names."""
    total = usage.prompt_tokens + usage.completion_tokens
    return {
        "prompt_tokens": usage.prompt_tokens,
        "completion_tokens": usage.completion_tokens,
        "total_tokens": total,
    }


@dataclass(slots=True, kw_only=True)
class Completion:
    """One chat completion being answered, whole or in chunks."""

    model: str
    conversation: str
    include_usage: bool = False
    id: str = field(default_factory=lambda: f"chatcmpl-{secrets.token_hex(12)}")
    created: int = field(default_factory=lambda: int(time.time()))
    text: str = field(default="", repr=False)

    def whole(self, answer: Answer) -> dict[str, Any]:
        """The body of a response that is not streamed."""
        self.text = content_of(answer)
        message = {"role": "assistant", "content": self.text, "refusal": None}
        choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
        return {
            **self._head("chat.completion"),
            "choices": [choice],
            "usage": usage_of(answer.usage),
            PREFIX: wire.ChatExtension.of(answer, self.conversation),
        }

    def chunks(self, event: Event) -> Iterator[bytes]:
        """The server-sent events for one event of the answer."""
        if event.type == "evidence":
            yield self._chunk({"role": "assistant", "content": ""})
        elif event.type == "sentence" and event.sentence is not None:
            yield self._say(labelled(event.sentence))
        elif event.type == "done" and event.answer is not None:
            yield from self._last(event.answer)
        elif event.type == "error":
            error = {"message": event.error, "type": "server_error", "code": "InternalError", "param": None}
            yield _sse({"error": error})

    def _say(self, text: str) -> bytes:
        added = f" {text}" if self.text else text
        self.text += added
        return self._chunk({"content": added})

    def _last(self, answer: Answer) -> Iterator[bytes]:
        if not self.text:
            yield self._say(content_of(answer))
        yield self._chunk(
            {}, finish_reason="stop", extension=wire.ChatExtension.of(answer, self.conversation)
        )
        if self.include_usage:
            yield _sse(
                {**self._head("chat.completion.chunk"), "choices": [], "usage": usage_of(answer.usage)}
            )
        yield b"data: [DONE]\n\n"

    def _chunk(
        self, delta: dict[str, str], finish_reason: str | None = None, extension: object = None
    ) -> bytes:
        choice = {"index": 0, "delta": delta, "finish_reason": finish_reason, "logprobs": None}
        body = {**self._head("chat.completion.chunk"), "choices": [choice]}
        return _sse({**body, PREFIX: extension} if extension is not None else body)

    def _head(self, kind: str) -> dict[str, Any]:
        return {"id": self.id, "object": kind, "created": self.created, "model": self.model}


def _sse(body: dict[str, Any]) -> bytes:
    return b"data: " + wire.dump(body) + b"\n\n"
