"""What parent and worker tell each other: JSON, so that a parser taken over by a document cannot hand
the parent an object to unpickle.
"""

import base64
import datetime as dt
import json
from dataclasses import astuple, dataclass
from typing import Any

from ragslm.errors import QuarantineError
from ragslm.types import Block, LabelledField, PageSpan, ParsedDocument, Section, SourceDocument


@dataclass(frozen=True, slots=True)
class Parsed:
    """A parsed document and which parser read it."""

    document: ParsedDocument
    parser: str
    media_type: str


def encode_request(document: SourceDocument) -> bytes:
    """What a parser needs of a source document."""
    head = {"uri": document.uri, "media_type": document.media_type, "title": document.title}
    head["content"] = base64.b64encode(document.content).decode("ascii")
    return json.dumps(head).encode()


def decode_request(message: bytes) -> SourceDocument:
    """The inverse of `encode_request`."""
    plain = json.loads(message)
    return SourceDocument(**{**plain, "content": base64.b64decode(plain["content"])})


def encode_parsed(parsed: Parsed) -> bytes:
    """A parsed document as JSON."""
    document = parsed.document
    plain: dict[str, Any] = {
        **{name: [astuple(value) for value in getattr(document, name)] for name in _KINDS},
        "text": document.text,
        "title": document.title,
        "scope": document.scope,
        "effective_date": document.effective_date.isoformat() if document.effective_date else None,
        "parser": parsed.parser,
        "media_type": parsed.media_type,
    }
    return json.dumps(plain).encode()


def encode_reason(reason: str) -> bytes:
    """Why a document could not be parsed."""
    return json.dumps({"reason": reason}).encode()


def decode_reply(message: bytes) -> Parsed:
    """A worker's answer, checked before anything else sees it.

    Raises:
        QuarantineError: with the worker's reason, or because the answer makes no sense.
    """
    plain = json.loads(message)
    if "reason" in plain:
        raise QuarantineError(str(plain["reason"])[:500])
    try:
        document = ParsedDocument(
            text=str(plain["text"]),
            title=plain["title"],
            scope=plain["scope"],
            effective_date=dt.date.fromisoformat(plain["effective_date"])
            if plain["effective_date"]
            else None,
            **{name: tuple(kind(*values) for values in plain[name]) for name, kind in _KINDS.items()},
        )
        _check(document)
        return Parsed(document, str(plain["parser"]), str(plain["media_type"]))
    except (KeyError, TypeError, ValueError):
        raise QuarantineError("The parser's answer made no sense.") from None


_KINDS: dict[str, Any] = {"pages": PageSpan, "sections": Section, "blocks": Block, "fields": LabelledField}


def _check(document: ParsedDocument) -> None:
    """Every offset lies inside the text."""
    for name in _KINDS:
        for value in getattr(document, name):
            if not 0 <= value.start <= value.end <= len(document.text):
                raise ValueError(name)
