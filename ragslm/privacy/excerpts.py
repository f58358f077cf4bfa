"""The parts of a text in which the name reader could find a name that counts; it reads nothing else.

Reading is most of what scrubbing costs, and three quarters of an annual report hold no word that the rules
for what the reader finds (`recognisers/person.py`) would let pass. What is left out would have been dropped
anyway. An excerpt is wider than what the reader looks at around a word, so it finds the same there.

Source: spaCy's `MaxoutWindowEncoder`, depth 4 and window 1: a word's vector depends on four words each side.
"""

import re
from collections.abc import Iterable, Iterator

from ragslm.privacy import gazetteer, lexicon

AROUND = 9
"""Words kept on each side: a name has five at most, and the reader looks four further."""

_WORD = re.compile(r"[^\W\d_](?:\w|['’](?!s\b))*")
"""No hyphen: the reader cuts there."""
_CHUNK = re.compile(r"\S+")
_GAP = re.compile(r"[^\w\n]{1,8}")
"""Between two words of a name: `J. , Zbigniew` counts too."""
_SMALL = 5
"""Letters from which a given name in small letters counts."""
_TOLD = re.compile(
    r"['’]s (?:wife|husband|mother|father|son|daughter|address|email|phone|account|house|card|room|birthday)"
    r"|\b(?:said|says|told|asked|wrote|lives?|lived|shouted|called|replied|works?|worked|is the CEO|was born"
    r"|phoned|visited|thinks|thought|stated|reported|complain(?:s|ed)|flew)\b|, can I\b"
    r"|\b(?i:hi|hello|hey|dear|thanks|regards|named|calls me|starring|features|spoke (?:to|with)"
    r"|sung by|performed by|producer|including)[ ,:]+[^\W\d_a-z]"
)
"""Words beside a name that make it count; `person.py` says which stand before and which behind."""


def excerpts(text: str) -> list[tuple[int, int]]:
    """Spans of `text` to read, sorted and apart, each beginning and ending with a word."""
    places = {*_names(text), *_pairs(text), *(match.start() for match in _TOLD.finditer(text))}
    return around(text, places, AROUND)


def around(text: str, places: Iterable[int], words: int) -> list[tuple[int, int]]:
    """So many words on each side of every place, joined where they meet; sorted and apart."""
    doubtful = sorted(places)
    chunks = [match.span() for match in _CHUNK.finditer(text)] if doubtful else []
    spans: list[tuple[int, int]] = []
    at = 0
    for place in doubtful:
        while chunks[at][1] <= place:
            at += 1
        start, end = chunks[max(0, at - words)][0], chunks[min(len(chunks) - 1, at + words)][1]
        if spans and start <= spans[-1][1]:
            start = spans.pop()[0]
        spans.append((start, end))
    return spans


def _names(text: str) -> Iterator[int]:
    """Where a word stands that a list of names holds."""
    for match in _WORD.finditer(text):
        word = match[0]
        large = word[0].isupper()
        if gazetteer.is_name(word) if large else len(word) >= _SMALL and gazetteer.is_given(word):
            yield match.start()


def _pairs(text: str) -> Iterator[int]:
    """Where the second of two words stands that begin large and may be a name no list holds.

    A particle is a name to some lists (`Van`), so it makes every pair doubtful.
    """
    start, end, rare = 0, -1, False
    for match in _WORD.finditer(text):
        word = match[0]
        if not _may_be_part(word):
            end = -1
            continue
        now_rare = not lexicon.wordlike(word) or text[match.end() : match.end() + 1] not in " ,\n"
        if end >= 0 and _GAP.fullmatch(text, end, match.start()):
            pair = text[start : match.end()]
            small = word in lexicon.PARTICLES or text[start] != text[start].upper()
            if small or not pair.isascii() or (rare and now_rare and not _only_capitals(pair)):
                yield match.start()
        start, end, rare = *match.span(), now_rare


def _only_capitals(pair: str) -> bool:
    return pair.isupper() and len(pair) > 3


def _may_be_part(word: str) -> bool:
    return (word[0].isupper() or word in lexicon.PARTICLES) and (
        len(word) == 1 or word.lower() not in lexicon.NOT_NAMES
    )
