"""Which words go with which of several like numbers: "12 % on semaglutide and 4 % on placebo"."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Protocol

from ragslm.grounding.reading.numbers import Number
from ragslm.grounding.reading.synonyms import same_word
from ragslm.grounding.reading.text import Reading
from ragslm.grounding.reading.tokens import Token, tokens

_JOINT = re.compile(
    r"[,;]|\b(?:and|but|while|whereas|versus|vs|compared|or|than|to|against)\b", re.IGNORECASE
)
_RESPECTIVELY = re.compile(r",?\s*\brespectively\b", re.IGNORECASE)
_LISTED = re.compile(r",\s(?:and\s)?|\sand\s", re.IGNORECASE)
_THING = re.compile(
    r"(?:\b(?:after|before|with|plus)\s)?\b(?:a|an|the|one)\s(?:\w+\s){1,3}of\s[$€£]?$", re.IGNORECASE
)
_ROLE = re.compile(
    r"\b(?:(?P<word>from|to|by)|(?P<change>rose|rise[sn]?|increased?s?|fell|falls?|decreased?s?|declined?s?"
    r"|grew|gr[eo]ws?|dropp?e?d?s?|raised?|lowered|reduced?s?|gained|lost))\s(?:[$€£(]\s?){0,2}$",
    re.IGNORECASE,
)
_ROLE_REACH = 16
_OF = re.compile(r"\sof\s(?:[$€£(]\s?){0,2}$")

Keys = frozenset[str]


class Place(Protocol):
    """Where a number or a date stands."""

    @property
    def start(self) -> int:
        """First character."""
        ...

    @property
    def end(self) -> int:
        """One past the last."""
        ...


def placed(
    own: Place,
    claim: Reading,
    span: Reading,
    like: Sequence[Place],
    fits: Sequence[Place],
    others: Sequence[Place],
) -> bool | None:
    """Whether the claim's number stands with the words it stands with in the span; None: that cannot be said.

    Args:
        own: a number or date of the claim.
        claim: the claim.
        span: the source, a sentence.
        like: numbers or dates of the claim of the same kind, `own` among them.
        fits: the span's that say the same.
        others: the span's of the same kind that do not.
    """
    group = sorted([*fits, *others], key=lambda place: place.start)
    shares = _shares(span, group)
    if shares is None:
        return None
    said = _said_with(own, claim, like)
    found = [_met(said, shares[group.index(fit)], shares) for fit in fits]
    if any(own > away for own, away in found):
        return True
    return False if all(away > own == 0 for own, away in found) else None


def _met(said: Keys, own: Keys, shares: Sequence[Keys]) -> tuple[int, int]:
    """How many words of the claim only this number has, and how many only others have."""
    elsewhere = frozenset().union(*(share for share in shares if share is not own))
    return len(said & (own - elsewhere)), len(said & (elsewhere - own))


def _shares(reading: Reading, group: Sequence[Place]) -> list[Keys] | None:
    """The words of each number, None if they share them. Those before the first go with all.

    Where one has no word of its own, as in "3.1 on March 4 and 4.2 on March 9", numbers alone tell.
    """
    if len(group) < 2:
        return None
    listed = _respective(reading.text, group)
    cuts = [_cut(reading.text, a.end, b.start) for a, b in pairwise(group)]
    bounds = list(zip([group[0].start, *cuts], [*cuts, len(reading.text)], strict=True))
    shares = listed or [_keys(reading.words, *bound, group) for bound in bounds]
    head = frozenset() if listed else _keys(reading.words, 0, group[0].start, group)
    found = [share - head for share in shares]
    if not all(found):
        figures = [w for w in reading.words if w.number]
        found = [_keys(figures, *bound, group) for bound in [(0, bounds[0][1]), *bounds[1:]]]
    return found if all(found) else None


def _cut(text: str, start: int, end: int) -> int:
    """Where the words of one number end and those of the next begin; "a dose of 5" is all of the 5."""
    thing = _THING.search(text, start, end)
    own = thing.start() if thing else end
    return max((start + m.start() for m in _JOINT.finditer(text[start:end])), default=own)


def _keys(words: Sequence[Token], start: int, end: int, group: Sequence[Place]) -> Keys:
    return frozenset(
        w.key
        for w in words
        if w.content and start <= w.start < end and not any(n.start <= w.start < n.end for n in group)
    )


def _respective(text: str, group: Sequence[Place]) -> list[Keys] | None:
    """One item for each number, from behind the last or from before the first."""
    end = _RESPECTIVELY.search(text)
    if end is None or end.start() < group[-1].end:
        return None
    after = _LISTED.split(text[group[-1].end : end.start()])
    before = _LISTED.split(text[: group[0].start])[-len(group) :]
    for items in (after, before):
        if len(items) == len(group):
            return [frozenset(w.key for w in tokens(item) if w.content) for item in items]
    return None


def _said_with(own: Place, claim: Reading, like: Sequence[Place]) -> Keys:
    """Words of the claim that go with its number."""
    shares = _shares(claim, like)
    if shares is None:
        return _keys(claim.words, 0, len(claim.text), [own])
    return shares[like.index(own)] | _keys(claim.words, 0, like[0].start, like)


def changes_role(number: Number, claim: Reading, span: Reading, fits: Sequence[Number]) -> bool:
    """Whether "to 5 %" became "by 5 %" or "from 5 %"."""
    role = _role(claim.text, number)
    stated = [_role(span.text, fit) for fit in fits]
    return role is not None and all(other is not None and other != role for other in stated)


def is_of_another(number: Number, claim: Reading, span: Reading, fits: Sequence[Number]) -> bool:
    """Whether "a fee of 12" became "a balance of 12"."""
    thing = _thing(claim, number)
    stated = [_thing(span, fit) for fit in fits]
    return thing is not None and all(own is not None and not same_word(thing, own) for own in stated)


def _thing(reading: Reading, number: Number) -> Token | None:
    """The word that a number is of: "dose" in "a dose of 5 mg"."""
    match = _OF.search(reading.text, max(0, number.start - _ROLE_REACH), number.start)
    return next((w for w in reading.words if match and w.end == match.start() and w.content), None)


def _role(text: str, number: Number) -> str | None:
    if number.comparator or number.edge or number.year:
        return None
    match = _ROLE.search(text[max(0, number.start - _ROLE_REACH) : number.start])
    return None if match is None else (match["word"] or "by").lower()
