"""The trained finder where doubt is left: what it labels, less what cannot be a name or an address."""

import re
from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock
from typing import Any

from presidio_analyzer import RecognizerResult

from ragslm.privacy import gazetteer, lexicon
from ragslm.privacy.doubts import TYPED, doubts
from ragslm.privacy.naming import plausible
from ragslm.privacy.recognisers.street_address import is_street
from ragslm.privacy.tagger import Tagged, Tagger

_SURE = 0.9
_REACH = 100
_FOREIGN = 3
"""Words in no list, so many characters before and behind a name, that make it one of an untaught language
if most words there are such."""
_WORD = re.compile(r"(?<!\w)[^\W\d_]{4,}(?!\w)")
_ARTICLE = re.compile(r"\b(?:[Tt]he|[Aa]n?)[ ]$")
_KIN = re.compile(r"(?:['’]s?)?[ ](?:family|household|children|brothers|sisters|twins|couple|estate)\b")
_RECENT = 5_000
"""Excerpts kept with their labels: a page's running head comes again."""


class SecondReading:
    """Reads doubtful parts of texts with a tagger.

    Args:
        tagger: labels names and addresses.
    """

    def __init__(self, tagger: Tagger) -> None:
        self._tagger = tagger
        self._recent: OrderedDict[str, list[Tagged]] = OrderedDict()
        self._guard = Lock()

    def read(self, texts: Sequence[str], found: Sequence[Sequence[Any]]) -> list[list[RecognizerResult]]:
        """What the tagger adds, as Presidio results.

        Args:
            texts: what was read.
            found: Presidio results so far, by text.
        """
        spans = [
            doubts(text, [(result.start, result.end) for result in own])
            for text, own in zip(texts, found, strict=True)
        ]
        parts = [[text[start:end] for start, end in own] for text, own in zip(texts, spans, strict=True)]
        tagged = self._tagged([part for own in parts for part in own])
        return [
            [
                result
                for (start, _), part in zip(own, texts_of, strict=True)
                for one in tagged[part]
                if (result := _believed(text, one, start))
            ]
            for text, own, texts_of in zip(texts, spans, parts, strict=True)
        ]

    def _tagged(self, parts: Sequence[str]) -> dict[str, list[Tagged]]:
        wanted = list(dict.fromkeys(parts))
        with self._guard:
            tagged = {part: self._recent[part] for part in wanted if part in self._recent}
        new = [part for part in wanted if part not in tagged]
        tagged.update(zip(new, self._tagger.tag(new), strict=True))
        with self._guard:
            self._recent.update(tagged)
            while len(self._recent) > _RECENT:
                self._recent.popitem(last=False)
        return tagged


def _believed(text: str, tagged: Tagged, at: int) -> RecognizerResult | None:
    """The label as a finding in the text, unless rules know better."""
    start, end = at + tagged.start, at + tagged.end
    if tagged.entity == "PERSON":
        start, end = plausible(text, start, end, tagged.score)
        believed = start < end and _is_told(text, start, end, tagged.score)
    else:
        believed = is_street(text, start, end)
    return RecognizerResult(tagged.entity, start, end, tagged.score) if believed else None


def _is_told(text: str, start: int, end: int, score: float) -> bool:
    """Whether the text may hold the name.

    A lone word in no list may be a drug or a brand as well, so only a very sure reader is believed. In a
    document small letters ask for a sure one, and among words it was not taught only a listed name counts.
    """
    name = text[start:end]
    if any(gazetteer.is_given(part) or gazetteer.is_surname(part) for part in name.split()):
        return len(text) <= TYPED or not name.islower() or score >= _SURE
    if _ARTICLE.search(text[:start]) and not _KIN.match(text, end):
        return False
    if " " not in name and score < _SURE:
        return False
    return len(text) <= TYPED or not (name.islower() or _is_foreign(text, start, end))


def _is_foreign(text: str, start: int, end: int) -> bool:
    """Whether words around a name are in no list either, as German on a statement is."""
    beside = f"{text[max(0, start - _REACH) : start]} {text[end : end + _REACH]}"
    words = _WORD.findall(beside)
    unlisted = sum(map(_is_unlisted, words))
    return unlisted >= _FOREIGN and 2 * unlisted > len(words)


def _is_unlisted(word: str) -> bool:
    names = gazetteer.is_given(word) or gazetteer.is_surname(word)
    return not (names or gazetteer.is_common(word) or lexicon.technical(word.lower()))
