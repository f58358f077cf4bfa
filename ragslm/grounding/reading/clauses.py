"""A sentence's clauses, so that each may rest on another sentence of the evidence."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ragslm.grounding.reading.synonyms import same_word
from ragslm.grounding.reading.tokens import Token, tokens

_JOINT = re.compile(r"\s*;\s+|,\s+(?:and|but|while|whereas)\s+", re.IGNORECASE)
_LEAST = 3
_OWN_SUBJECT = re.compile(r"(?:the|a|an|this|these|those|each|every|no|all|some)\b|[A-Z]", re.UNICODE)


@dataclass(frozen=True, slots=True)
class Clause:
    """Part of a sentence. `subject`: the word its source must hold too, where it has none of its own."""

    text: str = field(repr=False)
    subject: Token | None = field(default=None, repr=False)

    def fits(self, words: Sequence[Token]) -> bool:
        """Whether a source with these words speaks of the subject."""
        return self.subject is None or any(same_word(self.subject, word) for word in words)


def clauses(sentence: str) -> list[Clause]:
    """Clauses of three content words or more; the sentence alone if it cannot be cut so."""
    parts = _JOINT.split(sentence)
    if any(sum(w.content for w in tokens(part)) < _LEAST for part in parts):
        return [Clause(sentence)]
    subject = next((w for w in tokens(sentence) if w.content), None)
    return [
        Clause(part, None if i == 0 or _OWN_SUBJECT.match(part) else subject) for i, part in enumerate(parts)
    ]
