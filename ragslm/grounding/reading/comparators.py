"""What a number is compared with: at least, at most, more than, less than."""

import re
from dataclasses import dataclass

_BEFORE = (
    (
        "at least",
        r"at least|(?:no|not) (?:less|fewer|lower) than|not below|not under|not before|(?:a )?minimum(?: of)?"
        r"|≥|>=|no earlier than",
    ),
    (
        "at most",
        r"at most|up to|(?:no|not) (?:more|greater|higher|longer|later) than|not (?:above|over|after)"
        r"|(?:not|n['’]t|cannot) (?:to )?exceed(?:ing|ed)?|(?:a )?maximum(?: of)?|≤|<=|as much as|within",
    ),
    (
        "more than",
        r"more than|greater than|over|above|exceed(?:s|ed|ing)?|(?:in )?excess of|higher than|older than"
        r"|longer than|>|after",
    ),
    ("less than", r"less than|fewer than|under|below|lower than|younger than|shorter than|<|before"),
)
_AFTER = (
    (
        "at least",
        r"or (?:more|older|above|over|higher|greater|longer)|and (?:older|above|over)|years and over",
    ),
    ("at most", r"or (?:less|fewer|younger|below|lower|under|shorter)|and (?:younger|under)"),
)
_REACH = 40
_GAP = r"\s{0,3}(?:the\s|a\s|an\s)?[($€£]?\s{0,3}$"
_SIGNS = tuple(
    (name, re.compile(rf"{sign}\s{{0,3}}[($€£]?\s{{0,3}}$"))
    for name, sign in (
        ("at least", "(?:≥|>=)"),
        ("at most", "(?:≤|<=)"),
        ("more than", ">"),
        ("less than", "<"),
    )
)
_BEFORE_PATTERNS = (
    *_SIGNS,
    *((name, re.compile(rf"(?:^|(?<=\W)|(?=n['’]t))(?:{p}){_GAP}", re.IGNORECASE)) for name, p in _BEFORE),
)
_AFTER_PATTERNS = tuple(
    (name, re.compile(rf"\W{{0,3}}(?:\w{{1,20}}\W{{1,3}})?({p})\b", re.IGNORECASE)) for name, p in _AFTER
)
# "do not take more than 4 g": the verb stands between the negation and what it turns.
_TURNED = re.compile(
    r"\b(?:(?:do|does|should|must|may|can|shall|will)\s(?:not\s)|(?:cannot|don['’]t|mustn['’]t)\s)(?:\w{1,20}\s)$",
    re.IGNORECASE,
)
_OPPOSITE = {"more than": "at most", "less than": "at least"}


@dataclass(frozen=True, slots=True)
class Comparator:
    """A comparison and the places of the words that say it, so that no other check reads them again."""

    kind: str
    spans: tuple[tuple[int, int], ...]


def comparator(text: str, start: int, end: int) -> str | None:
    """The comparison that governs the number at `[start, end)`, or None."""
    found = governing(text, start, end)
    return found.kind if found else None


def governing(text: str, start: int, end: int) -> Comparator | None:
    """The same, with where it is said."""
    origin = max(0, start - _REACH)
    before = text[origin:start]
    for name, pattern in _BEFORE_PATTERNS:
        if match := pattern.search(before):
            return _turned(text, name, origin + match.start(), start)
    for name, pattern in _AFTER_PATTERNS:
        if match := pattern.match(text, end):
            return Comparator(name, (match.span(1),))
    return None


def _turned(text: str, name: str, start: int, end: int) -> Comparator:
    origin = max(0, start - _REACH)
    negation = _TURNED.search(text[origin:start]) if name in _OPPOSITE else None
    if negation is None:
        return Comparator(name, ((start, end),))
    verb = text[origin : origin + negation.end()].rstrip().rfind(" ") + origin
    return Comparator(_OPPOSITE[name], ((origin + negation.start(), verb), (start, end)))
