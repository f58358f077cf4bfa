"""An answer, its sentences, and their proof."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from ragslm.types.stored import Passage

Origin = Literal["generated", "quoted", "calculated"]
Mode = Literal["quote", "near", "free"]
MODES: tuple[Mode, ...] = get_args(Mode)
EventType = Literal["evidence", "sentence", "done", "error"]


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


def labelled(sentence: Sentence) -> str:
    """A sentence with its citations, `Like this. [1][2]`; without any, the sentence alone."""
    return " ".join(filter(None, [sentence.text, "".join(f"[{label}]" for label in sentence.citations)]))


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
