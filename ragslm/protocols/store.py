"""What the store knows beyond scrubbed text, as the pipeline asks for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from ragslm.types import Identity, Passage


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

    def rest_of_tables(self, passages: Sequence[Passage]) -> list[Passage]:
        """Passages of the same documents with the other rows of the tables that these hold rows of."""
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
