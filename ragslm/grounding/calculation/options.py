"""The things that a question names to be compared: "Retail, Cards or Wealth"."""

import re
from collections.abc import Iterable

from ragslm._sentences import content_words
from ragslm.grounding.calculation.operands import without_periods
from ragslm.grounding.calculation.readings import has

_LISTS = (
    re.compile(r":\s*(?P<list>[^?:]+)$"),
    re.compile(r"\((?P<list>[^()]*\b(?:or|and)\b[^()]*)\)", re.IGNORECASE),
    re.compile(r"\b(?:among|between|out of)\s+(?P<list>[^?]+?),?\s*(?=\b(?:which|what)\b|$)", re.IGNORECASE),
)
_COMMA = re.compile(r",\s*(?:(?:or|and)\s+)?|\s+or\s+", re.IGNORECASE)
_LAST_AND = re.compile(r"\s+and\s+(?!.*\band\b)", re.IGNORECASE)
_THING = frozenset(
    content_words("property properties segment division unit group line business area resorts")
)
"""Stems of what kind of thing an option is; a row need not say it."""
_LONGEST = 6
"""Words of an option."""


def without_options(asks: str) -> tuple[str, tuple[frozenset[str], ...]]:
    """A question without the list of things that it names, and the stems of each; none for fewer than two."""
    for pattern in _LISTS:
        match = pattern.search(asks)
        found = _items(match["list"]) if match else []
        if match and len(found) > 1 and all(found):
            return f"{asks[: match.start()]} {asks[match.end() :]}", tuple(found)
    return asks, ()


def chosen(options: Iterable[frozenset[str]], names: Iterable[str]) -> list[str]:
    """Of some names the one that each option means: the only one with all its words, or the one with no other
    words; none if an option means no name, or several. Two may mean one: "entertainment, retail and other".
    """
    stems = {name: frozenset(content_words(name)) for name in names}
    found: dict[str, None] = {}
    for option in options:
        like = [name for name, words in stems.items() if all(has(word, words) for word in option)]
        same = [name for name in like if stems[name] == option] or like
        if len(same) != 1:
            return []
        found[same[0]] = None
    return list(found)


def _items(text: str) -> list[frozenset[str]]:
    items = _COMMA.split(text)
    if len(items) == 1 or " or " not in text:
        items[-1:] = _LAST_AND.split(items[-1])
    if any(len(item.split()) > _LONGEST for item in items):
        return []
    stems = [frozenset(content_words(without_periods(item))) for item in items if item.strip()]
    return [words - _THING or words for words in stems]
