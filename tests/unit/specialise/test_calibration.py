"""The curve, and thresholds that keep a promise."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ragslm._claims import Claim
from ragslm.grounding.calibration import Features, Support
from ragslm.grounding.verifier import Finding
from ragslm.specialise.calibration import Examined, even_weights, fit_curve, fit_threshold

CURVE = Support(weights=(0.0,) * 7 + (1.0, 0.0))


def examined(
    logit: float, supported: bool, reasons: tuple[str, ...] = ("word not in the source",)
) -> Examined:
    vetoes = sum(reason != "word not in the source" for reason in reasons)
    features = Features(1.0, 1.0, 0.0, vetoes, len(reasons) - vetoes, 1.0, logit)
    return Examined(Claim("set", "c", ("p",), supported, domain="medical"), Finding(features, reasons))


def test_the_curve_finds_what_tells_the_labels_apart() -> None:
    random = Random(1)
    rows = [(random.gauss(1 if i % 2 else -1, 1), random.random()) for i in range(400)]
    curve = fit_curve(rows, [bool(i % 2) for i in range(400)], [1.0] * 400)
    assert 1.0 < curve.weights[0] < 3.0
    assert abs(curve.weights[1]) < 1.0


@settings(max_examples=40)
@given(st.lists(st.floats(-5, 5), min_size=1, max_size=300), st.sampled_from([0.01, 0.02, 0.05]))
def test_no_more_errors_than_promised(logits: list[float], promised: float) -> None:
    found = [examined(logit, False) for logit in logits] + [examined(6.0, True)]
    threshold = fit_threshold(found, CURVE, "medical", promised)
    if threshold is None:
        assert 1 / (len(logits) + 1) > promised  # too few claims to promise anything
        return
    assert threshold.achieved <= promised
    assert threshold.low <= threshold.achieved <= threshold.high
    assert threshold.n == len(logits)


def test_what_a_veto_stops_costs_nothing() -> None:
    found = [examined(4.0, False, ("negation differs",)) for _ in range(200)]
    found += [examined(3.0, True) for _ in range(10)]
    threshold = fit_threshold(found, CURVE, "medical", 0.01)
    assert threshold is not None
    assert threshold.achieved == 0
    assert threshold.shown == 1.0


def test_what_no_check_objects_to_is_counted_apart() -> None:
    found = [examined(4.0, False, ()) for _ in range(100)] + [examined(-4.0, False, ()) for _ in range(100)]
    found += [examined(float(logit), True, ()) for logit in range(1, 201)] + [examined(5.0, False)] * 5
    threshold = fit_threshold(found, CURVE, "medical", 0.01)
    assert threshold is not None
    assert (threshold.achieved, threshold.literal, threshold.total) == (0.0, 0.9756, 0.4878)


def test_few_claims_promise_nothing() -> None:
    assert fit_threshold([examined(-4.0, False)], CURVE, "medical", 0.01) is None


def test_every_set_weighs_the_same() -> None:
    found = [examined(1.0, i % 2 == 0) for i in range(10)] + [examined(1.0, True)] * 10
    weights = even_weights(found)
    assert sum(weights) == pytest.approx(len(found))
    assert sum(w for w, e in zip(weights, found, strict=True) if e.claim.supported) == pytest.approx(10)


@pytest.mark.parametrize("domain", ["generic", "medical"])
def test_generic_counts_every_claim(domain: str) -> None:
    found = [examined(-4.0, False) for _ in range(200)]
    threshold = fit_threshold(found, CURVE, domain, 0.01)
    assert threshold is not None
    assert threshold.n == 200
