"""Small words that turn a statement round: negation, certainty, obligation, quantity, condition, hearsay."""

import re
from dataclasses import dataclass

from ragslm.grounding.tokens import Token, alike

_CLASSES = {
    "negation": """no not never without none nor neither cannot denies denied deny lack lacks lacking absence
        false untrue incorrect wrong refuted disproved
        absent fail fails failed unable nothing nobody contraindicated avoid avoided avoids unlikely hardly
        prohibited prohibit prohibits forbidden excludes exclude excluding except""",
    "possibility": "may might can could possible possibly potentially perhaps likely probably",
    "obligation": "must shall required requires require mandatory",
    "advice": "should recommended recommend recommends advised ought",
    "some": "some few certain several sometimes occasionally",
    "all": "all every always each any entire",
    "most": "most mostly usually often generally commonly frequently typically mainly",
    "rare": "rarely seldom rare uncommon infrequently",
    "only": "only solely exclusively",
    "condition": "unless if provided until",
    "hearsay": """believe believes believed thought suggest suggests suggested hypothesis hypothesize
        hypothesized allege alleged allegedly reportedly myth suspected presumably claim claims claimed""",
}
_CLASS_OF = {word: name for name, words in _CLASSES.items() for word in words.split()}
# "not only", "whether or not", "may" as a month are no cues; the first two say nothing negative.
_NO_CUE = re.compile(
    r"\bnot only\b|\bwhether or not\b|\bif not\b|\b(?:no|not) (?:more|less) than\b",
    re.I,
)
_REACH = 3
# A change of one of these is a change of meaning wherever it stands in the sentence.
REASONS = {
    "negation": "negation differs",
    "possibility": "certainty differs",
    "obligation": "obligation differs",
    "advice": "obligation differs",
    "some": "quantity word differs",
    "all": "quantity word differs",
    "most": "quantity word differs",
    "rare": "quantity word differs",
    "only": "restriction differs",
    "condition": "condition differs",
    "hearsay": "certainty differs",
}
# Left out of a claim, these make it say more than the source, whichever words they govern.
_KEEP_ALWAYS = frozenset({"condition", "only", "hearsay"})


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue word: its class and the stems of the words after it."""

    kind: str
    governed: tuple[str, ...]


def cues(text: str, words: list[Token]) -> list[Cue]:
    """Cues of `text`, whose tokens are `words`, in order."""
    silent = [match.span() for match in _NO_CUE.finditer(text)]
    found = []
    for i, word in enumerate(words):
        kind = "negation" if word.lower.endswith("n't") else _CLASS_OF.get(word.lower)
        if kind is None or any(a <= word.start < b for a, b in silent) or _is_month(text, word):
            continue
        after = [w.key for w in words[i + 1 :] if w.content and w.lower not in _CLASS_OF]
        found.append(Cue(kind, tuple(after[:_REACH])))
    return found


def is_cue(word: Token) -> bool:
    """Whether a word is compared here and not as content."""
    return word.lower in _CLASS_OF or word.lower.endswith("n't")


def differ(claimed: list[Cue], stated: list[Cue], claim_keys: set[str]) -> list[str]:
    """Reasons why the cues of a claim are not those of its source, each once."""
    reasons: list[str] = []
    for kind, reason in REASONS.items():
        want = [cue for cue in claimed if cue.kind == kind]
        have = [cue for cue in stated if cue.kind == kind]
        for cue in want:
            partner = next((other for other in have if _meet(cue, other)), None)
            if partner is None:
                reasons.append(reason)
            else:
                have.remove(partner)
        if any(kind in _KEEP_ALWAYS or _touches(cue, claim_keys) for cue in have):
            reasons.append(reason)
    return list(dict.fromkeys(reasons))


def _meet(one: Cue, other: Cue) -> bool:
    """Whether two cues govern the same words; a cue that governs nothing meets its like."""
    if not one.governed or not other.governed:
        return one.governed == other.governed
    return any(alike(a, b) for a in one.governed[:2] for b in other.governed)


def _touches(cue: Cue, keys: set[str]) -> bool:
    return not cue.governed or any(alike(word, key) for word in cue.governed for key in keys)


def _is_month(text: str, word: Token) -> bool:
    return word.text == "May" and text[word.end : word.end + 2].strip(" ,")[:1].isdigit()
