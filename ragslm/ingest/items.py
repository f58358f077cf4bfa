"""A document on its way through a run."""

import hashlib
from dataclasses import dataclass, field

from ragslm._spans import Replacement
from ragslm.ingest.messages import Parsed
from ragslm.ingest.passages import Cut, document_id
from ragslm.types import SourceDocument


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A document that is to be stored.

    Attributes:
        sha256: hex digest of the content.
        domain: profile it is stored under.
        scope: what the run or the source states; None states nothing. After `Known.with_access` nothing is
            left unsaid: it is never `EVERYONE`, and None takes what the format tells.
        readers: who may read it, stated in the same way; then None is everyone.
        keeps_readers: nobody stated any, so those of the version that it replaces stay.
        stored: it comes from the catalogue's own originals and is never removed for a failure.
    """

    document: SourceDocument
    sha256: str
    domain: str
    scope: str | None = field(repr=False)
    readers: frozenset[str] | None
    keeps_readers: bool = False
    stored: bool = False

    @property
    def id(self) -> str:
        """Id of the document."""
        return document_id(self.domain, self.document.uri)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """An item that lacks only its vectors."""

    item: Item
    parsed: Parsed
    replacements: tuple[Replacement, ...] = field(repr=False)
    title: str = field(repr=False)
    cuts: list[Cut] = field(repr=False)


def digest(content: bytes) -> str:
    """SHA-256, hex."""
    return hashlib.sha256(content).hexdigest()
