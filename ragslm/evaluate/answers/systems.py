"""Who answers: the model alone, plain RAG over prompts made elsewhere, and ragslm, all through one engine."""

import hashlib
import json
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Protocol, Self

from ragslm import _sentences
from ragslm.assistant import Assistant
from ragslm.errors import ConfigError
from ragslm.evaluate.answers.cache import Key, hash_of
from ragslm.evaluate.answers.sets import Asked
from ragslm.evaluate.answers.wording import Decision, refuses, without_labels
from ragslm.generation.constraints import Constraint
from ragslm.generation.prompted import Call, Transport
from ragslm.protocols import TokenCount
from ragslm.registry import load_prompt
from ragslm.types import Answer, Filters, ModelRef

REPLY_TOKENS = 200
"""Tokens of a reply of the bare model and of plain RAG, at most: three sentences and some."""

SYSTEM = "You are a helpful assistant."

BARE = (
    "You are an assistant for question-answering tasks. Answer the question. If you don't know the answer, "
    "just say that you don't know. Use three sentences maximum and keep the answer concise."
)
"""LangChain's published RAG prompt (hub `rlm/rag-prompt`) without the context that a bare model has not."""

READ = "Does this reply answer the question with yes, no or maybe? Say the one word."

_FREE = Constraint(regex="", gbnf="")
_ONE_WORD = Constraint(regex="(yes|no|maybe)", gbnf='root ::= "yes" | "no" | "maybe"')
_LABELS = re.compile(r"\[(\d+(?:\s*,\s*\d+)*)\]")
_TRAILING = re.compile(r"([.!?])((?:\s*\[\d+(?:\s*,\s*\d+)*\])+)")
_BESIDE = ("evaluate", "cli", "server", "client", "testing", "integrations", "specialise", "__pycache__")


@dataclass(frozen=True, slots=True)
class Source:
    """A cited text and where it stands. `start` and `end`: its passage in the parsed original, for ragslm."""

    text: str = field(repr=False)
    document: str
    page: int | None = None
    document_id: str = ""
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence of a reply with the labels it carries."""

    text: str = field(repr=False)
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a system answered.

    Attributes:
        refused: it said so itself, or its words do.
        note: engine, mode and fallback, in words.
    """

    text: str = field(repr=False)
    statements: tuple[Statement, ...] = ()
    sources: Mapping[str, Source] = field(default_factory=dict)
    refused: bool = False
    seconds: float = 0.0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    note: str = ""

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> Self:
        """From `asdict`, as the cache keeps it."""
        statements = tuple(Statement(one["text"], tuple(one["labels"])) for one in plain["statements"])
        sources = {label: Source(**one) for label, one in plain["sources"].items()}
        return cls(**{**plain, "statements": statements, "sources": sources})

    def as_dict(self) -> dict[str, Any]:
        """For the cache."""
        return asdict(self)


class System(Protocol):
    """Answers questions; `name` is what reports call it."""

    name: str

    def key(self, asked: Asked) -> Key:
        """What its answer depends on."""
        ...

    def ask(self, asked: Asked) -> Reply:
        """The answer, freshly made."""
        ...


class Writer:
    """The model by itself: free text, greedy, through the transport that ragslm's own engine uses."""

    def __init__(self, transport: Transport, model: ModelRef) -> None:
        self._transport = transport
        self.model = model

    def say(self, system: str, user: str) -> Reply:
        """A reply of at most `REPLY_TOKENS` tokens."""
        count, start = TokenCount(), time.perf_counter()
        call = Call(system, user, _FREE, REPLY_TOKENS)
        text = "".join(self._transport.stream(call, count)).strip()
        return Reply(
            text=text,
            refused=not text or refuses(text),
            seconds=time.perf_counter() - start,
            prompt_tokens=count.prompt,
            completion_tokens=count.completion,
        )

    def read(self, asked: Asked, reply: str) -> Decision:
        """The decision a reader takes from a reply that states none: the model's own reading of it."""
        user = f"Question: {asked.text}\n\nReply: {without_labels(reply)}\n\n{READ}"
        word = "".join(self._transport.stream(Call(SYSTEM, user, _ONE_WORD, 3), TokenCount())).strip()
        return "yes" if word == "yes" else "no" if word == "no" else "maybe"

    def read_key(self, asked: Asked, reply: str) -> Key:
        """What a reading depends on."""
        return Key("reader", _weights(self.model), asked.id, hash_of(READ, asked.text, reply))


class Bare:
    """The model without any evidence."""

    name = "bare"

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    def key(self, asked: Asked) -> Key:
        """Model and prompt."""
        return Key(self.name, _weights(self._writer.model), asked.id, hash_of(SYSTEM, self._prompt(asked)))

    def ask(self, asked: Asked) -> Reply:
        """What the model knows."""
        reply = self._writer.say(SYSTEM, self._prompt(asked))
        return _with(reply, statements=_statements(reply.text))

    def _prompt(self, asked: Asked) -> str:
        return f"{BARE}\nQuestion: {' '.join((asked.text, asked.task)).strip()}\nAnswer:"


@dataclass(frozen=True, slots=True)
class Prompt:
    """What plain RAG asks the model, and the passages in it by label."""

    user: str = field(repr=False)
    sources: Mapping[str, Source] = field(repr=False)


class Plain:
    """Retrieve and stuff: the prompts come from `tests/bench/plain_rag.py`, the reply from the same model."""

    name = "plain RAG"

    def __init__(self, writer: Writer, prompts: Mapping[str, Prompt]) -> None:
        self._writer = writer
        self._prompts = prompts

    def key(self, asked: Asked) -> Key:
        """Model and prompt, which holds the passages."""
        return Key(self.name, _weights(self._writer.model), asked.id, hash_of(SYSTEM, self._of(asked).user))

    def ask(self, asked: Asked) -> Reply:
        """What the model makes of the passages."""
        prompt = self._of(asked)
        reply = self._writer.say(SYSTEM, prompt.user)
        statements = _statements(reply.text)
        named = {label for one in statements for label in one.labels}
        sources = {label: source for label, source in prompt.sources.items() if label in named}
        return _with(reply, statements=statements, sources=sources)

    def _of(self, asked: Asked) -> Prompt:
        try:
            return self._prompts[asked.id]
        except KeyError:
            raise ConfigError(
                f"The prompts of plain RAG have none for question {asked.id}: make them again."
            ) from None


class Ragslm:
    """An assistant over the set's documents.

    Args:
        assistant: open, the documents brought in.
        name: `ragslm`, or `ragslm, quotes` where no model is used.
        model: the chat model.
    """

    def __init__(self, assistant: Assistant, name: str, model: ModelRef) -> None:
        self.name = name
        self._assistant = assistant
        self._model = model

    def key(self, asked: Asked) -> Key:
        """Model, question, settings, documents and the code that answers."""
        parts = self._assistant._parts
        settings = self._assistant.settings.model_dump_json()
        domain = self._assistant.domain
        state = (domain, settings, load_prompt(domain), str(parts.catalogue.seq()), code_hash())
        return Key(
            self.name, _weights(self._model), asked.id, hash_of(asked.text, asked.within or "", *state)
        )

    def ask(self, asked: Asked) -> Reply:
        """What a user would see."""
        start = time.perf_counter()
        filters = Filters(uri=asked.within) if asked.within else None
        answer = self._assistant.ask(asked.text, filters=filters)
        spans = {passage.id: (passage.start, passage.end) for passage in answer.evidence}
        return Reply(
            text="\n".join(sentence.text for sentence in answer.sentences)
            if not answer.refused
            else answer.text,
            statements=tuple(Statement(one.text, one.citations) for one in answer.sentences),
            sources={
                cited.label: Source(
                    cited.quote,
                    Path(cited.uri).stem,
                    cited.page,
                    cited.document_id,
                    *spans.get(cited.passage_id, (cited.start, cited.end)),
                )
                for cited in answer.citations
            },
            refused=answer.refused,
            seconds=time.perf_counter() - start,
            prompt_tokens=answer.usage.prompt_tokens,
            completion_tokens=answer.usage.completion_tokens,
            note=_note(answer),
        )


def read_prompts(path: Path) -> dict[str, Prompt]:
    """What `tests/bench/plain_rag.py` wrote: `{id, user, passages: [{text, document, page}]}` a line.

    Raises:
        ConfigError: the file is not there or not so.
    """
    try:
        rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        return {
            str(row["id"]): Prompt(
                row["user"],
                {
                    str(i): Source(one["text"], one["document"], one["page"])
                    for i, one in enumerate(row["passages"], start=1)
                },
            )
            for row in rows
        }
    except (OSError, ValueError, KeyError, TypeError):
        raise ConfigError(f"{str(path)!r} has no prompts; make them with tests/bench/plain_rag.py.") from None


@cache
def code_hash() -> str:
    """SHA-256 over the code and the resources that answer; what only measures or serves is left out."""
    total = hashlib.sha256()
    for name, content in sorted(_sources(files("ragslm"), "")):
        total.update(f"{name} {len(content)} ".encode() + content)
    return total.hexdigest()


def _sources(folder: Traversable, prefix: str) -> Iterator[tuple[str, bytes]]:
    for entry in folder.iterdir():
        if entry.name in _BESIDE and not prefix:
            continue
        if entry.is_dir():
            yield from _sources(entry, f"{prefix}{entry.name}/")
        elif entry.name.endswith((".py", ".toml", ".json", ".safetensors")):
            yield prefix + entry.name, entry.read_bytes()


def _statements(text: str) -> tuple[Statement, ...]:
    """The sentences of a reply; a label after the full stop belongs to the sentence before it."""
    text = _TRAILING.sub(r"\2\1", text)
    found = (text[start:end] for start, end in _sentences.split(text))
    return tuple(
        Statement(without_labels(one).strip(), tuple(_named(one)))
        for one in found
        if without_labels(one).strip(" .")
    )


def _named(sentence: str) -> Sequence[str]:
    labels = (label.strip() for match in _LABELS.finditer(sentence) for label in match.group(1).split(","))
    return list(dict.fromkeys(labels))


def _with(reply: Reply, **changes: Any) -> Reply:
    return Reply(**{**{name: getattr(reply, name) for name in Reply.__slots__}, **changes})


def _note(answer: Answer) -> str:
    dropped = f", {answer.dropped.count} dropped" if answer.dropped.count else ""
    fallback = ", fell back" if answer.fallback else ""
    return f"{answer.engine} {answer.mode}{dropped}{fallback}"


def _weights(model: ModelRef) -> str:
    return model.sha256 or model.name
