"""The paragraph that a question cites: `1005.6(b)(1)`, `§ 1005.33`, `section 4.2`."""

import re
from collections.abc import Sequence
from enum import IntEnum
from itertools import islice

from ragslm._sentences import content_words
from ragslm.types import PATH_SEPARATOR

_ITEMS = r"(?:\([a-z0-9]{1,5}\)){1,6}"
_NAMES = "sections?|articles?|rules?|paragraphs?|clauses?|comments?|recommendations?"
_CITES = rf"(?:§§?|\bC\.?F\.?R\.?|\b(?:{_NAMES}))\s*"
_BEFORE, _AFTER = r"(?<![\w.,$€£-])", r"(?:-\d{1,3})?(?![\w%]|[.,]\d)"
_SURE = re.compile(
    rf"(?:{_CITES}(\d{{1,4}}(?:\.\d{{1,4}}){{1,4}}(?:{_ITEMS})?{_AFTER})"
    rf"|{_BEFORE}(\d{{1,4}}(?:\.\d{{1,4}}){{1,4}}{_ITEMS}{_AFTER}))",
    re.IGNORECASE,
)
_MAYBE = re.compile(
    rf"(?:{_CITES}(\d{{1,4}}{_AFTER})|{_BEFORE}(\d{{3,4}}\.\d{{1,4}}(?!\(){_AFTER}|\d{{1,4}}{_ITEMS}{_AFTER}))",
    re.IGNORECASE,
)
"""`section 12`, `1005.6`, `401(k)`: a paragraph where a heading says so, else an amount or a name."""
_MOST = 4
"""Paragraphs looked for; a question made of nothing else is not to hold up its search."""
_ABOUT = "Comment "
"""Before the number of a paragraph, in the heading of an official comment on it."""
_ASKS_ABOUT = re.compile(r"\b(?:comment|commentary|interpretation)", re.IGNORECASE)
_ASKS_WORDS = frozenset(
    content_words(
        "say says state states read reads require requires provide provides mean means about tell explain "
        "show give quote text wording regulation rule section article paragraph clause part comment "
        "interpretation cfr please full"
    )
)


class Near(IntEnum):
    """How near a passage is to a paragraph, nearest first."""

    OWN = 0
    """It stands under the paragraph's heading."""
    BELOW = 1
    """Under a heading below that."""
    SAID_OF = 2
    """It is a comment on the paragraph, and none was asked for."""
    OTHER = 3


def cites(question: str) -> bool:
    """Whether it cites a paragraph for certain: `1005.6(b)`, `12 CFR 1005.6`, `section 4.2`."""
    return _SURE.search(question) is not None


def _labels(question: str) -> list[str]:
    """The paragraphs that it may cite, as it writes them, without `§` and `section`."""
    found = (match for pattern in (_SURE, _MAYBE) for match in pattern.finditer(question))
    return list(islice(dict.fromkeys(match[match.lastindex or 0] for match in found), _MOST))


def asks_wording(question: str) -> bool:
    """Whether it asks what the paragraph that it cites says, and nothing else of it."""
    rest = _MAYBE.sub(" ", _SURE.sub(" ", question))
    return cites(question) and all(
        word in _ASKS_WORDS or word.isdigit() or len(word) == 1 for word in content_words(rest)
    )


def nearness(question: str, sections: Sequence[str | None], *, around: bool = True) -> list[Near]:
    """How near passages are to what a question cites.

    Args:
        question: scrubbed.
        sections: their section paths.
        around: a paragraph that no heading names is looked for in the one around it, as an item:
            `1005.6(b)(1)(i)` in `1005.6(b)(1)`.
    """
    paths = [(section or "").split(PATH_SEPARATOR)[::-1] for section in sections]
    about = _ASKS_ABOUT.search(question) is not None
    by_label = [_nearness(label, paths, about, around) for label in _labels(question)]
    return [min(near) for near in zip(*by_label, strict=True)] or [Near.OTHER] * len(paths)


def _nearness(label: str, paths: Sequence[Sequence[str]], about: bool, around: bool) -> list[Near]:
    """How near each path, from the passage's own heading to the outermost, is to one paragraph."""
    while label:
        heading = re.compile(rf"(?:\d+ )?(?:{_CITES})?{re.escape(label)}(?![\w(]|[.-]\w)", re.IGNORECASE)
        near = [_near(heading, path, about) for path in paths]
        if min(near, default=Near.OTHER) < Near.OTHER:
            return near
        around_it = label[: max(label.rfind("("), label.rfind("-"), 0)] if around else ""
        label = "" if around_it.isdigit() else around_it  # 2021 is not the paragraph around 2021(3)
    return [Near.OTHER] * len(paths)


def _near(heading: re.Pattern[str], path: Sequence[str], about: bool) -> Near:
    """`about`: what is said of the paragraph is wanted."""
    depth = next((depth for depth, own in enumerate(path) if heading.match(own)), None)
    if depth is None:
        return Near.OTHER
    said_of = any(own.startswith(_ABOUT) for own in path)
    if said_of and not about:
        return Near.SAID_OF
    return Near.BELOW if depth or said_of != about else Near.OWN
