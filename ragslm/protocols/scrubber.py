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
        self,
        text: str,
        fields: Sequence[LabelledField] = (),
        *,
        subject: str | None = None,
        lasting: bool = True,
    ) -> Scrubbed:
        """Scrub one text; `fields` are scrubbed by their meaning, the rest by recognisers.

        `subject`: the patient or account (`scope`) whose text it is. A policy that moves dates moves those of
        one subject together. `lasting`: whether what is found counts as known in other texts; what a user
        types does not, or it would change what others read.

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

    def seal(self, texts: Sequence[str], originals: Sequence[str]) -> list[str]:
        """Replace what is left of `originals` in every text and assert that none of them remains.

        Raises:
            ScrubError: one of them is still there.
        """
        ...

    def restore(self, text: str, types: Collection[str] | None = None) -> str:
        """Put originals back. The caller has checked that the reader is cleared for it.

        `types`: entity types that are put back; None is every type.
        """
        ...

    def knows(self, original: str) -> bool:
        """Whether a pseudonym of this workspace stands for it, whatever its type."""
        ...


@runtime_checkable
class Guard(Protocol):
    """The last step before text leaves for a reader.

    Nothing in what it releases is fetched or run by a page, hidden, or another writing of something personal.
    """

    def release(self, text: str, types: frozenset[str] | None = frozenset()) -> str:
        """Scrubbed text as it may leave; `types` are restored, None is every type.

        Raises:
            ScrubError: it could not be scrubbed.
        """
        ...

    def concealed(self, text: str) -> Sequence[tuple[int, int, str]]:
        """Spans of a scrubbed text that tell something personal all the same, and what may stand there.

        They are sorted and lie apart. For what is shown as a picture, where no other text can stand.

        Raises:
            ScrubError: it could not be scrubbed.
        """
        ...
