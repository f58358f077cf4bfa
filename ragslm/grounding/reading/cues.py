"""Small words that turn a statement round: negation, certainty, obligation, quantity, condition, hearsay."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from ragslm.grounding.reading.tokens import Token, taken

_CLASSES = {
    "negation": """no not never without none nor neither cannot denies denied deny lack lacks lacking absence
        false untrue incorrect wrong refuted disproved
        absent fail fails failed unable nothing nobody contraindicated avoid avoided avoids unlikely hardly
        prohibited prohibit prohibits forbidden excludes exclude""",
    "possibility": "may might can could possible possibly potentially perhaps likely probably",
    "obligation": "must shall required requires require mandatory",
    "advice": "should recommended recommend recommends advised ought",
    "some": "some few certain several sometimes occasionally",
    "all": "all every always each any entire",
    "most": "most mostly usually often generally commonly frequently typically mainly",
    "rare": "rarely seldom rare uncommon infrequently",
    "only": "only solely exclusively",
    "condition": "if provided until",
    "exception": "unless except exception exceptions excluding",
    "identity": "same identical",
    "hearsay": """believe believes believed thought suggest suggests suggested hypothesis hypothesize
        hypothesized allege alleged allegedly reportedly myth suspected presumably claim claims claimed""",
}
_CLASS_OF = {word: name for name, words in _CLASSES.items() for word in words.split()}
# "not only", "whether or not", "may" as a month are no cues; the first two say nothing negative.
_NO_CUE = re.compile(
    r"\b(?:not only|whether or not|if not|(?:no|not) (?:more|less) than)\b",
    re.IGNORECASE,
)
# Conditions of several words; the first is the cue.
_PHRASES = (
    ("condition", re.compile(r"\b(?:as long as|subject to|on condition|in the absence of)\b", re.IGNORECASE)),
    ("exception", re.compile(r"\b(?:apart from|other than)\b", re.IGNORECASE)),
)
# "the claim was paid": a demand, no hearsay.
_DEMAND = re.compile(r"\b(?:the|a|an|any|each|every|your|his|her|this|of|insurance|such)\s$", re.IGNORECASE)
_REACH = 3
# A modal verb governs what is joined to its verb by "and" too, up to the next modal.
_MODAL = frozenset({"possibility", "obligation", "advice"})
_MODAL_REACH = 8
# What a cue governs ends here.
_BREAK = re.compile(r";|:\s|\b(?:but|however|although|though|while|whereas|yet)\b", re.IGNORECASE)
_SEEN = 40
"""Words looked at behind a cue."""
# "not required" and "required not" differ in what the negation stands before.
_SCOPE = 2


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue word.

    Attributes:
        kind: its class.
        governed: stems of the words after it.
        reached: of more of them, where a verb may be joined by "and".
        over: classes of cue words right behind it, where it is a negation.
    """

    kind: str
    governed: tuple[str, ...]
    reached: tuple[str, ...] = ()
    over: frozenset[str] = frozenset()


def cues(text: str, words: list[Token], silent: Sequence[tuple[int, int]] = ()) -> list[Cue]:
    """Cues of `text`, whose tokens are `words`, in order.

    Args:
        text: a claim or a source.
        words: its tokens.
        silent: places where a cue word is part of a comparison or frequency, as in "at most".
    """
    marks = taken(len(text), [*silent, *(match.span() for match in _NO_CUE.finditer(text))])
    said = {match.start(): kind for kind, form in _PHRASES for match in form.finditer(text)}
    kinds = [said.get(w.start) or (None if marks[w.start] else _kind(text, w)) for w in words]
    breaks = [*(match.start() for match in _BREAK.finditer(text)), len(text)]
    neither = next((i for i, word in enumerate(words) if word.lower == "neither"), len(words))
    found = []
    for i, kind in enumerate(kinds):
        if kind is None or (words[i].lower == "nor" and neither < i):
            continue
        end = breaks[bisect_left(breaks, words[i].end)]
        after = zip(words[i + 1 : i + _SEEN], kinds[i + 1 : i + _SEEN], strict=True)
        found.append(_cue(kind, [(w, k) for w, k in after if w.start < end]))
    return found


def _cue(kind: str, rest: Sequence[tuple[Token, str | None]]) -> Cue:
    """A cue of this class before these words."""
    after = [w.key for w, k in rest if w.content and w.lower not in _CLASS_OF]
    over = (
        frozenset(k for _, k in rest[:_SCOPE] if k and k != "negation") if kind == "negation" else frozenset()
    )
    if kind not in _MODAL:
        return Cue(kind, tuple(after[:_REACH]), over=over)
    until = next((i for i, (_, k) in enumerate(rest) if k in _MODAL), len(rest))
    own = [w.key for w, k in rest[:until] if w.content and k is None]
    return Cue(kind, tuple(after[:_REACH]), tuple(own[:_MODAL_REACH]))


def _kind(text: str, word: Token) -> str | None:
    kind = "negation" if word.lower.endswith("n't") else _CLASS_OF.get(word.lower)
    return None if _is_month(text, word) or _is_demand(text, word) else kind


def is_cue(word: Token) -> bool:
    """Whether a word is compared here and not as content."""
    return word.lower in _CLASS_OF or word.lower.endswith("n't")


def _is_demand(text: str, word: Token) -> bool:
    """Whether it is a claim that somebody has, and not "the claim that" something is so."""
    noun = word.lower in {"claim", "claims"} and _DEMAND.search(text[: word.start][-12:]) is not None
    return noun and not text[word.end :].startswith(" that ")


def _is_month(text: str, word: Token) -> bool:
    return word.text == "May" and text[word.end : word.end + 2].strip(" ,")[:1].isdigit()
