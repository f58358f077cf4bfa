"""How well the verifier tells supported from unsupported claims, on what neither trained nor calibrated it.

`ragslm eval grounding --data DIR` prints every number with its 95 % interval; DIR holds any of begin_dev,
halueval_qa_dev, scifact_dev, expertqa_dev, medquad_dev, cfpb_regs_dev. Three judges read the same claims in
one run: the literal checks with the overlap of words, the trained scorer alone, and both together.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from ragslm._claims import SETS, Claim, claims, texts
from ragslm._sentences import split
from ragslm.evaluate.corruptions import make_cases, make_sources
from ragslm.evaluate.intervals import wilson
from ragslm.grounding.entailment import Entailment, Remembered
from ragslm.grounding.literal.compare import Comparison, compare
from ragslm.grounding.reading.text import Reading
from ragslm.grounding.trained import Trained
from ragslm.grounding.verifier import EvidenceVerifier, pairs_of, tidy

_ROUNDS = 300
_ALARMS = 0.1
_TEXTS = 900
CHANGED = "changed sentences"
_EVERYTHING = "everything"


@dataclass(frozen=True, slots=True)
class Judged:
    """A claim's label beside one judge's score, decision and reasons."""

    supported: bool
    score: float
    accepted: bool
    kind: str = ""
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Share:
    """A share with its 95 % interval, 0 to 1, of `n` claims; Wilson for shares, bootstrap for AUC."""

    name: str
    value: float
    low: float
    high: float
    n: int


Judge = Callable[[Claim], Judged]


def measure(data: Path, trained: Trained | None, *, each: int = 100, verbatim: int = 2000) -> Iterator[Share]:
    """Every set found in `data`, by every judge.

    Args:
        data: folder of the sets.
        trained: scorer and curve; None measures the literal checks alone.
        each: changed or reworded sentences per kind.
        verbatim: sentences shown as they stand.
    """
    once = _reading_once(trained)
    judges = judges_of(once)
    for name in SETS:
        found = [claim for part, claim in claims(data, name) if part == "validation"]
        _read_ahead(once, found)
        for judge, ask in judges.items() if found else ():
            yield from _report(f"{name}, {judge}", [ask(claim) for claim in found])
    changed = changed_claims(data, each)
    _read_ahead(once, changed)
    for judge, ask in judges.items() if changed else ():
        judged = [ask(claim) for claim in changed]
        yield from _report(f"{CHANGED}, {judge}", judged)
        yield from _caught(f"{CHANGED}, {judge}", judged)
    yield from _verbatim(data, judges, verbatim)


def judges_of(trained: Trained | None) -> Mapping[str, Judge]:
    """Who is compared, by name."""
    judges = {"literal": _verdict(EvidenceVerifier())}
    if trained is not None:
        both = EvidenceVerifier(trained=lambda: trained)
        judges |= {"trained alone": _alone(trained), "both": _verdict(both)}
    return judges


def _reading_once(trained: Trained | None) -> Trained | None:
    """The same scorer, which several judges share."""
    return trained and replace(trained, entailment=Remembered(trained.entailment))


def _read_ahead(trained: Trained | None, found: Sequence[Claim]) -> None:
    """Let the scorer read all claims in full batches, for whoever judges them next."""
    if trained is not None:
        trained.entailment.scores([p for c in found for p in pairs_of(tidy(c.claim), c.passages)])


def ablate(data: Path, trained: Trained | None, *, each: int = 100) -> Iterator[Share]:
    """What is accepted with everything, without the scorer, and without each check in turn."""
    found = [claim for name in SETS for part, claim in claims(data, name) if part == "validation"]
    found += changed_claims(data, each)
    once = _reading_once(trained)
    _read_ahead(once, found)
    rows = [_without_each(claim, once) for claim in found]
    for name in dict.fromkeys([_EVERYTHING, *sorted(name for row in rows for name in row)]):
        yield from _decided(name, [row.get(name, row[_EVERYTHING]) for row in rows])


def _without_each(claim: Claim, trained: Trained | None) -> dict[str, Judged]:
    """How a claim is judged with everything, and without each check that objects to it anywhere."""
    checks = _Checks()
    judged = {_EVERYTHING: _verdict(checks.verifier(trained))(claim)}
    if trained is not None:
        judged["without the trained scorer"] = _verdict(checks.verifier(None))(claim)
    for reason in sorted(checks.named):
        judged[f"without {reason!r}"] = _verdict(checks.verifier(trained, without=reason))(claim)
    return judged


class _Checks:
    """The literal checks of one claim, each comparison made once; `named`: every reason any of them gave."""

    def __init__(self) -> None:
        self.named: set[str] = set()
        self._known: dict[tuple[str, str, str | None], Comparison] = {}

    def verifier(self, trained: Trained | None, without: str | None = None) -> EvidenceVerifier:
        """A verifier that does not heed one reason."""

        def comparing(claim: Reading, span: Reading, context: Reading | None) -> Comparison:
            key = claim.text, span.text, context.text if context else None
            if key not in self._known:
                self._known[key] = compare(claim, span, context)
                self.named.update(self._known[key].reasons)
            reasons = tuple(reason for reason in self._known[key].reasons if reason != without)
            return replace(self._known[key], reasons=reasons)

        return EvidenceVerifier(trained=(lambda: trained) if trained else None, comparing=comparing)


def changed_claims(data: Path, each: int) -> list[Claim]:
    """Changed and reworded sentences of the health texts and regulations that validate."""
    held = [
        text.text
        for part, text in texts(data)
        if part == "validation" and text.source in {"MedQuAD", "CFPB regulations"}
    ]
    sources = make_sources(Random(7).sample(held, min(_TEXTS, len(held))))  # noqa: S311 - sampling
    return [
        Claim(CHANGED, case.claim, (case.source,), case.supported, case.kind)
        for case in (make_cases(sources, each) if sources else ())
    ]


def pairs_a_second(entailment: Entailment, *, pairs: int = 64) -> float:
    """Pairs of 200 word pieces that the scorer reads a second, the best of three rounds."""
    read = [(" ".join(["claim"] * 40), " ".join(["word"] * 157))] * pairs
    entailment.scores(read[:16])
    rounds = []
    for _ in range(3):
        start = time.perf_counter()
        entailment.scores(read)
        rounds.append(time.perf_counter() - start)
    return pairs / min(rounds)


def auc(judged: Sequence[Judged]) -> float:
    """Probability that a supported claim scores above an unsupported one; 0.5 if there is no pair."""
    supported = [one.score for one in judged if one.supported]
    other = [one.score for one in judged if not one.supported]
    if not supported or not other:
        return 0.5
    ranked = sorted([(s, 1) for s in supported] + [(s, 0) for s in other])
    total, i = 0.0, 0
    while i < len(ranked):
        j = i
        while j < len(ranked) and ranked[j][0] == ranked[i][0]:
            j += 1
        total += sum(label for _, label in ranked[i:j]) * (i + j + 1) / 2
        i = j
    return (total - len(supported) * (len(supported) + 1) / 2) / (len(supported) * len(other))


def _verdict(verifier: EvidenceVerifier) -> Judge:
    def judge(claim: Claim) -> Judged:
        verdict = verifier.verify(claim.claim, claim.passages)
        return Judged(claim.supported, verdict.score, verdict.supported, claim.kind, verdict.reasons)

    return judge


def _alone(trained: Trained) -> Judge:
    """The scorer's weakest sentence of a claim; it decides at even odds."""
    verifier = EvidenceVerifier(trained=lambda: trained)

    def judge(claim: Claim) -> Judged:
        findings = verifier.examine(claim.claim, claim.passages)
        logits = [f.features.logit for f in findings if f.features.logit is not None]
        score = min(logits, default=0.0)
        return Judged(claim.supported, score, score > 0, claim.kind)

    return judge


def _report(name: str, judged: Sequence[Judged]) -> Iterator[Share]:
    random = Random(0)  # noqa: S311 - resampling, not a secret
    rounds = sorted(auc(random.choices(judged, k=len(judged))) for _ in range(_ROUNDS))
    low, high = rounds[int(0.025 * _ROUNDS)], rounds[int(0.975 * _ROUNDS)]
    yield Share(f"{name}: AUC", auc(judged), low, high, len(judged))
    yield from _decided(name, judged)


def _decided(name: str, judged: Sequence[Judged]) -> Iterator[Share]:
    yield _accepted(f"{name}: supported, accepted", [one for one in judged if one.supported])
    yield _accepted(f"{name}: unsupported, accepted", [one for one in judged if not one.supported])


def _caught(name: str, judged: Sequence[Judged]) -> Iterator[Share]:
    """For each kind of change: how many score below nine tenths of the rewordings."""
    kept = sorted(one.score for one in judged if one.supported)
    least = kept[int(_ALARMS * len(kept))] if kept else 0.0
    for kind in dict.fromkeys(one.kind for one in judged if not one.supported):
        scores = [one.score for one in judged if one.kind == kind and not one.supported]
        caught = sum(score < least for score in scores)
        shown = f"{name}: {kind}, caught at {_ALARMS:.0%} false alarms"
        yield Share(shown, caught / len(scores), *wilson(caught, len(scores)), len(scores))


def _verbatim(data: Path, judges: Mapping[str, Judge], most: int) -> Iterator[Share]:
    """Statements shown as they stand: how many are rejected. A question, or labels alone, state nothing."""
    held = [text for part, text in texts(data) if part == "validation"]
    spans = ((text.text[a:b], text) for text in held for a, b in split(text.text))
    cut = [(said, text) for said, text in spans if tidy(said) and not tidy(said).endswith("?")]
    chosen = Random(11).sample(cut, min(most, len(cut)))  # noqa: S311 - sampling, not a secret
    shown = [Claim(text.source, sentence, (text.text,), True) for sentence, text in chosen]
    for name in ("literal", "both"):
        if shown and name in judges:
            rejected = sum(not judges[name](claim).accepted for claim in shown)
            yield Share(
                f"sentences as they stand, {name}: rejected",
                rejected / len(shown),
                *wilson(rejected, len(shown)),
                len(shown),
            )


def _accepted(name: str, judged: Sequence[Judged]) -> Share:
    count = sum(one.accepted for one in judged)
    return Share(name, count / max(1, len(judged)), *wilson(count, len(judged)), len(judged))
