"""A parsed document and what was scrubbed from it as compressed JSON, and back."""

import datetime as dt
import json
import zlib
from collections.abc import Iterable
from dataclasses import astuple
from typing import Any

from ragslm._spans import Replacement
from ragslm.types import Block, LabelledField, PageSpan, ParsedDocument, Section, WordBox

LEVEL = 1
"""zlib level: text shrinks to a third at the least cost; PDFs are compressed already."""


def compress(content: bytes) -> bytes:
    """Bytes as they are kept."""
    return zlib.compress(content, LEVEL)


def decompress(kept: bytes) -> bytes:
    """What `compress` was given."""
    return zlib.decompress(kept)


def pack(parsed: ParsedDocument, replacements: Iterable[Replacement]) -> bytes:
    """Everything a parser found, and the replacements."""
    values = {
        "text": parsed.text,
        "title": parsed.title,
        "date": iso(parsed.effective_date),
        "scope": parsed.scope,
        "pages": parsed.pages,
        "sections": parsed.sections,
        "blocks": parsed.blocks,
        "fields": parsed.fields,
        "boxes": [astuple(b) for b in parsed.boxes],
        "unread": parsed.unread,
        "language": parsed.language,
        "replacements": list(replacements),
    }
    return compress(json.dumps(values, separators=(",", ":")).encode("ascii"))


def unpack(kept: bytes) -> tuple[ParsedDocument, tuple[Replacement, ...]]:
    """What `pack` was given."""
    values: dict[str, Any] = json.loads(decompress(kept))
    parsed = ParsedDocument(
        text=values["text"],
        title=values["title"],
        effective_date=day(values["date"]),
        scope=values["scope"],
        pages=tuple(PageSpan(*page) for page in values["pages"]),
        sections=tuple(Section(*section) for section in values["sections"]),
        blocks=tuple(Block(*block) for block in values["blocks"]),
        fields=tuple(LabelledField(*field) for field in values["fields"]),
        boxes=tuple(WordBox(*box) for box in values.get("boxes", ())),  # workspaces of 0.2 have none
        unread=tuple(values.get("unread", ())),
        language=values.get("language"),
    )
    return parsed, tuple(Replacement(*each) for each in values["replacements"])


def unpack_replaced(kept: bytes) -> list[str]:
    """What `pack` was given, but only the words that were replaced: word boxes take seconds."""
    values: dict[str, Any] = json.loads(decompress(kept))
    return [values["text"][start:end] for start, end, _ in values["replacements"]]


def pack_replacements(replacements: Iterable[Replacement]) -> str:
    """Replacements as JSON."""
    return json.dumps(list(replacements), separators=(",", ":"))


def unpack_replacements(kept: str) -> tuple[Replacement, ...]:
    """What `pack_replacements` was given."""
    return tuple(Replacement(*each) for each in json.loads(kept))


def iso(date: dt.date | None) -> str | None:
    """A date as `YYYY-MM-DD`, which sorts and compares as text."""
    return None if date is None else date.isoformat()


def day(text: str | None) -> dt.date | None:
    """The date that `iso` wrote."""
    return None if text is None else dt.date.fromisoformat(text)


def now() -> str:
    """The present time, UTC, ISO 8601."""
    return dt.datetime.now(dt.UTC).isoformat(timespec="microseconds")
