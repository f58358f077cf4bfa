"""The last step before text leaves: what this reader may see, and nothing a page would fetch or run."""

import re
from collections.abc import Iterable, Iterator

from ragslm._spans import Replacement, apply
from ragslm.privacy.concealed import concealed
from ragslm.privacy.plain_text import plain, visible
from ragslm.protocols import Scrubber

WITHHELD = "[withheld]"
_CODE = re.compile(r"(?<!\w)(?=[\w-]*\d)[\w-]{6,40}(?!\w)")


class OutputGuard:
    """Releases text for one reader at a time. Implements `protocols.Guard`.

    Args:
        scrubber: of the workspace; its pseudonyms are left alone when text is scrubbed once more.
    """

    def __init__(self, scrubber: Scrubber) -> None:
        self._scrubber = scrubber

    def release(self, text: str, types: frozenset[str] | None = frozenset()) -> str:
        """The text as it may leave.

        Args:
            text: scrubbed.
            types: entity types this reader sees restored; None is every type.

        Raises:
            ScrubError: it could not be scrubbed.
        """
        shown = plain(text)
        if types is not None:
            shown = self._closed(shown, text)
        return plain(self._scrubber.restore(shown, types)) if types is None or types else shown

    def concealed(self, text: str) -> list[Replacement]:
        """Spans of a scrubbed text that the scrubber could not see, and what may stand there. Implements
        `protocols.Guard`.
        """
        shown = visible(text)
        if shown == text:
            return _joined(self._written_otherwise(text))
        places = [place for place, sign in enumerate(text) if visible(sign)]
        found = [
            *(Replacement(e.start, e.end, e.replacement) for e in self._scrubber.scrub(shown).entities),
            *self._known_codes(shown),
            *self._written_otherwise(shown),
        ]
        return [
            Replacement(places[one.start], places[one.end - 1] + 1, one.text)
            for one in _joined(one for one in found if one.start < one.end)
        ]

    def _closed(self, text: str, before: str) -> str:
        """The text without what the scrubber could not see: behind invisible signs, or in another writing."""
        if visible(before) != before:
            text = self._scrubber.scrub(text).text
            text = apply(text, self._known_codes(text))
        return apply(text, _joined(self._written_otherwise(text)))

    def _known_codes(self, text: str) -> Iterator[Replacement]:
        """Numbers without their context, which no recogniser takes for personal, but the vault knows."""
        for code in _CODE.finditer(text):
            if self._scrubber.knows(code[0]):
                yield Replacement(*code.span(), WITHHELD)

    def _written_otherwise(self, text: str) -> Iterator[Replacement]:
        """Spans that say something personal in another writing."""
        found = list(concealed(text))
        told = self._scrubber.scrub_many([one.says for one in found]) if found else []
        for one, scrubbed in zip(found, told, strict=True):
            if scrubbed.entities or self._scrubber.knows(one.says):
                yield Replacement(one.start, one.end, WITHHELD)


def _joined(spans: Iterable[Replacement]) -> list[Replacement]:
    """The spans in order; those that overlap are withheld as one, unless the first holds the other whole."""
    joined: list[Replacement] = []
    for one in sorted(spans, key=lambda one: (one.start, -one.end)):
        if joined and joined[-1].start <= one.start < joined[-1].end:
            if one.end > joined[-1].end:
                joined[-1] = Replacement(joined[-1].start, one.end, WITHHELD)
        else:
            joined.append(one)
    return joined
