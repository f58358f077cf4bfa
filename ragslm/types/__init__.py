"""The values that travel through ragslm: frozen, and silent about their text when printed.

Every field that holds a document's or a person's words is left out of `repr`, so that a log line or
a traceback cannot carry it. Offsets are 0-based, half-open `[start, end)`, in characters.
"""

from ragslm.types.answers import (
    Answer,
    Citation,
    Dropped,
    Event,
    EventType,
    Mode,
    ModelRef,
    Origin,
    Sentence,
    Usage,
    Verdict,
    labelled,
)
from ragslm.types.filters import Filters
from ragslm.types.identity import EVERYONE, Identity
from ragslm.types.parsed import (
    PATH_SEPARATOR,
    Block,
    BlockKind,
    LabelledField,
    PageSpan,
    ParsedDocument,
    Section,
    WordBox,
)
from ragslm.types.reports import DeadLetter, IngestReport, Progress, SourceReport
from ragslm.types.scrubbed import Entity, PrivacyPolicy, Scrubbed, ScrubbedDocument
from ragslm.types.sources import PLACE, Cursor, Member, Removed, SourceDocument
from ragslm.types.stored import DocumentInfo, Hit, Passage, SourceView

__all__ = [
    "EVERYONE",
    "PATH_SEPARATOR",
    "PLACE",
    "Answer",
    "Block",
    "BlockKind",
    "Citation",
    "Cursor",
    "DeadLetter",
    "DocumentInfo",
    "Dropped",
    "Entity",
    "Event",
    "EventType",
    "Filters",
    "Hit",
    "Identity",
    "IngestReport",
    "LabelledField",
    "Member",
    "Mode",
    "ModelRef",
    "Origin",
    "PageSpan",
    "ParsedDocument",
    "Passage",
    "PrivacyPolicy",
    "Progress",
    "Removed",
    "Scrubbed",
    "ScrubbedDocument",
    "Section",
    "Sentence",
    "SourceDocument",
    "SourceReport",
    "SourceView",
    "Usage",
    "Verdict",
    "WordBox",
    "labelled",
]
