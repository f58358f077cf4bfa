"""What a trained scorer may change about a verdict, and what it may not."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from ragslm import ConfigError
from ragslm.grounding.calibration import Support
from ragslm.grounding.entailment import windows
from ragslm.grounding.literal.compare import Comparison, compare
from ragslm.grounding.reading.text import Reading
from ragslm.grounding.trained import (
    OWN_SCALE,
    Calibration,
    Threshold,
    Trained,
    read_calibration,
    write_calibration,
)
from ragslm.grounding.verifier import EvidenceVerifier

SOURCE = "Warfarin thins the blood of patients. The dose is at least 500 mg daily."


class Scorer:
    """Scores every pair alike; remembers what it read."""

    def __init__(self, logit: float) -> None:
        self.logit = logit
        self.read: list[tuple[str, str]] = []

    def scores(self, pairs: Sequence[tuple[str, str]]) -> Sequence[float]:
        self.read += pairs
        return [self.logit] * len(pairs)


def verifier(scorer: Scorer, reworded: float = 0.9) -> EvidenceVerifier:
    return EvidenceVerifier(trained=lambda: Trained(scorer, OWN_SCALE, reworded))


def test_another_wording_is_supported_from_the_threshold_on() -> None:
    claim = "Warfarin makes the blood of patients thinner."
    assert not EvidenceVerifier().verify(claim, [SOURCE]).supported
    assert verifier(Scorer(5.0)).verify(claim, [SOURCE]).supported
    doubted = verifier(Scorer(1.0)).verify(claim, [SOURCE])
    assert not doubted.supported
    assert doubted.score < 0.5
    assert doubted.reasons


@pytest.mark.parametrize(
    "claim",
    [
        "Warfarin does not make the blood of patients thinner.",
        "The dose is at least 600 mg daily.",
        "The dose is at most 500 mg daily.",
        "Heparin thins the blood of patients.",
    ],
)
def test_no_score_outweighs_a_veto(claim: str) -> None:
    verdict = verifier(Scorer(50.0), reworded=0.0).verify(claim, [SOURCE])
    assert not verdict.supported
    assert verdict.score < 0.5


def test_a_low_score_stops_what_the_checks_let_pass() -> None:
    claim = "Warfarin thins blood."
    assert EvidenceVerifier().verify(claim, [SOURCE]).supported
    assert not verifier(Scorer(-5.0)).verify(claim, [SOURCE]).supported


def test_a_quote_does_not_open_the_scorer() -> None:
    def refuse() -> Trained:
        raise AssertionError("opened")

    judge = EvidenceVerifier(trained=refuse)
    assert judge.verify("The dose is at least 500 mg daily.", ["Other.", SOURCE]).supported
    assert not judge.verify("", [SOURCE]).supported
    assert not judge.verify("Is it?", [SOURCE]).supported


def test_all_pairs_of_a_claim_are_read_in_one_batch_with_the_passages_together() -> None:
    scorer = Scorer(0.0)
    verifier(scorer).verify("Blood is thinned by it. It is dosed daily.", [SOURCE, "Other text."])
    assert len(scorer.read) == 2 * 3
    assert scorer.read[2][1] == f"{SOURCE}\nOther text."
    assert verifier(scorer).verify("Blood is thinned by warfarin.", []).score == 0.0


def test_a_check_can_be_taken_away() -> None:
    claim = "Heparin thins the blood of patients."
    assert not EvidenceVerifier().verify(claim, [SOURCE]).supported

    def heedless(claim: Reading, span: Reading, context: Reading | None) -> Comparison:
        return replace(compare(claim, span, context), reasons=())

    assert EvidenceVerifier(comparing=heedless).verify(claim, [SOURCE]).supported


@pytest.mark.parametrize("n", [0, 1, 256, 257, 448, 449, 5000])
def test_windows_cover_the_passage(n: int) -> None:
    passage = list(range(n))
    cut = windows([n - 1], passage, most=10**6)
    assert {piece for window in cut for piece in window} == set(passage)
    assert all(len(window) <= 256 for window in cut)
    assert n == 0 or n - 1 in windows([n - 1], passage)[0]
    assert len(windows([1], passage)) <= 3


def fitted(domain: str, promised: float) -> Threshold:
    return Threshold(
        domain=domain, promised=promised, score=1 - promised, achieved=0.0, low=0.0, high=0.1, n=9,
        literal=0.1, total=0.1, shown=0.5, supported=4,
    )  # fmt: skip


def test_the_loosest_threshold_that_keeps_the_promise_is_taken(tmp_path: Path) -> None:
    calibration = Calibration(
        fitted="2026-11-21",
        adapter="0" * 64,
        sets={"set": 9},
        curve=Support((0.5, 1.0)),
        thresholds=(fitted("generic", 0.02), fitted("generic", 0.05), fitted("medical", 0.01)),
    )
    write_calibration(calibration, tmp_path / "c.json")
    assert read_calibration(tmp_path / "c.json") == calibration
    assert calibration.threshold("generic", 0.03).promised == 0.02
    assert calibration.threshold("banking", 0.2).promised == 0.05
    assert calibration.threshold("medical", 0.05).promised == 0.01
    with pytest.raises(ConfigError, match=r"error_rate: 0\.01 .* 0\.01"):
        calibration.threshold("generic", 0.01)
