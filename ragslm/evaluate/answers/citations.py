"""Citation recall and precision of a reply.

Source: Gao et al., Enabling Large Language Models to Generate Text with Citations (EMNLP 2023), section 3.
Recall of a statement is 1 if all its citations together support it; a citation is precise if its statement is
so supported and it either supports the statement by itself or the others no longer do without it. Their judge
is an NLI model of 11 billion parameters; ours is the configured verifier.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from ragslm.evaluate.answers.systems import Reply
from ragslm.protocols import Verifier


@dataclass(frozen=True, slots=True)
class CitationScore:
    """Both 0 to 1. `precision` is None where nothing is cited; `unsupported`: statements without support."""

    recall: float
    precision: float | None
    statements: int
    unsupported: int


def score(verifier: Verifier, reply: Reply) -> CitationScore | None:
    """Of one reply; None for a reply that states nothing."""
    if reply.refused or not reply.statements:
        return None
    recalls, precise = [], []
    for statement in reply.statements:
        cited = [reply.sources[label].text for label in statement.labels if label in reply.sources]
        missing = len(statement.labels) - len(cited)  # a label that names no passage supports nothing
        supported = _supported(verifier, statement.text, cited)
        recalls.append(supported)
        precise += [supported and _needed(verifier, statement.text, cited, i) for i in range(len(cited))]
        precise += [False] * missing
    return CitationScore(
        fmean(recalls), fmean(precise) if precise else None, len(recalls), recalls.count(False)
    )


def unproven(verifier: Verifier, reply: Reply, proof: Sequence[str]) -> int:
    """How many statements the texts that are known to hold the answer do not support."""
    return sum(not _supported(verifier, one.text, proof) for one in reply.statements)


def _supported(verifier: Verifier, statement: str, texts: Sequence[str]) -> bool:
    return bool(texts) and verifier.verify(statement, texts).supported


def _needed(verifier: Verifier, statement: str, cited: Sequence[str], i: int) -> bool:
    alone = _supported(verifier, statement, [cited[i]])
    return alone or not _supported(verifier, statement, [*cited[:i], *cited[i + 1 :]])
