"""Sentences out of a stream: each is handed on as soon as its labels are complete."""

import re
from collections.abc import Collection, Iterator

from ragslm.protocols import Draft

_ENDING = re.compile(r"((?:\s*\[\w{1,8}\])+)\s*$")
_MARK = re.compile(r"^(?:[-*•]|\d{1,2}[.)])\s+")


class DraftParser:
    """Feed it pieces of text; it yields the sentences that are finished.

    Args:
        labels: the only labels that count; a sentence without one of them comes with none.
    """

    def __init__(self, labels: Collection[str]) -> None:
        self._labels = frozenset(labels)
        self._rest = ""

    def feed(self, piece: str) -> Iterator[Draft]:
        """Sentences finished by this piece."""
        *lines, self._rest = (self._rest + piece).split("\n")
        for line in lines:
            yield from self._draft(line)

    def finish(self) -> Iterator[Draft]:
        """What is left at the end; a sentence that was cut off before its labels is dropped."""
        rest, self._rest = self._rest, ""
        if _ENDING.search(rest):
            yield from self._draft(rest)

    def _draft(self, line: str) -> Iterator[Draft]:
        ending = _ENDING.search(line)
        text = line[: ending.start()] if ending else line
        text = _MARK.sub("", text.strip())
        if text:
            named = re.findall(r"\[(\w+)\]", ending.group()) if ending else []
            yield Draft(text, tuple(dict.fromkeys(label for label in named if label in self._labels)))
