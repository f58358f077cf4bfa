"""What the store holds of a document: passages, what is known of it, a page of it."""

import datetime as dt
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A cut of a document, scrubbed.

    Attributes:
        id: stable 63-bit id, derived from document, position and text.
        document_id: id of the document.
        uri: where the document comes from.
        title: the document's title, scrubbed.
        page: 1-based page it starts on; None where the format has no pages.
        section: section path, or None.
        text: scrubbed text.
        start: first character in the parsed original.
        end: one past the last character in the parsed original.
        date: effective date of the document, or None.
    """

    id: int
    document_id: str
    uri: str = field(repr=False)
    title: str = field(repr=False)
    page: int | None
    section: str | None = field(repr=False)
    text: str = field(repr=False)
    start: int
    end: int
    date: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found. `score`: fused relevance, higher is better, comparable within one search."""

    score: float
    passage: Passage


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentInfo:
    """What the catalogue tells about one document, without its text."""

    id: str
    uri: str = field(repr=False)
    title: str = field(repr=False)
    domain: str
    media_type: str
    pages: int | None
    passages: int
    date: dt.date | None
    sha256: str
    ingested_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceView:
    """One page or section of a document, as this user may see it.

    Attributes:
        document_id: the document.
        number: 1-based page; sections of formats without pages count as pages.
        pages: how many there are.
        image: PNG of the page with highlights drawn and scrubbed spans boxed out; None for text.
        text: scrubbed text of the page, restored for users cleared for it.
        marks: `[start, end)` pairs in `text` to highlight.
    """

    document_id: str
    number: int
    pages: int
    image: bytes | None = field(repr=False)
    text: str = field(repr=False)
    marks: tuple[tuple[int, int], ...] = ()
