"""The last step before text leaves: what this reader may see, and nothing a page would fetch or run."""

import re

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

    def _closed(self, text: str, before: str) -> str:
        """The text without what the scrubber could not see: behind invisible signs, or in another writing."""
        if visible(before) != before:
            text = _CODE.sub(self._withheld, self._scrubber.scrub(text).text)
        found = sorted(concealed(text), key=lambda one: (one.start, -one.end))
        if not found:
            return text
        told = self._scrubber.scrub_many([one.says for one in found])
        spans: list[Replacement] = []
        for one, scrubbed in zip(found, told, strict=True):
            if scrubbed.entities or self._scrubber.knows(one.says):
                joined = spans and spans[-1].end > one.start
                last = spans.pop() if joined else one
                spans.append(Replacement(last.start, max(last.end, one.end), WITHHELD))
        return apply(text, spans)

    def _withheld(self, code: re.Match[str]) -> str:
        """A number without its context, which no recogniser takes for personal, but the vault knows."""
        return WITHHELD if self._scrubber.knows(code[0]) else code[0]
