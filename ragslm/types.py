"""The values that travel through ragslm: frozen, and silent about their text when printed.

Every field that holds a document's or a person's words is left out of `repr`, so that a log line or
a traceback cannot carry it. Offsets are 0-based, half-open `[start, end)`, in characters.
"""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Self

from ragslm.errors import ConfigError

Origin = Literal["generated", "quoted", "calculated"]
Mode = Literal["quote", "near", "free"]
BlockKind = Literal["heading", "paragraph", "list_item", "row"]
EventType = Literal["evidence", "sentence", "done", "error"]

PLACE = re.compile(r"(?:attachment=\d{1,6}/|member=)[\w.~%;/-]{1,4200}", re.ASCII)
"""How a member's place in its container is written. No name holds `=` or `#`, so levels can be told apart."""


# ---------------------------------------------------------------- who asks


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who is asking, and what that identity may see.

    Attributes:
        id: stable user id; it reaches the audit log only as an HMAC.
        groups: groups the user belongs to; a document's `readers` names users or groups.
        scopes: patients or accounts this user may see; None means every scope.
        cleared: may see restored personal data and unboxed page pictures.
        owner: full access, whatever a document's readers say.
    """

    id: str
    groups: frozenset[str] = frozenset()
    scopes: frozenset[str] | None = None
    cleared: bool = False
    owner: bool = False

    @classmethod
    def local_owner(cls) -> Self:
        """The person at the machine: full access."""
        return cls(id="local-owner", cleared=True, owner=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Narrow a search by what is known about a document; every given field must match.

    Attributes:
        title: substring of the title, any case.
        uri: substring of the uri, any case.
        media_type: exact media type, such as `application/pdf`.
        document_id: exact document id.
        date_from: earliest effective date, inclusive; undated documents are left out.
        date_to: latest effective date, inclusive; undated documents are left out.
        issuer: who issued it, as the title says; the beginning of the name is enough: `Best Buy`, `CVS`.
        period: reporting period in the title, written as people do: `FY2018`, `Q2 2023`, `2022-07-01`.
        type: kind of document in the title: `10-K`, `10-Q`, `8-K`, `earnings`, `statement`, `guideline`, ….
    """

    title: str | None = None
    uri: str | None = None
    media_type: str | None = None
    document_id: str | None = None
    date_from: dt.date | None = None
    date_to: dt.date | None = None
    issuer: str | None = None
    period: str | None = None
    type: str | None = None

    @classmethod
    def of(cls, value: "Filters | Mapping[str, Any] | None") -> "Filters":
        """Accept filters as an object, a mapping or None.

        Raises:
            ConfigError: a key is unknown or a date is not ISO 8601.
        """
        if isinstance(value, Filters):
            return value
        given = dict(value or {})
        known = set(cls.__dataclass_fields__)
        if unknown := sorted(set(given) - known):
            raise ConfigError(f"Unknown filter {unknown[0]!r}; known are {sorted(known)}.")
        for key in ("date_from", "date_to"):
            if isinstance(given.get(key), str):
                try:
                    given[key] = dt.date.fromisoformat(given[key])
                except ValueError:
                    raise ConfigError(f"Filter {key!r} wants a date as YYYY-MM-DD.") from None
        return cls(**given)


# ---------------------------------------------------------------- documents


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceDocument:
    """One document as its source holds it, before parsing.

    Attributes:
        uri: where it comes from, stable between runs; a file's absolute path as `file://…`.
        content: the bytes as read.
        media_type: declared media type; parsers look at the bytes before they believe it.
        title: human title, usually the file name without suffix.
        source: the root it was found under, so that what is gone from it can be removed; None for
            a single file, which never removes anything.
        version: the source's own version mark, if it has one.
        effective_date: the date the content holds for, if the source says.
        scope: patient or account key the content belongs to; None for general knowledge.
        readers: user ids or groups that may read it; None means every user of the workspace.
        metadata: what else the source tells, as plain JSON values; kept encrypted, never searched.
    """

    uri: str
    content: bytes = field(repr=False)
    media_type: str = "application/octet-stream"
    title: str = field(default="", repr=False)
    source: str | None = None
    version: str | None = None
    effective_date: dt.date | None = None
    scope: str | None = field(default=None, repr=False)
    readers: frozenset[str] | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A document inside another: an attachment of a mail, a file of an archive.

    Attributes:
        place: where in the container, stable while the container's own order is: `attachment=2/report.pdf`,
            `member=folder/report.pdf`. Names in it are percent-encoded.
        title: human title, usually its name.
        media_type: declared media type.
        content: the bytes, unpacked; empty where they cannot be read.
        reason: why they cannot be read; None where they can.
    """

    place: str = field(repr=False)
    title: str = field(default="", repr=False)
    media_type: str = "application/octet-stream"
    content: bytes = field(repr=False)
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Removed:
    """A source holds a document no more.

    Attributes:
        uri: the document's uri, as the source gave it before.
    """

    uri: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in a source: everything that was yielded before it may be committed and is not asked for again.

    Attributes:
        value: what the connector needs to go on from here; plain text, at most 64 KB, no secret.
    """

    value: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PageSpan:
    """Where one page lies in the parsed text. `number` is 1-based."""

    number: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Section:
    """A titled part of a document; `path` joins the titles from the outermost with ` › `."""

    path: str = field(repr=False)
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Block:
    """A unit that must not be cut without need: a paragraph, a list item, a heading, a table row."""

    kind: BlockKind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class LabelledField:
    """A span whose meaning the format itself tells, so no recogniser has to guess.

    Attributes:
        start: first character in the parsed text.
        end: one past the last.
        entity: the privacy type, such as `PERSON`, `DATE_OF_BIRTH`, `LOCATION`, `MRN`, `ACCOUNT`,
            `PHONE_NUMBER`; or `KEEP` for knowledge that recognisers must leave alone (codes, units).
        path: where in the format it was, such as `Patient.name` or `Ntry/Dbtr/Nm`.
    """

    start: int
    end: int
    entity: str
    path: str


@dataclass(frozen=True, slots=True)
class WordBox:
    """Where a word of a scanned page stands: fractions of the shown page, 0 to 1 from its upper left.

    Pages that hold text need none: their file tells where each character stands.
    """

    start: int
    end: int
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedDocument:
    """A document's text with everything that points into it. Offsets refer to `text`.

    Attributes:
        boxes: words of scanned pages, in order.
        unread: 1-based pages that are pictures and were not read, because the program that reads them is
            not installed.
        language: ISO 639-1 code of most of the text, such as `en`; None where it is not clear.
    """

    text: str = field(repr=False)
    title: str | None = field(default=None, repr=False)
    effective_date: dt.date | None = None
    scope: str | None = field(default=None, repr=False)
    pages: tuple[PageSpan, ...] = ()
    sections: tuple[Section, ...] = field(default=(), repr=False)
    blocks: tuple[Block, ...] = field(default=(), repr=False)
    fields: tuple[LabelledField, ...] = field(default=(), repr=False)
    boxes: tuple[WordBox, ...] = field(default=(), repr=False)
    unread: tuple[int, ...] = ()
    language: str | None = None


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


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestReport:
    """What one ingest changed. `quarantined`: `(uri, reason)` pairs; `seconds`: wall time.

    `notes`: `(uri, words)` of documents that went in, but not whole.
    """

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    passages: int = 0
    quarantined: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    notes: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    seconds: float = 0.0
    stages: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceReport:
    """What one synchronisation of one source changed, or with `dry_run` would change.

    Attributes:
        name: the source, as in `sources.yaml`.
        quarantined: `(uri, reason)` pairs, those known from earlier runs included.
        notes: `(uri, words)` of documents that went in, but not whole, or were given twice.
        seconds: wall time.
        cursor_moved: a later place in the source was committed.
        error: why the run over this source ended early, in words without its text; None if it did not.
    """

    name: str
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    quarantined: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    notes: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    seconds: float = 0.0
    cursor_moved: bool = False
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """A quarantined document.

    Attributes:
        uri: where it comes from.
        reason: why it could not be read, without its text.
        source: name in `sources.yaml`, or the folder it was ingested from; None for a single file.
        tries: how often it was tried.
        at: last try, ISO 8601, UTC; empty if an older version of ragslm made it.
        kept: its content is kept, so that it can be tried again without its source.
    """

    uri: str = field(repr=False)
    reason: str
    source: str | None
    tries: int
    at: str
    kept: bool = False


# ---------------------------------------------------------------- privacy


@dataclass(frozen=True, slots=True)
class Entity:
    """Personal data found. Offsets refer to the text given; `score`: confidence, 0 to 1."""

    type: str
    start: int
    end: int
    score: float
    replacement: str


@dataclass(frozen=True, slots=True)
class Scrubbed:
    """Scrubbed text with what was replaced, in order, without overlaps."""

    text: str = field(repr=False)
    entities: tuple[Entity, ...] = ()


# ---------------------------------------------------------------- grounding and answers


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a sentence is supported by its source.

    Attributes:
        supported: shown only if True.
        score: probability of support, 0 to 1.
        reasons: what spoke against it, in words, without the texts.
    """

    supported: bool
    score: float
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """Where a sentence's support is found.

    Attributes:
        label: what the sentence carries, such as `1`.
        quote: the supporting span of the source, scrubbed, restored for users cleared for it.
        start: first character of the quote in the parsed original; `end` one past the last.
        date: effective date of the document, or None.
        superseded: effective date of the version that replaced the document; None while it is in force.
    """

    label: str
    passage_id: int
    document_id: str
    uri: str = field(repr=False)
    title: str = field(repr=False)
    page: int | None
    section: str | None = field(repr=False)
    start: int
    end: int
    quote: str = field(repr=False)
    date: dt.date | None = None
    superseded: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One shown sentence. `text` carries no labels; `citations` are the labels that support it.

    Attributes:
        origin: `calculated` where code computed it from cited values.
        formula: of a calculated sentence, with each operand's label: `350 [1] ÷ 7,207 [2] = 0.049 (4.86 %)`.
    """

    text: str = field(repr=False)
    citations: tuple[str, ...]
    verdict: Verdict
    origin: Origin
    formula: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Dropped:
    """Sentences the model wrote that were not shown.

    Attributes:
        count: how many were written and not shown, whether replaced by a quote or left out.
        reasons: one per sentence, in words, without its text.
    """

    count: int = 0
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ModelRef:
    """Which weights answered. `sha256` is None when the model is remote or there is none."""

    name: str
    sha256: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What the answer cost. `seconds` by stage; `joules` where the machine measures energy."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    seconds: Mapping[str, float] = field(default_factory=dict)
    joules: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The answer, its evidence and its proof.

    Attributes:
        text: the shown sentences with their labels, or the refusal.
        evidence: every passage the model saw.
        refused: nothing could be supported; `reason` says why, `nearest` what came closest.
        fallback: why another engine than the configured one answered, or None.
        scrubbed: personal data found in the question: count by type.
        audit_id: id of the audit record.
        conflicts: labels of citations that state different values for the same thing, newest first.
    """

    text: str = field(repr=False)
    sentences: tuple[Sentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    evidence: tuple[Passage, ...] = ()
    refused: bool = False
    reason: str | None = None
    nearest: tuple[Passage, ...] = ()
    mode: Mode = "quote"
    engine: str = "extractive"
    fallback: str | None = None
    scrubbed: Mapping[str, int] = field(default_factory=dict)
    dropped: Dropped = Dropped()
    usage: Usage = Usage()
    model: ModelRef = ModelRef("none")
    audit_id: str = ""
    conversation: str | None = None
    conflicts: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One step of a streamed answer.

    `evidence` carries passages, `sentence` one verified sentence with its citations, `done` the
    whole answer, `error` a message that holds no text of question or document.
    """

    type: EventType
    evidence: tuple[Passage, ...] = ()
    sentence: Sentence | None = None
    citations: tuple[Citation, ...] = ()
    answer: Answer | None = None
    error: str | None = None
