"""What travels between server and client: bounded request bodies, and every value as JSON and back.

Values are the frozen dataclasses of `ragslm.types`, so both ends speak of the same things. Only the
server and the SDK import this module: it brings pydantic with it.
"""

import base64
import dataclasses
import datetime as dt
from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, Literal, TypeVar, cast, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter
from pydantic_core import PydanticCustomError, to_json

from ragslm.types import (
    Answer,
    Citation,
    DocumentInfo,
    Event,
    EventType,
    Filters,
    Hit,
    Mode,
    ModelRef,
    Passage,
    Sentence,
    SourceView,
)

T = TypeVar("T")

# Far above any real question, so that the assistant itself can say how long a question may be.
MAX_QUESTION = 200_000
MAX_TEXT = 2_000_000
MAX_PASSAGES = 100
# Each detail of a claim is looked for in every sentence of the passages.
MAX_CLAIM = 4_000
MAX_EVIDENCE = 200_000

DomainName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,63}$")]
Name = Annotated[str, StringConstraints(max_length=500)]
Question = Annotated[str, StringConstraints(max_length=MAX_QUESTION)]
PassageText = Annotated[str, StringConstraints(max_length=MAX_TEXT)]


# ---------------------------------------------------------------- requests


class _Body(BaseModel):
    # Unknown fields are refused and no error repeats what was sent: it may be personal data.
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class FilterFields(_Body):
    """The fields of `Filters` as JSON; dates as `YYYY-MM-DD`."""

    title: Name | None = None
    uri: Name | None = None
    media_type: Name | None = None
    document_id: Name | None = None
    date_from: dt.date | None = None
    date_to: dt.date | None = None
    issuer: Name | None = None
    period: Name | None = None
    type: Name | None = None

    def to_filters(self) -> Filters:
        """The same filters as the assistant takes them."""
        return Filters(**self.model_dump())


class _Query(_Body):
    filters: FilterFields | None = None
    scope: Name | None = None
    as_of: dt.date | None = None

    def narrowing(self) -> dict[str, Any]:
        """The arguments `filters`, `scope` and `as_of` of the assistant's methods."""
        filters = self.filters.to_filters() if self.filters else None
        return {"filters": filters, "scope": self.scope, "as_of": self.as_of}


class SearchRequest(_Query):
    """Body of `POST /v1/search`. `k`: how many hits, 1 to 1,000."""

    question: Question
    k: int = Field(10, ge=1, le=1000)
    domain: DomainName | None = None


class AskRequest(_Query):
    """Body of `POST /v1/ask`. `stream`: answer as server-sent events."""

    question: Question
    conversation: Name | None = None
    mode: Mode | None = None
    domain: DomainName | None = None
    stream: bool = False


class ScrubRequest(_Body):
    """Body of `POST /v1/scrub`."""

    text: PassageText
    domain: DomainName | None = None


def _short_together(passages: list[str]) -> list[str]:
    if sum(map(len, passages)) > MAX_EVIDENCE:
        raise PydanticCustomError(
            "passages_too_long", f"All passages together should have at most {MAX_EVIDENCE} characters"
        )
    return passages


class VerifyRequest(_Body):
    """Body of `POST /v1/verify`: at most 100 passages, and 200,000 characters of all of them."""

    claim: Annotated[str, StringConstraints(max_length=MAX_CLAIM)]
    passages: Annotated[list[PassageText], Field(max_length=MAX_PASSAGES), AfterValidator(_short_together)]
    domain: DomainName | None = None


class ChatOptions(_Query):
    """Field `ragslm` of a chat completion request: what OpenAI's protocol has no word for."""

    conversation: Name | None = None
    mode: Mode | None = None


class _Lenient(BaseModel):
    # OpenAI clients send many parameters; those not named here are dropped and never passed on.
    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)


class ContentPart(_Lenient):
    """One part of a message's content; only text is read."""

    type: Name
    text: Question | None = None


class ChatMessage(_Lenient):
    """One message of a chat; only those of `user` and `assistant` are read."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: Question | list[ContentPart] | None = None


class StreamOptions(_Lenient):
    """What a streaming OpenAI client asks for besides the text."""

    include_usage: bool = False


class ChatRequest(_Lenient):
    """Body of `POST /v1/chat/completions`. `model` names the domain, such as `ragslm-medical`."""

    model: Name = "ragslm"
    messages: list[ChatMessage] = Field(min_length=1, max_length=1000)
    stream: bool = False
    stream_options: StreamOptions | None = None
    ragslm: ChatOptions | None = None


def known_fields() -> frozenset[str]:
    """Every field name of the request bodies: the only names an error may repeat."""
    bodies: list[type[BaseModel]] = [
        FilterFields, SearchRequest, AskRequest, ScrubRequest, VerifyRequest, ChatOptions, ContentPart,
        ChatMessage, StreamOptions, ChatRequest,
    ]  # fmt: skip
    return frozenset(name for body in bodies for name in body.model_fields)


# ---------------------------------------------------------------- answers that are more than one value


@dataclasses.dataclass(frozen=True, slots=True)
class Hits:
    """Answer of `POST /v1/search`, best first."""

    hits: tuple[Hit, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Documents:
    """Answer of `GET /v1/documents`."""

    documents: tuple[DocumentInfo, ...]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ServerInfo:
    """Answer of `GET /v1/info`: what runs here, and what the asking user may do.

    Attributes:
        version: of ragslm.
        domain: the domain used when a request names none; `domains` are all of them.
        engine: name of the chat engine; `models` its weights and the encoders.
        intended_use: the statement shown with every session.
        cleared: the user sees restored personal data; `owner`: may add and remove documents.
        health: what the assistant reports of itself.
    """

    version: str
    domain: str
    domains: tuple[str, ...]
    engine: str
    intended_use: str
    models: tuple[ModelRef, ...] = ()
    cleared: bool = False
    owner: bool = False
    health: dict[str, str | int | bool] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """What the server says of a request it did not fulfil."""

    code: str
    message: str
    request_id: str | None = None


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ChatExtension:
    """Field `ragslm` of a chat completion: what proves the answer."""

    citations: tuple[Citation, ...]
    sentences: tuple[Sentence, ...]
    evidence: tuple[Passage, ...]
    refused: bool
    reason: str | None
    mode: Mode
    engine: str
    fallback: str | None
    audit_id: str
    conversation: str | None
    conflicts: tuple[tuple[str, ...], ...] = ()

    @classmethod
    def of(cls, answer: Answer, conversation: str | None) -> "ChatExtension":
        """The part of an answer that OpenAI's protocol has no field for."""
        same = {f.name: getattr(answer, f.name) for f in dataclasses.fields(cls) if f.name != "conversation"}
        return cls(**same, conversation=conversation)


# ---------------------------------------------------------------- values as JSON


def dump(value: Any) -> bytes:
    """A value, or a mapping or sequence of values, as UTF-8 JSON; bytes as URL-safe base64."""
    return to_json(value, bytes_mode="base64", inf_nan_mode="null", fallback=_plain)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"A value of type {type(value).__name__} has no JSON form.")


def load(kind: type[T], data: bytes | str) -> T:
    """The value of type `kind` that `dump` wrote. Fields of a newer server are ignored.

    Raises:
        ValueError: it is not JSON of that type.
    """
    value: Any = _adapter(cast(Any, kind)).validate_json(data)
    if isinstance(value, SourceView) and value.image is not None:
        value = dataclasses.replace(value, image=base64.b64decode(value.image, altchars=b"-_", validate=True))
    return cast(T, value)


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


# ---------------------------------------------------------------- server-sent events

HEARTBEAT = b": still working\n\n"


def encode_event(event: Event) -> bytes:
    """One server-sent event: its type, then the whole `Event` as one line of JSON."""
    return b"event: " + event.type.encode() + b"\ndata: " + dump(event) + b"\n\n"


def decode_event(name: str, data: str) -> Event | None:
    """The event of one server-sent message; None if it is of a type this version does not know.

    Raises:
        ValueError: the data is not an event.
    """
    return load(Event, data) if name in get_args(EventType) else None
