"""Whether what a reply cites is where the answer stands: the page, the document or the paragraph."""

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from ragslm.errors import ConfigError
from ragslm.evaluate.answers.sets import AnswerSet, Asked
from ragslm.evaluate.answers.systems import Reply, Source
from ragslm.evaluate.paragraphs import beginnings

if TYPE_CHECKING:
    from ragslm.assistant import Assistant

_WORD = re.compile(r"\w+")
_MARKER = re.compile(r"\s*(?:\([^()\s]{1,5}\)|[\w.]{1,8}[.]|§?\s*\d+\.\d+(?:\([^()\s]{1,5}\))*)\s+")
_OPENING = 8
"""Words by which the beginning of a paragraph is known in a passage that has no offsets."""


class Places:
    """Where the answers of a set stand, in pages and documents."""

    def cited(self, asked: Asked, reply: Reply) -> bool:
        """Whether any citation of the reply is in a right place."""
        return any(self._right(asked, source) for source in reply.sources.values())

    def _right(self, asked: Asked, source: Source) -> bool:
        return not asked.places.isdisjoint({(source.document, source.page), (source.document, None)})


class ParagraphPlaces(Places):
    """Where they stand in paragraphs: a citation is right if a right paragraph begins in the passage cited.

    Raises:
        ConfigError: no document has a paragraph that the questions name.
    """

    def __init__(self, assistant: "Assistant", questions: Sequence[Asked]) -> None:
        labels = sorted({str(label) for asked in questions for label in asked.places})
        self._at: dict[str, dict[str, list[int]]] = {}
        self._words: dict[str, list[str]] = {label: [] for label in labels}
        for info in assistant.documents():
            parsed = assistant._parts.catalogue.document(info.id).parsed
            self._at[info.id] = {label: beginnings(parsed, label) for label in labels}
            for label, found in self._at[info.id].items():
                self._words[label] += [_opening(parsed.text[at : at + 400]) for at in found]
        missing = [label for label, words in self._words.items() if not words]
        if missing:
            raise ConfigError(f"No document has the paragraphs {missing}, which the questions name.")

    def _right(self, asked: Asked, source: Source) -> bool:
        if source.document_id:
            at: Mapping[str, list[int]] = self._at.get(source.document_id, {})
            return any(
                source.start <= one < source.end for label in asked.places for one in at.get(label, ())
            )
        said = f" {' '.join(_WORD.findall(source.text.lower()))} "
        return any(f" {words} " in said for label in asked.places for words in self._words[label])


def places_of(chosen: AnswerSet, assistant: "Assistant") -> Places:
    """By the suite."""
    return ParagraphPlaces(assistant, chosen.questions) if chosen.suite == "paragraphs" else Places()


def _opening(text: str) -> str:
    """Without the marker `(b)` or `2.`, which some formats keep apart from the text."""
    marker = _MARKER.match(text)
    return " ".join(_WORD.findall(text[marker.end() if marker else 0 :].lower())[:_OPENING])
