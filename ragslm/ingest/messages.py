"""What parent and parsing worker tell each other: JSON, checked on arrival.

No pickle: a document that takes over its parser could hand the parent an object that runs code. Whatever
comes back is plain data, of the right types and with every offset inside the text, or it is refused.
"""

import datetime as dt
import json
from collections.abc import Callable, Mapping
from dataclasses import astuple, dataclass, field, replace
from typing import Any, TypeVar, get_args

from ragslm.errors import ConfigError, MissingExtraError, QuarantineError
from ragslm.ingest.members import decoded, encoded
from ragslm.types import (
    Block,
    BlockKind,
    LabelledField,
    Member,
    PageSpan,
    ParsedDocument,
    Section,
    SourceDocument,
    WordBox,
)

T = TypeVar("T")

READY = b"ready"
BUSY = b"busy"
"""A worker starts a program that it may start, such as the one that reads a scanned page."""
MAX_REASON = 500
"""Longest reason in characters that is taken over from a worker."""

_KINDS = frozenset(get_args(BlockKind))
_STARTING: Mapping[str, type[ConfigError] | type[MissingExtraError]] = {
    "config": ConfigError,
    "extra": MissingExtraError,
}
_UNSTORABLE = {0: "\ufffd", **dict.fromkeys(range(0xD800, 0xE000), "\ufffd")}
"""NUL and lone surrogates, which are no text; replaced one for one, so that offsets stay right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """A parsed document, which parser read it as what, and the documents inside it."""

    document: ParsedDocument
    parser: str
    media_type: str
    members: tuple[Member, ...] = field(default=(), repr=False)


class ParseFailure(QuarantineError):
    """Why a document could not be parsed.

    Attributes:
        again: another try may end otherwise, so an unchanged document is parsed again in the next run.
        last: the worker that said so is not to be used again.
    """

    def __init__(self, reason: str, *, again: bool = False, last: bool = False) -> None:
        super().__init__(reason)
        self.again = again
        self.last = last


# ---------------------------------------------------------------- parent to worker


def encode_request(document: SourceDocument, suffix: str) -> bytes:
    """What a parser needs besides the content, which follows as a message of its own."""
    date = document.effective_date.isoformat() if document.effective_date else None
    return json.dumps(
        {
            "uri": document.uri,
            "media_type": document.media_type,
            "title": document.title,
            "date": date,
            "suffix": suffix,
        }
    ).encode()


def decode_request(head: bytes, content: bytes) -> tuple[SourceDocument, str]:
    """The document to parse and its suffix."""
    plain = json.loads(head)
    document = SourceDocument(
        uri=plain["uri"],
        content=content,
        media_type=plain["media_type"],
        title=plain["title"],
        effective_date=_date(plain["date"]),
    )
    return document, plain["suffix"]


# ---------------------------------------------------------------- worker to parent


def encode_parsed(parsed: Parsed) -> bytes:
    """A parsed document. The contents of its members follow, see `members.contents`."""
    document = parsed.document
    return json.dumps(
        {
            "parser": parsed.parser,
            "media_type": parsed.media_type,
            "text": document.text,
            "title": document.title,
            "date": document.effective_date.isoformat() if document.effective_date else None,
            "scope": document.scope,
            "pages": document.pages,
            "sections": document.sections,
            "blocks": document.blocks,
            "fields": document.fields,
            "boxes": [astuple(box) for box in document.boxes],
            "unread": document.unread,
            "language": document.language,
            "members": encoded(parsed.members),
        }
    ).encode()


def encode_failure(reason: str, *, again: bool = False, last: bool = False) -> bytes:
    """Why it could not be parsed."""
    return json.dumps({"reason": reason[:MAX_REASON], "again": again, "last": last}).encode()


def encode_start_failure(kind: str, message: str) -> bytes:
    """Why the worker cannot start; `kind`: `config` or `extra`."""
    return json.dumps({"kind": kind, "message": message[:MAX_REASON]}).encode()


def check_started(message: bytes) -> None:
    """Raise what kept the worker from starting.

    Raises:
        ConfigError: a domain is unknown.
        MissingExtraError: a package that the parsers need is not installed.
    """
    if message != READY:
        plain = json.loads(message)
        raise _STARTING[plain["kind"]](str(plain["message"]))


def decode_reply(message: bytes, max_characters: int) -> Parsed:
    """A worker's answer.

    Raises:
        ParseFailure: with the worker's reason, or because the answer is too long or makes no sense.
    """
    try:
        plain = json.loads(message)
        if "reason" in plain:
            reason, again, last = _of(plain["reason"], str), plain["again"] is True, plain["last"] is True
        else:
            return _parsed(plain, max_characters)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
        raise ParseFailure("The parser's answer makes no sense.", last=True) from None
    raise ParseFailure(_clean(reason)[:MAX_REASON], again=again, last=last)


def _parsed(plain: dict[str, Any], max_characters: int) -> Parsed:
    text = _clean(_of(plain["text"], str))
    if len(text) > max_characters:
        raise ParseFailure(
            f"The text has {len(text):,} characters; at most {max_characters:,} are taken "
            "(setting ingest.max_characters)."
        )
    size = len(text)
    document = ParsedDocument(
        text=text,
        title=_optional(plain["title"]),
        effective_date=_date(plain["date"]),
        scope=_optional(plain["scope"]),
        pages=_spans(plain["pages"], _page, size),
        sections=_spans(plain["sections"], _section, size),
        blocks=_spans(plain["blocks"], _block, size),
        fields=_spans(plain["fields"], _field, size),
        boxes=_spans(plain["boxes"], _box, size),
        unread=tuple(_of(page, int) for page in _of(plain["unread"], list)),
        language=_optional(plain["language"]),
    )
    return Parsed(
        document=document,
        parser=_of(plain["parser"], str),
        media_type=_of(plain["media_type"], str),
        members=tuple(
            replace(m, title=_clean(m.title), reason=_optional(m.reason)) for m in decoded(plain["members"])
        ),
    )


# ---------------------------------------------------------------- values, checked


def _spans(values: Any, make: Callable[..., T], size: int) -> tuple[T, ...]:
    """Spans inside the text, in order of their start."""
    made = [make(*_of(value, list)) for value in _of(values, list)]
    for span in made:
        start, end = span.start, span.end  # type: ignore[attr-defined]
        if not 0 <= start <= end <= size:
            raise ValueError("span outside the text")
    return tuple(sorted(made, key=lambda span: (span.start, span.end)))  # type: ignore[attr-defined]


def _page(number: Any, start: Any, end: Any) -> PageSpan:
    return PageSpan(_of(number, int), _of(start, int), _of(end, int))


def _section(path: Any, start: Any, end: Any) -> Section:
    return Section(_clean(_of(path, str)), _of(start, int), _of(end, int))


def _block(kind: Any, start: Any, end: Any) -> Block:
    if kind not in _KINDS:
        raise ValueError("unknown kind of block")
    return Block(kind, _of(start, int), _of(end, int))


def _field(start: Any, end: Any, entity: Any, path: Any) -> LabelledField:
    return LabelledField(_of(start, int), _of(end, int), _of(entity, str), _clean(_of(path, str)))


def _box(start: Any, end: Any, *edges: Any) -> WordBox:
    left, top, right, bottom = (float(_of(edge, float)) for edge in edges)
    if not (0 <= left <= right <= 1 and 0 <= top <= bottom <= 1):
        raise ValueError("box outside the page")
    return WordBox(_of(start, int), _of(end, int), left, top, right, bottom)


def _of(value: Any, kind: type[T]) -> T:
    if type(value) is not kind:  # not isinstance: True is no offset
        raise TypeError(kind.__name__)
    return value


def _optional(value: Any) -> str | None:
    return None if value is None else _clean(_of(value, str))


def _date(value: Any) -> dt.date | None:
    return None if value is None else dt.date.fromisoformat(_of(value, str))


def _clean(text: str) -> str:
    return text if text.isascii() and "\0" not in text else text.translate(_UNSTORABLE)
