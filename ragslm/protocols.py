"""The seams of ragslm. Each docstring is the contract; `ragslm.testing` ships the suites that check it."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from importlib.resources.abc import Traversable
from threading import Event
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, Protocol, runtime_checkable

from ragslm.types import (
    Cursor,
    Filters,
    Hit,
    Identity,
    LabelledField,
    Member,
    Mode,
    ModelRef,
    Origin,
    ParsedDocument,
    Passage,
    Removed,
    Scrubbed,
    SourceDocument,
    Verdict,
    WordBox,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]


# ---------------------------------------------------------------- documents


DOCUMENTS_ONLY: Mapping[str, str] = MappingProxyType({})
"""`Connector.policy` of a connector that yields files as they are: the policy of each file's parser holds."""


@runtime_checkable
class Connector(Protocol):
    """A place that holds documents. Loading is lazy and never writes to the source."""

    @property
    def name(self) -> str:
        """Short name of the kind of source."""
        ...

    @property
    def policy(self) -> Mapping[str, str]:
        """What each field that the source labels means for privacy, by label: an entity type such as
        `PERSON`, `MRN` or `ACCOUNT`; `KEEP` for knowledge that recognisers must leave alone (codes, units);
        `TEXT` for free text that they search. `ragslm.records.record` refuses a field without one.

        `DOCUMENTS_ONLY` where the source labels nothing. A connector without a policy is not loaded.
        """
        ...

    def load(self) -> Iterator[SourceDocument]:
        """Yield every document once, in a stable order. A document that cannot be read at all is
        yielded with empty content, so that it is quarantined instead of forgotten.

        Whatever the source yielded before and does not yield now is removed, so a listing that cannot be
        finished must raise, never end early.

        Raises:
            SourceError: the source cannot be read now. Nothing is removed.
        """
        ...


@runtime_checkable
class IncrementalConnector(Connector, Protocol):
    """A connector that can say what has changed since a place it named before."""

    def changes(self, cursor: str | None) -> Iterator[SourceDocument | Removed | Cursor]:
        """Yield what was added, changed or removed after `cursor`, in the order in which it holds, and end.

        None yields everything the source holds now. A `Cursor` says that everything yielded before it may
        be committed; it is stored only when all of that is. Resumed from any cursor it yields what followed
        that cursor; repeats are harmless, gaps are not. The last item is a cursor, unless there is none.

        Raises:
            CursorError: `cursor` is not one that this version reads, or it is too old for the source.
                Everything is read again from None, and what is gone is removed.
            SourceError: the source cannot be read now. The next run goes on from the last cursor.
        """
        ...


@runtime_checkable
class Listener(Connector, Protocol):
    """A source that sends by itself and wants an answer, such as an HL7 interface.

    Its `load` raises `SourceError`: there is nothing to ask it for. `ragslm listen` runs it.
    """

    def listen(
        self, store: Callable[[SourceDocument], str | None], stop: Event, ready: Callable[[str], None]
    ) -> None:
        """Take in what is sent, until `stop` is set.

        Args:
            store: returns when the document is stored durably; with the reason if it could not be read and
                is kept as a dead letter. Raises `RagslmError` if it is not stored. Safe in any thread. Only
                when it has returned may the sender be told that the document is safe.
            stop: ends it, after what was begun.
            ready: called once with the address, when it can be sent to.

        Raises:
            ConfigError: it cannot listen as it is set up.
        """
        ...


ConnectorFactory = Callable[..., Connector]
"""Makes a connector from keyword settings. Their annotations are checked against `sources.yaml`; one that is
annotated `SecretStr` is given there as a file or an environment variable, never in clear."""


@runtime_checkable
class BringsConnectors(Protocol):
    """A domain that also brings kinds of sources."""

    def connectors(self) -> Mapping[str, str]:
        """Where the factories are, as `package.module:factory`, by kind as `sources.yaml` names it."""
        ...


@runtime_checkable
class Parser(Protocol):
    """Turns the bytes of one format into text with pages, sections, blocks and labelled fields.

    A parser opens no socket and no other file, follows no reference and runs no macro. It must be
    safe to run in a worker process under memory and time limits.
    """

    name: str
    media_type: str

    def claims(self, head: bytes, suffix: str) -> bool:
        """Whether this is the format, from the first 4,096 bytes and the lower-case file suffix
        (with dot, may be empty). Content outweighs the suffix.
        """
        ...

    def parse(self, document: SourceDocument) -> ParsedDocument:
        """Parse the whole document.

        Raises:
            QuarantineError: it is empty, broken, encrypted or too large; the message says why and
                where (page, line, element), never what the text says.
        """
        ...


@runtime_checkable
class Container(Protocol):
    """A parser whose documents hold others: a mail its attachments, an archive its files.

    Each member is ingested as a document of its own, with uri `{container}#{place}` and with the container's
    readers, scope and source; one that is gone from the container is removed.
    """

    def members(self, document: SourceDocument) -> Iterator[Member]:
        """Every member once, in order. Places are unique. One that cannot be read is yielded with a reason.

        Raises:
            QuarantineError: the container itself cannot be read.
        """
        ...


@runtime_checkable
class RunsPrograms(Protocol):
    """A parser that needs a program beside it, which its worker then lets it run.

    Attributes:
        programs: the exact command lines, each beginning with the program's absolute path.
    """

    @property
    def programs(self) -> Sequence[Sequence[str]]:
        """Empty where the program is not installed."""
        ...


@runtime_checkable
class PageRenderer(Protocol):
    """A parser that can also draw its pages."""

    def render(
        self,
        content: bytes,
        page: int,
        *,
        marks: Sequence[tuple[int, int]] = (),
        hidden: Sequence[tuple[int, int]] = (),
        width: int = 1000,
        boxes: Sequence[WordBox] = (),
        only_words: bool = False,
    ) -> bytes:
        """PNG of 1-based `page`, `width` pixels wide. `marks` and `hidden` are spans of the parsed
        text: the former are lit up, the latter boxed out so that no pixel of them remains.

        `boxes` are the words of the page, if it is a scanned one; with `only_words` nothing else of such a
        page is shown.
        """
        ...


@runtime_checkable
class Domain(Protocol):
    """What a folder of `ragslm_connectors` brings. Reached through entry point `ragslm.domains`."""

    name: str

    def parsers(self) -> Sequence[Parser]:
        """Parsers of this domain's formats, most specific first."""
        ...

    def recognisers(self) -> Sequence[Any]:
        """Presidio `EntityRecognizer` objects of this domain."""
        ...

    def resources(self) -> Traversable:
        """The folder that holds `profile.yaml` and, where the domain answers questions, `prompt.md`."""
        ...


# ---------------------------------------------------------------- privacy


@runtime_checkable
class Scrubber(Protocol):
    """Finds personal data and replaces it by stable pseudonyms.

    `version` names policy, recognisers and their versions: a change makes stored text outdated.
    The same original gives the same replacement everywhere in a workspace. Scrubbing scrubbed text
    changes nothing, unless a policy moves dates.
    """

    version: str

    def scrub(
        self, text: str, fields: Sequence[LabelledField] = (), *, subject: str | None = None
    ) -> Scrubbed:
        """Scrub one text; `fields` are scrubbed by their meaning, the rest by recognisers.

        `subject`: the patient or account (`scope`) whose text it is. A policy that moves dates moves those of
        one subject together.

        Raises:
            ScrubError: scrubbing could not be completed.
        """
        ...

    def scrub_many(
        self,
        texts: Sequence[str],
        fields: Sequence[Sequence[LabelledField]] | None = None,
        subjects: Sequence[str | None] | None = None,
    ) -> list[Scrubbed]:
        """`scrub` for many texts, batched."""
        ...

    def seal(self, text: str, originals: Sequence[str]) -> str:
        """Replace what is left of `originals` in `text` and assert that none of them remains.

        Raises:
            ScrubError: one of them is still there.
        """
        ...

    def restore(self, text: str, types: Collection[str] | None = None) -> str:
        """Put originals back. The caller has checked that the reader is cleared for it.

        `types`: entity types that are put back; None is every type.
        """
        ...


# ---------------------------------------------------------------- retrieval


@runtime_checkable
class Embedder(Protocol):
    """Turns texts into unit vectors. `identity` names model and weights; `dim` is the width."""

    identity: str
    dim: int

    def embed(self, texts: Sequence[str]) -> "Vectors":
        """float32, shape (len(texts), dim), unit length."""
        ...


@runtime_checkable
class Retriever(Protocol):
    """Finds passages. Readers, scope and filters are applied before scoring, never after."""

    def search(
        self,
        query: str,
        *,
        k: int,
        identity: Identity,
        domain: str,
        filters: Filters | None = None,
        scope: str | None = None,
        as_of: date | None = None,
    ) -> list[Hit]:
        """At most `k` hits, best first. `query` is already scrubbed."""
        ...


# ---------------------------------------------------------------- generation and grounding


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A sentence or table row of the evidence that an answer may select or cite.

    Attributes:
        label: unique within one question, `1`, `2`, …
        text: scrubbed text, verbatim.
        passage: the passage it was cut from.
        start: first character in `passage.text`; `end` one past the last.
        kind: what it is.
        score: how well it answers the question by encoder and words, 0 to 1.
    """

    label: str
    text: str = field(repr=False)
    passage: Passage
    start: int
    end: int
    kind: Literal["sentence", "row"] = "sentence"
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class Draft:
    """A sentence a model wrote, not yet checked. `labels` name the units it claims to rest on."""

    text: str = field(repr=False)
    labels: tuple[str, ...]


@dataclass(slots=True)
class TokenCount:
    """Tokens an engine used; it adds to it while it works."""

    prompt: int = 0
    completion: int = 0


@runtime_checkable
class ChatEngine(Protocol):
    """Selects units and words sentences. Whatever it returns is checked before anyone sees it.

    `name` is `vllm`, `llama_cpp`, `extractive` or an adapter's; `default_mode` the furthest wording
    this engine has been measured to deserve. Labels outside the given units cannot be produced.
    """

    name: str
    model: ModelRef
    default_mode: Mode

    def select(
        self, question: str, units: Sequence[Unit], *, most: int, count: TokenCount
    ) -> tuple[str, ...]:
        """Labels of at most `most` units that answer, best first; empty if none does.

        Raises:
            EngineError: the engine failed; the caller falls back to the extractive engine.
            EngineTimeoutError: it did not answer in time.
        """
        ...

    def write(self, question: str, units: Sequence[Unit], *, count: TokenCount) -> Iterator[Draft]:
        """Yield sentences as they are finished, each ending in labels of `units`.

        Raises:
            EngineError: the engine failed, possibly after some sentences.
            EngineTimeoutError: it did not answer in time.
        """
        ...

    def close(self) -> None:
        """Free the model or the connections."""
        ...


@runtime_checkable
class Proposer(Protocol):
    """A chat engine that can also propose a calculation. It computes nothing and writes no number."""

    def propose(self, question: str, values: Mapping[str, str], *, count: TokenCount) -> str | None:
        """An expression over the names of `values`, such as `(v2 - v1) / v1`; None if none answers.

        `values` says in words what each name is: value, row and period. Only these names, `avg`, brackets,
        the four signs and small counts can be produced; the calculator rejects what does not fit.

        Raises:
            EngineError: the engine failed; nothing is calculated.
        """
        ...


@runtime_checkable
class Verifier(Protocol):
    """Judges whether a claim is supported by passages: literal checks first, then a model's veto."""

    def verify(self, claim: str, passages: Sequence[str]) -> Verdict:
        """The best verdict over the passages taken singly and together."""
        ...


# ---------------------------------------------------------------- proof


@runtime_checkable
class AuditLog(Protocol):
    """Append-only, hash-chained. A record holds ids, counts, hashes and verdicts, never text."""

    def record(self, kind: str, identity: Identity, facts: Mapping[str, Any]) -> str:
        """Append and return the record's id. Called before the answer is shown.

        Raises:
            AuditError: it could not be written; the caller must not show the answer.
        """
        ...

    def commit(self, text: str) -> str:
        """HMAC-SHA-256 of a text under the workspace's audit key, hex: proves it later, tells nothing."""
        ...


# ---------------------------------------------------------------- what the pipeline needs beyond these


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounded:
    """What became of a draft or a quoted unit.

    Attributes:
        text: the sentence to show, without labels; None if it is dropped.
        units: the units that support it, in citation order.
        verdict: why.
        origin: whether the engine's wording, the source's, or a calculation is shown.
        reason: why the draft itself is not shown, in words without its text; None if it is.
        formula: pieces of a calculation's formula, each operand followed by the unit it stands in.
    """

    text: str | None = field(repr=False)
    units: tuple[Unit, ...] = ()
    verdict: Verdict
    origin: Origin = "quoted"
    reason: str | None = None
    formula: tuple[str | Unit, ...] = field(default=(), repr=False)


class Calculator(Protocol):
    """Answers questions that ask for a calculation over values the sources state."""

    def calculate(
        self, question: str, units: Sequence[Unit], propose: Callable[[Mapping[str, str]], str | None] | None
    ) -> Grounded | None:
        """The result with formula and operands, evaluated in code; None where none is asked for, a source
        states it, or the values that fit the question are not found beyond doubt.

        `propose` asks a model for an expression (see `Proposer`) where more than one reading is left.
        """
        ...


class Grounder(Protocol):
    """Decides what is shown. `used` holds the labels already quoted; no unit is quoted twice."""

    def ground(self, draft: Draft, units: Mapping[str, Unit], used: set[str]) -> Grounded:
        """Judge a draft against the units it cites: shown, replaced by a unit, or dropped."""
        ...

    def quote(self, unit: Unit, used: set[str]) -> Grounded:
        """The unit itself as a sentence, unless it was quoted before."""
        ...


class EvidenceRanker(Protocol):
    """Cuts passages into units and ranks them for a question."""

    def units(self, question: str, passages: Sequence[Passage]) -> list[Unit]:
        """Units of the passages, best first, each scored 0 to 1."""
        ...

    def select(self, units: Sequence[Unit], most: int, *, least: float = 0.0) -> list[Unit]:
        """The best few that belong together, in the order in which they read best. Beside the best, none
        scores below `least` unless it is the sentence to which the best refers back.
        """
        ...

    def answerable(self, question: str, units: Sequence[Unit]) -> float:
        """Probability that the units hold an answer, 0 to 1."""
        ...

    def disagreeing(
        self,
        question: str,
        selected: Sequence[Unit],
        ranked: Sequence[Unit],
        scopes: Mapping[str, str | None],
    ) -> list[tuple[Unit, ...]]:
        """Groups of units, one of them selected, that state different values for the same thing, newest
        first. `scopes`: patient or account by document; statements of two of them never meet.
        """
        ...


@dataclass(frozen=True, slots=True)
class Standing:
    """Whose a document is, and whether it still holds.

    Attributes:
        scope: patient or account key; None is general knowledge.
        superseded: effective date of the version that replaced it, None while it is in force.
    """

    scope: str | None = field(default=None, repr=False)
    superseded: date | None = None


class Provenance(Protocol):
    """What the store knows about passages beyond their scrubbed text."""

    def standing(
        self, passages: Sequence[Passage], *, identity: Identity, domain: str, as_of: date | None
    ) -> Mapping[str, Standing]:
        """By document of these passages. Only versions that the identity may read replace another.

        `as_of`: the day that is asked about; None is today.
        """
        ...

    def originals(self, passages: Sequence[Passage]) -> list[str]:
        """Every personal detail that was found in the documents of these passages."""
        ...

    def locate(self, passage: Passage, start: int, end: int) -> tuple[int, int]:
        """A span of the passage's scrubbed text as a span of the parsed original."""
        ...


class Conversations(Protocol):
    """Earlier turns of a conversation, scrubbed."""

    def turns(self, conversation: str, identity_id: str) -> list[tuple[str, str]]:
        """(question, answer) pairs, oldest first."""
        ...

    def add_turn(self, conversation: str, identity_id: str, question: str, answer: str) -> None:
        """Remember one turn."""
        ...
