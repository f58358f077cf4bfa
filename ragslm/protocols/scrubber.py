"""What takes personal data out of a text."""

from collections.abc import Collection, Sequence
from typing import Protocol, runtime_checkable

from ragslm.types import LabelledField, Scrubbed


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
