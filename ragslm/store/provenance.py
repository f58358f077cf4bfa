"""Where a passage's words come from, beyond the scrubbed text the pipeline works with."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from itertools import accumulate

from ragslm._spans import OffsetMap, Replacement, shift
from ragslm.protocols import Standing
from ragslm.store.catalogue import Catalogue
from ragslm.types import Identity, Passage

REACH = 6000
"""Characters of a long printed page: a statement of a report stands on one."""

MOST = 16
"""Passages of at most so many tables: two statements."""

_PIECE = re.compile(r"\s+|\w+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class StoredProvenance:
    """Implements `protocols.Provenance` over the catalogue."""

    catalogue: Catalogue

    def originals(self, passages: Sequence[Passage]) -> list[str]:
        """Every personal detail found in the documents of these passages, longest first."""
        documents = {passage.document_id for passage in passages}
        found = {detail for document in documents for detail in self.catalogue.details(document)}
        return sorted(found, key=len, reverse=True)

    def rest_of_tables(self, passages: Sequence[Passage]) -> list[Passage]:
        """Passages with the other rows of the tables that these hold rows of, at most `MOST`."""
        ids = [passage.id for passage in passages]
        return [one.passage for one in self.catalogue.rest_of_tables(ids, reach=REACH, most=MOST)]

    def locate(self, passage: Passage, start: int, end: int) -> tuple[int, int]:
        """A span of the passage's scrubbed text in the parsed original.

        Sealing may have changed words of the passage after it was read; of a passage that is gone the whole
        is named.
        """
        stored = self.catalogue.passages([passage.id]).get(passage.id)
        if stored is None:
            return passage.start, passage.end
        if stored.passage.text != passage.text:
            start, end = _changes(stored.passage.text, passage.text).to_original(start, end)
        offsets = OffsetMap(shift(stored.replacements, -passage.start))
        first, last = offsets.to_original(start, end)
        return first + passage.start, last + passage.start

    def standing(
        self, passages: Sequence[Passage], *, identity: Identity, domain: str, as_of: date | None
    ) -> Mapping[str, Standing]:
        """Scope and successor of every document of these passages."""
        gone = self.catalogue.superseded(identity=identity, domain=domain, as_of=as_of)
        later = {version.document_id: day for version, day in gone.items()}
        documents = {passage.document_id for passage in passages}
        access = {one: self.catalogue.access_of(one) for one in documents}
        return {
            one: Standing(found.scope if found else None, later.get(one)) for one, found in access.items()
        }


def _changes(before: str, after: str) -> OffsetMap:
    """The map between a text and the same with some words replaced."""
    old, new = _PIECE.findall(before), _PIECE.findall(after)
    places = [0, *accumulate(map(len, old))]
    steps = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return OffsetMap(
        tuple(
            Replacement(places[start], places[end], "".join(new[first:last]))
            for step, start, end, first, last in steps
            if step != "equal"
        )
    )
