"""Where a passage's words come from, beyond the scrubbed text the pipeline works with."""

from collections.abc import Sequence
from dataclasses import dataclass

from ragslm._spans import OffsetMap, shift
from ragslm.store.catalogue import Catalogue
from ragslm.types import Passage


@dataclass(frozen=True, slots=True)
class StoredProvenance:
    """Implements `protocols.Provenance` over the catalogue."""

    catalogue: Catalogue

    def originals(self, passages: Sequence[Passage]) -> list[str]:
        """Every personal detail found in the documents of these passages, longest first."""
        found: set[str] = set()
        for document_id in {passage.document_id for passage in passages}:
            document = self.catalogue.document(document_id)
            found.update(document.parsed.text[r.start : r.end] for r in document.replacements)
        return sorted(found, key=len, reverse=True)

    def locate(self, passage: Passage, start: int, end: int) -> tuple[int, int]:
        """A span of the passage's scrubbed text in the parsed original.

        A passage whose text was sealed after it was read no longer matches its stored map; then the
        whole passage is named rather than a span beside the point.
        """
        stored = self.catalogue.passages([passage.id]).get(passage.id)
        if stored is None or stored.passage.text != passage.text:
            return passage.start, passage.end
        offsets = OffsetMap(shift(stored.replacements, -passage.start))
        first, last = offsets.to_original(start, end)
        return first + passage.start, last + passage.start
