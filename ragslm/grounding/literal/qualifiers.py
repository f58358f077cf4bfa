"""Negation, certainty, obligation, quantity, condition and hearsay must be those of the source."""

from ragslm.grounding.reading.cues import Cue
from ragslm.grounding.reading.tokens import alike

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
    "exception": "condition differs",
    "hearsay": "certainty differs",
    "identity": "quantity word differs",
}
# Left out of a claim, these make it say more than the source, whichever words they govern.
_KEEP_ALWAYS = frozenset({"condition", "exception", "only", "hearsay"})


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
    """Whether a claim's cue governs the same words; a cue that governs nothing meets its like."""
    if one.over != other.over:
        return False
    if not one.governed or not other.governed:
        return one.governed == other.governed
    return any(alike(a, b) for a in one.governed[:2] for b in (*other.governed, *other.reached))


def _touches(cue: Cue, keys: set[str]) -> bool:
    return not cue.governed or any(alike(word, key) for word in cue.governed for key in keys)
