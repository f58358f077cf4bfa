"""Sentences and content words, by rule: the same cut for passages, evidence units and claims."""

import re
from functools import lru_cache

_ABBREVIATIONS = frozenset(
    """
    mr mrs ms dr prof st jr sr vs etc fig figs no nos vol al approx est dept inc corp co ltd llc plc
    jan feb mar apr jun jul aug sep sept oct nov dec e.g i.e u.s u.k p.m a.m cf ca art sec par pt
    """.split()
)
_END = re.compile(r"(?<![.!?])[.!?]++[\"'”’)\]]*+(?=\s|$)")
_NEXT = re.compile(r"\s*+(\S)")
_WORD = re.compile(r"\d+(?:[.,]\d+)*%?(?![^\W_])|[^\W_]+(?:['’][^\W_]+)?")
_STOP = frozenset(
    """
    a an and are as at be been being but by can could did do does doing for from had has have having he
    her hers him his how i if in into is it its itself may me might my of on or our ours shall she should
    so some such than that the their theirs them then there these they this those to too was we were what
    when where which while who whom why will with would you your yours about also any both each only own
    same up out over under s t don
    """.split()
)
_HEADING = 40
"""Characters from which on a line without an end mark is no heading."""
_SUFFIXES = ("ations", "ation", "ings", "ing", "edly", "ies", "ied", "ed", "es", "s", "ly")


def split(text: str) -> list[tuple[int, int]]:
    """Sentence spans `[start, end)` of `text`, without surrounding blanks.

    A line break followed by another, a row or a list mark ends a sentence; a single one inside running
    text does not. Abbreviations, initials and decimals do not end one.
    """
    spans: list[tuple[int, int]] = []
    for start, end in _lines(text):
        position = start
        for match in _END.finditer(text, start, end):
            if match.end() >= end or _ends_sentence(text, match, end):
                _add(spans, text, position, match.end())
                position = match.end()
        _add(spans, text, position, end)
    return spans


def content_words(text: str) -> list[str]:
    """Lower-case words and numbers without stop words, lightly stemmed, in order."""
    return [
        _stem(word)
        for word in (m.group().lower() for m in _WORD.finditer(text))
        if word not in _STOP and (len(word) > 1 or word.isdigit())
    ]


def _lines(text: str) -> list[tuple[int, int]]:
    """Runs of text that no sentence may leave: paragraphs, rows and list items."""
    spans: list[tuple[int, int]] = []
    start = said = line = 0  # of the run, of its first word, of its last line
    for match in re.finditer(r"\n", text):
        end, following = match.span()
        if line == start:
            said = start + _indent(text[start:end])
        row = text.find(" | ", line, _line_end(text, following)) >= 0  # this line or the next one
        item = re.match(r"[-*•·|]|\d+[.)]|\n|\s*$", text[following : following + 3]) is not None
        if row or item or _closed(text, said, line, end):
            spans.append((start, end))
            start = following
        line = following
    spans.append((start, len(text)))
    return spans


def _line_end(text: str, position: int) -> int:
    end = text.find("\n", position)
    return len(text) if end < 0 else end


def _closed(text: str, said: int, line: int, end: int) -> bool:
    """A short run without end mark is a heading; one that ends a sentence is finished."""
    last = line + len(text[line:end].rstrip())
    return last - said < _HEADING or text[last - 1] in ".!?:;"


def _ends_sentence(text: str, match: re.Match[str], end: int) -> bool:
    following = _NEXT.match(text, match.end(), end)
    if following is None:
        return True
    if not (following[1].isupper() or following[1].isdigit() or following[1] in "\"'“‘([•-"):
        return False
    if match.group()[0] != ".":
        return True
    before = text[max(0, match.start() - 12) : match.start()]
    word = re.split(r"[\s(\[]", before)[-1].lower()
    return word not in _ABBREVIATIONS and not (len(word) == 1 and word.isalpha() and before[-1:].isupper())


def _add(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    piece = text[start:end]
    stripped = piece.strip()
    if stripped:
        begin = start + _indent(piece)
        spans.append((begin, begin + len(stripped)))


def _indent(piece: str) -> int:
    """How many blanks it begins with."""
    return len(piece) - len(piece.lstrip())


@lru_cache(maxsize=50_000)
def _stem(word: str) -> str:
    """Cut common endings off words of five letters or more; numbers stay as they are."""
    if word[0].isdigit():
        return word.replace(",", "")
    word = word.replace("’", "'").removesuffix("'s")
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= 3:
            stem = word[: -len(suffix)]
            return stem + "y" if suffix in {"ies", "ied"} else stem.removesuffix("e")
    return word.removesuffix("e") if len(word) > 4 else word
