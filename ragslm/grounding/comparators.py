"""What a number is compared with: at least, at most, more than, less than."""

import re

_BEFORE = (
    (
        "at least",
        r"at least|no less than|not less than|no fewer than|minimum of|a minimum|≥|>=|no earlier than",
    ),
    (
        "at most",
        r"at most|up to|no more than|not more than|no later than|not exceed(?:ing)?|maximum of|≤|<="
        r"|as much as|within",
    ),
    (
        "more than",
        r"more than|greater than|over|above|exceed(?:s|ed|ing)?|higher than|older than|longer than|>|after",
    ),
    ("less than", r"less than|fewer than|under|below|lower than|younger than|shorter than|<|before"),
)
_AFTER = (
    ("at least", r"or (?:more|older|above|higher|greater|longer)|and (?:older|above|over)|years and over"),
    ("at most", r"or (?:less|fewer|younger|below|lower|under)|and (?:younger|under)"),
)
_BEFORE_PATTERNS = tuple(
    (name, re.compile(rf"(?:^|(?<=\W))(?:{p})\s*(?:the\s|a\s|an\s)?[($€£]?\s*$", re.IGNORECASE))
    for name, p in _BEFORE
)
_SIGNS = tuple(
    (name, re.compile(rf"{sign}\s*[($€£]?\s*$"))
    for name, sign in (
        ("at least", "(?:≥|>=)"),
        ("at most", "(?:≤|<=)"),
        ("more than", ">"),
        ("less than", "<"),
    )
)
_AFTER_PATTERNS = tuple(
    (name, re.compile(rf"\W{{0,3}}(?:\w+\W{{1,3}})?(?:{p})\b", re.IGNORECASE)) for name, p in _AFTER
)


def comparator(text: str, start: int, end: int) -> str | None:
    """The comparison that governs the number at `[start, end)`, or None."""
    before = text[max(0, start - 32) : start]
    for name, pattern in (*_SIGNS, *_BEFORE_PATTERNS):
        if pattern.search(before):
            return name
    for name, pattern in _AFTER_PATTERNS:
        if pattern.match(text, end):
            return name
    return None
