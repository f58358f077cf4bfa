"""Fits the curve that makes the trained score a probability, and the thresholds that keep a promise.

Source: A. N. Angelopoulos et al., Conformal Risk Control (2022), for the threshold: with k errors among n
unsupported claims, (k + 1) / (n + 1) bounds the expected rate on further claims of the same kind.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from random import Random

from ragslm._claims import SETS, Claim, claims, texts
from ragslm._optional import require
from ragslm.grounding.calibration import Support
from ragslm.grounding.entailment import Entailment, Remembered
from ragslm.grounding.trained import OWN_SCALE, Calibration, Threshold, Trained
from ragslm.grounding.verifier import EvidenceVerifier, Finding, is_verbatim, pairs_of, tidy
from ragslm.specialise.claim_sources import SHARES
from ragslm.specialise.edits import KINDS, Maker, examples, page_of

PROMISES = (0.0, 0.0025, 0.005, 0.01, 0.02)
"""Shares of unsupported claims accepted against a doubt, for which thresholds are fitted."""
DOMAINS = ("generic", "medical", "banking")
_EACH = 350
_NEVER = 1.01
_EVEN = 0.5
_Z = 1.96


@dataclass(frozen=True, slots=True)
class Examined:
    """A labelled claim and how its weakest sentence meets the evidence."""

    claim: Claim = field(repr=False)
    finding: Finding


def calibration_claims(data: Path, random: Random) -> Iterator[Claim]:
    """Every claim of the labelled sets' calibration part, and changed sentences of its texts."""
    for name in SETS:
        yield from (claim for part, claim in claims(data, name) if part == "calibration")
    pages: dict[tuple[str, str], list[str]] = {}
    for part, text in texts(data):
        if part == "calibration":
            pages.setdefault((text.source, text.domain), []).append(text.text)
    for (source, domain), found in pages.items():
        held = [page for text in found if (page := page_of(source, text))]
        maker = Maker(held, random)
        for page in random.choices(held, k=_EACH):
            (kind,) = random.choices(list(SHARES), weights=list(SHARES.values()))
            changed = maker.changed(kind, page) if kind in KINDS else maker.neighbours(page)
            if changed:
                for claim, _, passage, supported in examples(changed, random):
                    yield Claim("changed sentences", claim, (passage,), supported, kind, domain)


def examine(found: Sequence[Claim], trained: Trained) -> list[Examined]:
    """The weakest sentence of each claim; verbatim claims are left out, for they are never judged."""
    once = replace(trained, entailment=Remembered(trained.entailment))
    verifier = EvidenceVerifier(trained=lambda: once)
    judged = [c for c in found if not any(is_verbatim(tidy(c.claim), text) for text in c.passages)]
    once.entailment.scores([pair for c in judged for pair in pairs_of(tidy(c.claim), c.passages)])
    examined = []
    for claim in judged:
        findings = verifier.examine(tidy(claim.claim), claim.passages)
        if findings:
            weakest = min(findings, key=lambda f: (not f.vetoes, f.features.logit or 0.0))
            examined.append(Examined(claim, weakest))
    return examined


def fit(examined: Sequence[Examined], adapter: Path) -> Calibration:
    """Curve and thresholds for what was examined.

    Args:
        examined: claims of the calibration part.
        adapter: file whose scores they carry.
    """
    rows = [e.finding.features.row() for e in examined]
    curve = fit_curve(rows, [e.claim.supported for e in examined], even_weights(examined))
    thresholds = [
        threshold
        for domain in DOMAINS
        for promised in PROMISES
        if (threshold := fit_threshold(examined, curve, domain, promised)) is not None
    ]
    return Calibration(
        fitted=date.today().isoformat(),
        adapter=hashlib.sha256(adapter.read_bytes()).hexdigest(),
        sets=dict(Counter(e.claim.source for e in examined)),
        curve=curve,
        thresholds=thresholds,
    )


def fit_curve(
    rows: Sequence[Sequence[float]], labels: Sequence[bool], weights: Sequence[float], *, ridge: float = 1.0
) -> Support:
    """Logistic regression by Newton's method.

    Args:
        rows: features, all of one length.
        labels: whether each is supported; both must occur.
        weights: how much each row counts, 1 on average.
        ridge: penalty on squared weights, not on the constant.
    """
    np = require("numpy", extra="train")
    x = np.column_stack([np.array(rows, dtype=float), np.ones(len(rows))])
    y, weight = np.array(labels, dtype=float), np.array(weights)
    penalty = np.full(x.shape[1], ridge)
    penalty[-1] = 1e-6
    w = np.zeros(x.shape[1])
    for _ in range(50):
        p = 1 / (1 + np.exp(-np.clip(x @ w, -30, 30)))
        gradient = x.T @ (weight * (p - y)) + penalty * w
        hessian = (x * (weight * p * (1 - p))[:, None]).T @ x + np.diag(penalty)
        step = np.linalg.solve(hessian, gradient)
        w -= step
        if np.abs(step).max() < 1e-8:
            break
    return Support(tuple(round(float(value), 4) for value in w))


def even_weights(examined: Sequence[Examined]) -> list[float]:
    """Every set counts the same, and in it both labels; 1 on average."""
    cells = Counter((e.claim.source, e.claim.supported) for e in examined)
    share = len(examined) / len(cells)
    return [share / cells[e.claim.source, e.claim.supported] for e in examined]


def fit_threshold(
    examined: Sequence[Examined], curve: Support, domain: str, promised: float
) -> Threshold | None:
    """The lowest score from which another wording may be accepted; None if the promise cannot be kept.

    A promise of 0 is kept by accepting none.
    """
    own = [
        _Scored(e.claim.supported, e.finding, curve.probability(e.finding.features))
        for e in examined
        if domain in {"generic", e.claim.domain}
    ]
    wrong = [one for one in own if not one.supported]
    doubted = sorted((one.score for one in wrong if one.doubted), reverse=True)
    errors = int(promised * (len(wrong) + 1) + 1e-9) - 1
    if not wrong:
        return None
    if not promised:
        return _threshold(domain, promised, _NEVER, own)
    if errors < 0:
        return None
    least = round(doubted[errors] + 1e-4, 4) if errors < len(doubted) else _EVEN
    return _threshold(domain, promised, max(least, _EVEN), own)


@dataclass(frozen=True, slots=True)
class _Scored:
    """A claim's label beside how it was examined and scored."""

    supported: bool
    finding: Finding
    score: float

    @property
    def doubted(self) -> bool:
        """Whether the literal checks doubt it and none vetoes it."""
        return bool(self.finding.reasons) and not self.finding.vetoes

    @property
    def clean(self) -> bool:
        """Whether no check objects."""
        return not self.finding.reasons

    def accepted(self, least: float) -> bool:
        """Whether it is shown with this threshold."""
        return (self.doubted and self.score >= least) or (self.clean and self.score >= _EVEN)


def _threshold(domain: str, promised: float, least: float, own: Sequence[_Scored]) -> Threshold:
    right = [one for one in own if one.supported]
    wrong = [one for one in own if not one.supported]
    against = sum(one.doubted and one.score >= least for one in wrong)
    low, high = _wilson(against, len(wrong))
    return Threshold(
        domain=domain,
        promised=promised,
        score=least,
        achieved=round(against / len(wrong), 4),
        low=round(low, 4),
        high=round(high, 4),
        n=len(wrong),
        literal=round(sum(one.clean for one in wrong) / len(wrong), 4),
        total=round(sum(one.accepted(least) for one in wrong) / len(wrong), 4),
        shown=round(sum(one.accepted(least) for one in right) / max(1, len(right)), 4),
        supported=len(right),
    )


def _wilson(errors: int, n: int) -> tuple[float, float]:
    """95 % score interval of a share."""
    share, z2 = errors / n, _Z * _Z
    middle, half = share + z2 / (2 * n), _Z * (share * (1 - share) / n + z2 / (4 * n * n)) ** 0.5
    return max(0.0, (middle - half) / (1 + z2 / n)), min(1.0, (middle + half) / (1 + z2 / n))


def scored_by(entailment: Entailment) -> Trained:
    """A scorer before its curve is fitted."""
    return Trained(entailment, OWN_SCALE, _NEVER)
