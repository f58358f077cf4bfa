"""How well each unit answers the question: the encoder's cosine, the question's rarer words, and how far in
front its passage was found.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from math import log, log2
from typing import TYPE_CHECKING

from ragslm._sentences import content_words
from ragslm.grounding.calculation.headings import declared_scale
from ragslm.grounding.calibration import ANSWER, ORDER, AnswerFeatures, lowered
from ragslm.grounding.expected import asks_for_figures, expected, provides
from ragslm.grounding.reading.tokens import alike
from ragslm.protocols import Embedder, Unit
from ragslm.types import PATH_SEPARATOR

if TYPE_CHECKING:
    from ragslm.protocols.retrieval import Vectors

GENERIC = frozenset(
    content_words(
        """many much long often kind type tell give explain describe difference mean definition happen need
        work say state report document information please does know help make take get find use year number
        treatment treatments symptom symptoms cause causes inherited genetic changes related affected
        diagnose diagnosed outlook research clinical trials being done prevent risk stages exams tests
        people person patient patients company customer bank effect effects following must"""
    )
)
"""Words that say what kind of thing is asked, not about what."""
_MOST_EMBEDDED = 48
_READ_ALONE = 12
"""Units that are also encoded by themselves; on the sets of `ORDER` more of them change no first unit."""
_ALIKE = 0.9
_BEHIND = 1.0
"""Log odds that a sentence loses where its passage is second instead of first, and again with each doubling
of the place: the search has read passages with more than cosines. On 173 questions on regulations the first
unit is of a right passage for 114, for 53 without; from 0.7 to 2 it is much the same. Rows lose none: a row
is known by its words and headings, and with them losing too, FinanceBench had 0.18 wrong quotes for 0.09."""


def rank_units(question: str, units: Sequence[Unit], embedder: Embedder, spelled: str = "") -> list[Unit]:
    """Units with their score, best first; near copies of a better one are left out.

    Two judgements: whether the best of them answers at all gives the first its score, 0 to 1; by how much
    another answers worse is taken from it, in log odds.

    Args:
        question: scrubbed question.
        units: from `cut_units`, of passages best first.
        embedder: encodes question and units in one batch.
        spelled: the question with its abbreviations spelled out, if there are any: by it units are ordered,
            and if either wording is answered, the question is.
    """
    if not units:
        return []
    wordings = [_Wording(asked, units) for asked in dict.fromkeys((question, spelled or question))]
    near = wordings[-1].near()
    vectors = embedder.embed([*(one.question for one in wordings), *(_headed(units[i]) for i in near)])
    asked, headed = vectors[: len(wordings)], vectors[len(wordings) :]
    judged = [
        one.features(near, (headed @ vector).tolist()) for one, vector in zip(wordings, asked, strict=True)
    ]
    answered = max(ANSWER.probability(f) for features in judged for f in features)
    behind = _behind(units)
    said = _order(judged[-1], [units[i].text for i in near], asked[-1], embedder)
    order = [odds - behind[i] for i, odds in zip(near, said, strict=True)]
    scored = [
        replace(units[i], score=lowered(answered, max(order) - odds))
        for i, odds in zip(near, order, strict=True)
    ]
    return _distinct(sorted(scored, key=lambda unit: (-unit.score, int(unit.label))))


def unranked_rows(ranked: Sequence[Unit], units: Sequence[Unit]) -> list[Unit]:
    """The rows among `units` that are not ranked, and the lines that declare their scale, in their order,
    scored as the last that is.
    """
    known = {unit.label for unit in ranked}
    last = ranked[-1].score if ranked else 0.0
    rest = (one for one in units if one.label not in known)
    return [replace(one, score=last) for one in rest if one.kind == "row" or declared_scale(one.text)]


class _Wording:
    """One wording of the question, and how the words of each unit meet it."""

    def __init__(self, question: str, units: Sequence[Unit]) -> None:
        self.question = question
        self._units = units
        self._kind, self._figures = expected(question), asks_for_figures(question)
        words = [set(content_words(unit.text)) for unit in units]
        self._around = [found | _context(unit) for found, unit in zip(words, units, strict=True)]
        self._weights = _weights(question, words)
        self._subject = {word: weight for word, weight in self._weights.items() if word not in GENERIC}
        self._own = [_share(self._weights, found) for found in words]
        self._shared = [_share(self._weights, found) for found in self._around]

    def near(self) -> list[int]:
        """The units that are worth encoding, by their words."""
        order = sorted(range(len(self._units)), key=lambda i: (-self._shared[i] - self._own[i], i))
        return order[:_MOST_EMBEDDED]

    def features(self, near: Sequence[int], cosines: Sequence[float]) -> list[AnswerFeatures]:
        """What the scores are made of, one for each unit of `near`, not yet read by itself."""
        return [self._features(i, cosine) for i, cosine in zip(near, cosines, strict=True)]

    def _features(self, i: int, cosine: float) -> AnswerFeatures:
        row = float(self._units[i].kind == "row")
        return AnswerFeatures(
            cosine=cosine,
            words=self._own[i],
            context=self._shared[i],
            subject=_share(self._subject, self._around[i]),
            kind=float(provides(self._units[i].text, self._kind)),
            alone=0.0,
            row=row,
            figures=row * self._figures,
        )


def _order(
    features: Sequence[AnswerFeatures], texts: Sequence[str], asked: "Vectors", embedder: Embedder
) -> list[float]:
    """Log odds of each unit but for a constant; the best are read once more without title and section.

    Under a heading that fits the question every sentence looks fit; what it says by itself tells them apart.
    """
    rough = [ORDER.log_odds(f) for f in features]
    best = sorted(range(len(rough)), key=lambda i: -rough[i])[:_READ_ALONE]
    alone = dict(zip(best, (embedder.embed([texts[i] for i in best]) @ asked).tolist(), strict=True))
    least = min(alone.values())
    return [ORDER.log_odds(replace(f, alone=alone.get(i, least))) for i, f in enumerate(features)]


def _behind(units: Sequence[Unit]) -> list[float]:
    """Log odds taken from each unit for the place of its passage."""
    passages = dict.fromkeys(unit.passage.id for unit in units)
    places = {passage: place for place, passage in enumerate(passages, start=1)}
    return [0.0 if one.kind == "row" else _BEHIND * log2(places[one.passage.id]) for one in units]


def _weights(question: str, words: Sequence[set[str]]) -> dict[str, float]:
    """Rarity of the question's words among the units; a word that none has weighs most.

    Args:
        question: one wording.
        words: content words of each unit.
    """
    seen = Counter(word for found in words for word in found)
    total = len(words)
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
    section = (unit.passage.section or "").rsplit(PATH_SEPARATOR, 1)[-1]
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
