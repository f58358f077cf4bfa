"""What goes into the catalogue and what comes out. Texts are left out of `repr`."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ragslm._spans import Replacement
from ragslm.types import DocumentInfo, Identity, ParsedDocument, Passage, SourceDocument

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vector = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPassage:
    """A passage to store.

    Attributes:
        passage: scrubbed text and position.
        header: scrubbed line saying where it comes from; indexed in front of the text.
        replacements: those that touch the passage; offsets in the parsed original of the document.
        vector: float32, shape (dim,), unit length.
    """

    passage: Passage
    header: str = field(repr=False)
    replacements: tuple[Replacement, ...] = field(default=(), repr=False)
    vector: "Vector" = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDocument:
    """A document to store, parsed, scrubbed, cut and embedded.

    Attributes:
        source: the document as read; its content is kept, encrypted.
        id: document id, unique in the workspace; the same for every version of one (domain, uri).
        domain: profile it was ingested under.
        sha256: hex digest of the content.
        parsed: text and layout of the original.
        replacements: everything scrubbed from it; offsets in `parsed.text`.
        media_type: what the bytes are, as the parser found.
        parser: name of the parser.
        title: scrubbed title.
        scope: patient or account; None is general knowledge.
        readers: user ids or groups; None is everyone, an empty set nobody but an owner.
        keeps_readers: whoever may read the version it replaces may read it, and nobody else; `readers` count
            if there is none.
    """

    source: SourceDocument
    id: str
    domain: str
    sha256: str
    parsed: ParsedDocument
    replacements: tuple[Replacement, ...] = field(default=(), repr=False)
    media_type: str
    parser: str
    title: str = field(repr=False)
    effective_date: dt.date | None = None
    scope: str | None = field(default=None, repr=False)
    readers: frozenset[str] | None = None
    keeps_readers: bool = False
    passages: Sequence[NewPassage]


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentAccess:
    """Who may read a document: its scope and its readers. Its domain's rules tell what they see restored."""

    domain: str
    scope: str | None = field(repr=False)
    readers: frozenset[str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDocument:
    """A document as kept: the original bytes, the parsed text and what was scrubbed from it."""

    info: DocumentInfo
    content: bytes = field(repr=False)
    parsed: ParsedDocument
    replacements: tuple[Replacement, ...] = field(repr=False)
    domain: str
    parser: str
    scope: str | None = field(repr=False)
    readers: frozenset[str] | None
    source: str | None
    version: str | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPassage:
    """A passage as kept. `replacements`: offsets in the parsed original of its document."""

    passage: Passage
    header: str = field(repr=False)
    replacements: tuple[Replacement, ...] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexRow:
    """What a derived index holds of a passage.

    Attributes:
        id: passage id.
        document: integer row id of its document, as `Catalogue.visible` returns them.
        text: header, a newline, the passage's scrubbed text.
        vector: float32, shape (dim,).
    """

    id: int
    document: int
    text: str = field(repr=False)
    vector: "Vector" = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One step for a derived index: either a passage to add or the id of one to remove."""

    seq: int
    added: IndexRow | None = None
    removed: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexIdentity:
    """What the stored passages and vectors were made with. A mismatch means: rebuild.

    Attributes:
        embedder: name and hash of the encoder.
        dim: width of its vectors.
        chunker: version of the way passages are cut.
        scrubber: version of policy and recognisers.
    """

    embedder: str
    dim: int
    chunker: str
    scrubber: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyInfo:
    """An API key as it can be shown: never the key, never its hash."""

    name: str
    identity: Identity
    created_at: str
