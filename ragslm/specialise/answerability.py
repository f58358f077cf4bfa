"""Fits the curve that says whether evidence answers (`ragslm.grounding.answerability`)."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from ragslm.grounding.answerability import (
    READ,
    Answerability,
    Closest,
    Meeting,
    Reader,
    meet,
    nothing_known,
)
from ragslm.grounding.ranker import Ranker
from ragslm.protocols import Embedder
from ragslm.specialise.answerability_cases import Case
from ragslm.specialise.calibration import fit_curve

FEW, MANY = 40, 3
"""Every set and label weighs as much as so many questions, and no question more than so many times."""
FOLDS = 5
_TENTHS = 10
LEAST = 0.5
"""Probability below which a question is refused, as `grounding.answerable` has it."""


@dataclass(frozen=True, slots=True)
class Met:
    """How a case's question meets its evidence. `best`: score of the best unit, 0 to 1."""

    case: Case
    best: float
    meeting: Meeting


def meet_all(
    found: Sequence[Case],
    embedder: Embedder,
    reader: Reader,
    progress: Callable[[int, int], None],
    *,
    most: int = READ,
    closest: Closest = nothing_known,
) -> list[Met]:
    """What the curve reads of so many passages; cases whose passages say nothing are left out."""
    ranker, met = Ranker(embedder), []
    for done, case in enumerate(found, start=1):
        if units := ranker.units(case.question, case.passages):
            met.append(Met(case, units[0].score, meet(case.question, units, reader, most, closest)))
        progress(done, len(found))
    return met


def fit(met: Sequence[Met]) -> Answerability:
    """Logistic regression, ridge 1 where cosines count in tenths: they differ by few."""
    rows = [(one.meeting.missing, one.meeting.relevance, _TENTHS * one.meeting.known) for one in met]
    curve = fit_curve(rows, [one.case.answerable for one in met], weights(met))
    missing, relevance, known, constant = (round(weight, 3) for weight in curve.weights)
    return Answerability(missing, relevance, constant, round(_TENTHS * known, 2))


def weights(met: Iterable[Met]) -> list[float]:
    """How much each question counts."""
    kinds = [(one.case.name, one.case.answerable) for one in met]
    counts = Counter(kinds)
    return [min(float(MANY), FEW / counts[kind]) for kind in kinds]


def refused(met: Sequence[Met]) -> dict[str, dict[str, list[int]]]:
    """By label and set: n, refused by the best unit's score, refused by a curve fitted without its fold."""
    found: dict[str, dict[str, list[int]]] = {"answerable": {}, "unanswerable": {}}
    for fold in range(FOLDS):
        curve = fit([one for one in met if _fold(one) != fold])
        for one in (one for one in met if _fold(one) == fold):
            counted = 1, int(one.best < LEAST), int(curve.probability(one.meeting) < LEAST)
            part = found["answerable" if one.case.answerable else "unanswerable"]
            for name in ("all", one.case.name):
                part[name] = [a + b for a, b in zip(part.get(name, [0, 0, 0]), counted, strict=True)]
    return found


def described(met: Sequence[Met], curve: Answerability, made: str) -> Mapping[str, Any]:
    """The curve as a file: what made it, constants, what they were fitted on, and what it did with questions
    held out.
    """
    kinds = Counter((one.case.name, one.case.answerable) for one in met)
    return {
        "made": made,
        "weights": asdict(curve),
        "sets": {name: [kinds[name, True], kinds[name, False]] for name, _ in kinds},
        "held out": {
            "by": "five folds by subject, abstract, record or question",
            "columns": "n, refused by the best unit's score, refused by the curve",
            **refused(met),
        },
    }


def _fold(one: Met) -> int:
    return hashlib.sha256(one.case.group.encode()).digest()[0] % FOLDS
