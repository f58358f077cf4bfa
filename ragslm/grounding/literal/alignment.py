"""How the words of a claim lie in its source: all there, next to the same words, in the same order."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ragslm.grounding.reading.cues import is_cue
from ragslm.grounding.reading.synonyms import same_word
from ragslm.grounding.reading.tokens import Token, tokens

# Words that introduce or join without adding a fact.
_GLUE = frozenset(
    """moreover addition furthermore however therefore thu thus specifical example
    inc corp corporation incorporated ltd llc plc pm""".split()
)
# "including" says what "such as" says.
_LISTING = frozenset(word.key for word in tokens("including includes"))
_SUBJECT = 3
_PREPOSITIONS = frozenset(
    """in on at for during after before under as by from since with within if when until because among
    according for of despite to through while once without except subject unless""".split()
)


@dataclass(frozen=True, slots=True)
class Alignment:
    """Where the claim's content words are in the source.

    Attributes:
        overlap: share of the claim's content words that the source has, 0 to 1.
        adjacency: share of neighbouring words of the claim that are near each other in the source, 0 to 1.
        missing: content words the source does not have.
        breaks: how often the order of the source is left (0: in order).
        fronted: the single break is an adverbial moved to the front, which changes nothing.
    """

    overlap: float
    adjacency: float
    missing: tuple[Token, ...]
    breaks: int
    fronted: bool


def compared(words: Sequence[Token]) -> list[Token]:
    """The words that alignment looks at: content without cues; numbers have a check of their own."""
    return [w for w in words if w.content and not is_cue(w) and not w.number and w.key not in _GLUE]


def align(claim: Sequence[Token], span: Sequence[Token], context: Sequence[Token] = ()) -> Alignment:
    """Lay `claim` on `span`; its subject may be in `context`, to which the span's "it" refers."""
    wanted, offered = compared(claim), compared(span)
    places = [[j for j, other in enumerate(offered) if same_word(word, other)] for word in wanted]
    listed = any(w.lower == "such" for w in span)
    found = [
        len(place) > _before(wanted, i) or (listed and wanted[i].key in _LISTING)
        for i, place in enumerate(places)
    ]
    for i in range(min(_SUBJECT, len(wanted) // 2)):
        if found[i]:
            break
        found[i] = any(same_word(wanted[i], word) for word in context)
    breaks = _breaks([place for place in places if place])
    return Alignment(
        overlap=sum(found) / len(found) if found else 0.0,
        adjacency=_adjacency(places),
        missing=tuple(word for word, there in zip(wanted, found, strict=True) if not there),
        breaks=breaks,
        fronted=breaks == 1 and len(wanted) >= 4 and _opens_with_adverbial(claim),
    )


def _before(words: Sequence[Token], i: int) -> int:
    """How often word `i`, or one that says the same, was said before: not more often than in the source."""
    return sum(same_word(word, words[i]) for word in words[:i])


def _breaks(places: list[list[int]]) -> int:
    """Fewest steps back over all ways to lay the words."""
    best: dict[int, int] = {}
    for options in places:
        best = {here: min((n + (here < there) for there, n in best.items()), default=0) for here in options}
    return min(best.values(), default=0)


def _adjacency(places: list[list[int]]) -> float:
    pairs = list(pairwise(places))
    if not pairs:
        return float(bool(places and places[0]))
    close = sum(any(abs(a - b) <= 2 and a != b for a in one for b in other) for one, other in pairs)
    return close / len(pairs)


def _opens_with_adverbial(claim: Sequence[Token]) -> bool:
    return bool(claim) and claim[0].lower in _PREPOSITIONS
