"""How well each unit answers the question: the encoder's cosine and the question's rarer words."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from math import log

from ragslm._sentences import content_words
from ragslm.grounding.calibration import ANSWER, ORDER, AnswerFeatures, lowered
from ragslm.grounding.expected import asks_for_figures, expected, provides
from ragslm.grounding.reading.tokens import alike
from ragslm.protocols import Embedder, Unit

# Words that say what kind of thing is asked, not about what.
_GENERIC = frozenset(
    content_words(
        """many much long often kind type tell give explain describe difference mean definition happen need
        work say state report document information please does know help make take get find use year number
        treatment treatments symptom symptoms cause causes inherited genetic changes related affected
        diagnose diagnosed outlook research clinical trials being done prevent risk stages exams tests
        people person patient patients company customer bank effect effects following must"""
    )
)
_MOST_EMBEDDED = 48
_ALIKE = 0.9


def rank_units(question: str, units: Sequence[Unit], embedder: Embedder, spelled: str = "") -> list[Unit]:
    """Units with their score, best first; near copies of a better one are left out.

    Two judgements: whether the best of them answers at all gives the first its score, 0 to 1; by how much
    another answers worse is taken from it, in log odds.

    Args:
        question: scrubbed question.
        units: from `cut_units`.
        embedder: encodes question and units in one batch.
        spelled: the question with its abbreviations spelled out, if there are any: by it units are ordered,
            and if either wording is answered, the question is.
    """
    features = answer_features(question, units, embedder)
    ordering = answer_features(spelled, units, embedder) if spelled not in ("", question) else features
    near = [(unit, f) for unit, f in zip(units, ordering, strict=True) if f is not None]
    if not near:
        return []
    answered = max(ANSWER.probability(f) for f in (*features, *ordering) if f is not None)
    order = [ORDER.log_odds(f) for _, f in near]
    scored = [
        replace(unit, score=lowered(answered, max(order) - odds))
        for (unit, _), odds in zip(near, order, strict=True)
    ]
    return _distinct(sorted(scored, key=lambda unit: (-unit.score, int(unit.label))))


def answer_features(question: str, units: Sequence[Unit], embedder: Embedder) -> list[AnswerFeatures | None]:
    """What the score is made of, one per unit; None for a unit too far off to be encoded."""
    if not units:
        return []
    weights = _weights(question, units)
    kind, figures = expected(question), asks_for_figures(question)
    own = [_share(weights, set(content_words(unit.text))) for unit in units]
    around = [_share(weights, set(content_words(unit.text)) | _context(unit)) for unit in units]
    near = sorted(range(len(units)), key=lambda i: (-around[i] - own[i], i))[:_MOST_EMBEDDED]
    cosines = _cosines(question, [units[i] for i in near], embedder)
    subject = {word: weight for word, weight in weights.items() if word not in _GENERIC}
    found: list[AnswerFeatures | None] = [None] * len(units)
    for i, (headed, alone) in zip(near, cosines, strict=True):
        unit = units[i]
        row = float(unit.kind == "row")
        found[i] = AnswerFeatures(
            cosine=headed,
            words=own[i],
            context=around[i],
            subject=_share(subject, set(content_words(unit.text)) | _context(unit)),
            kind=float(provides(unit.text, kind)),
            alone=alone,
            row=row,
            figures=row * figures,
        )
    return found


def _cosines(question: str, units: Sequence[Unit], embedder: Embedder) -> list[tuple[float, float]]:
    """Cosines of the question and each unit, under its title and section and by itself.

    Under a heading that fits the question every sentence looks fit; what it says by itself tells them apart.
    """
    texts = [*map(_headed, units), *(unit.text for unit in units)]
    vectors = embedder.embed([question, *texts])
    found = (vectors[1:] @ vectors[0]).tolist()
    return list(zip(found[: len(units)], found[len(units) :], strict=True))


def _weights(question: str, units: Sequence[Unit]) -> dict[str, float]:
    """Rarity of the question's words among the units; a word that none has weighs most."""
    seen = Counter(word for unit in units for word in set(content_words(unit.text)))
    total = len(units)
    return {
        word: log(1 + (total - seen[word] + 0.5) / (seen[word] + 0.5)) + 0.1
        for word in dict.fromkeys(content_words(question))
    }


def _share(weights: dict[str, float], words: set[str]) -> float:
    """Weighted share of the question's words that are in `words`, 0 to 1; 1 if there are none to ask for."""
    total = sum(weights.values())
    if not total:
        return 1.0
    found = sum(
        w for word, w in weights.items() if word in words or any(alike(word, other) for other in words)
    )
    return found / total


def _context(unit: Unit) -> set[str]:
    """Words of title and section: a sentence under "Warfarin" need not repeat the name."""
    return set(content_words(f"{unit.passage.title} {unit.passage.section or ''}"))


def _headed(unit: Unit) -> str:
    section = (unit.passage.section or "").rsplit(" › ", 1)[-1]
    return " ".join(filter(None, (unit.passage.title, section, unit.text)))


def _distinct(ranked: Sequence[Unit]) -> list[Unit]:
    kept: list[tuple[Unit, set[str]]] = []
    for unit in ranked:
        words = set(content_words(unit.text))
        if not any(_jaccard(words, other) >= _ALIKE for _, other in kept):
            kept.append((unit, words))
    return [unit for unit, _ in kept]


def _jaccard(one: set[str], other: set[str]) -> float:
    return len(one & other) / len(one | other) if one | other else 1.0
