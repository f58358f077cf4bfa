"""Sentences out of a stream: each is handed on as soon as its labels are complete."""

import re
from collections.abc import Collection, Iterable, Iterator

from ragslm.protocols import Draft

LONGEST = 600
"""Characters of a line without an end: a small model may write on and never name a source."""

_CITED = re.compile(r"([^\[\]]*)((?:\s*\[\w{1,8}\])+)\s*[.,;]?")
_LABEL = re.compile(r"\[(\w+)\]")
_MARK = re.compile(r"^(?:[-*•]|\d{1,2}[.)])\s+")


class DraftParser:
    """Feed it pieces of text; it yields the sentences that are finished.

    A constrained engine writes one sentence a line; one that is not may write several, each with its labels.

    Args:
        labels: the only labels that count; a sentence without one of them comes with none.
    """

    def __init__(self, labels: Collection[str]) -> None:
        self._labels = frozenset(labels)
        self._rest = ""

    def read(self, pieces: Iterable[str]) -> Iterator[Draft]:
        """Sentences of a whole stream, each as soon as it is finished; a model that rambles is left."""
        for piece in pieces:
            yield from self.feed(piece)
            if len(self._rest) > LONGEST:
                return
        yield from self.finish()

    def feed(self, piece: str) -> Iterator[Draft]:
        """Sentences finished by this piece."""
        if "\n" not in piece:
            self._rest += piece
            return
        *lines, self._rest = (self._rest + piece).split("\n")
        for line in lines:
            yield from self._drafts(line, cut_off=False)

    def finish(self) -> Iterator[Draft]:
        """What is left at the end; a sentence that was cut off before its labels is dropped."""
        rest, self._rest = self._rest, ""
        yield from self._drafts(rest, cut_off=True)

    def _drafts(self, line: str, *, cut_off: bool) -> Iterator[Draft]:
        end = 0
        for cited in _CITED.finditer(line):
            yield from self._draft(line[end : cited.end(1)], _LABEL.findall(cited.group(2)))
            end = cited.end()
        if not cut_off:
            yield from self._draft(line[end:], [])

    def _draft(self, text: str, named: list[str]) -> Iterator[Draft]:
        text = _MARK.sub("", text.strip())
        if text:
            yield Draft(text, tuple(dict.fromkeys(label for label in named if label in self._labels)))
