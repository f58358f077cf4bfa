"""The trained scorer with its curve and thresholds, as they were fitted and with the evidence for them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ragslm.errors import ConfigError
from ragslm.grounding.calibration import Support
from ragslm.grounding.entailment import Entailment

CALIBRATION = Path(__file__).with_name("adapters") / "all-minilm-l6-v2-verifier.json"
"""What was fitted for the adapter that is shipped."""
OWN_SCALE = Support(weights=(0.0,) * 7 + (1.0, 0.0))
"""Takes a scorer's log odds at their word: for a model of the deployment's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """The score from which another wording is supported, and what it achieved where it was fitted.

    Attributes:
        domain: whose claims it was fitted on.
        promised: share of unsupported claims accepted against a doubt of the literal checks, at most; 0 to 1.
        score: probability from which another wording is accepted; above 1: none is.
        achieved: share of unsupported claims accepted against a doubt; `low`, `high`: its 95 % interval.
        n: unsupported claims behind it.
        literal: share of unsupported claims that the literal checks alone accept.
        total: share of unsupported claims accepted in all.
        shown: share of supported claims accepted.
        supported: supported claims behind that.
    """

    domain: str
    promised: float
    score: float
    achieved: float
    low: float
    high: float
    n: int
    literal: float
    total: float
    shown: float
    supported: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """A curve and its thresholds.

    Attributes:
        fitted: day on which, ISO 8601.
        adapter: SHA-256 of the adapter it belongs to.
        sets: claims fitted on, by set: how many.
        curve: log odds from features.
        thresholds: by domain and promise.
    """

    fitted: str
    adapter: str
    sets: Mapping[str, int]
    curve: Support
    thresholds: Sequence[Threshold]

    def threshold(self, domain: str, promised: float) -> Threshold:
        """The loosest fitted threshold that promises no more errors than asked for.

        Args:
            domain: its claims if there are thresholds for it, else those of `generic`.
            promised: share of unsupported claims that may be accepted against a doubt.

        Raises:
            ConfigError: no threshold promises so little.
        """
        own = [t for t in self.thresholds if t.domain == domain]
        fitting = [t for t in own or self.thresholds if t.promised <= promised]
        if not own:
            fitting = [t for t in fitting if t.domain == "generic"]
        if not fitting:
            least = min((t.promised for t in self.thresholds), default=0.0)
            raise ConfigError(
                f"grounding.error_rate: {promised} is below what was fitted; the least is {least}."
            )
        return max(fitting, key=lambda t: t.promised)


@dataclass(frozen=True, slots=True)
class Trained:
    """A scorer, the curve that makes its scores probabilities, and where another wording is accepted."""

    entailment: Entailment
    curve: Support
    reworded: float


def read_calibration(path: Path = CALIBRATION) -> Calibration:
    """The calibration that a file of `write_calibration` holds."""
    held: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return Calibration(
        fitted=held["fitted"],
        adapter=held["adapter"],
        sets=held["sets"],
        curve=Support(tuple(held["curve"])),
        thresholds=tuple(Threshold(**threshold) for threshold in held["thresholds"]),
    )


def write_calibration(calibration: Calibration, path: Path) -> None:
    """Write it as JSON, one value a line where that is readable."""
    held = {**asdict(calibration), "curve": [round(weight, 4) for weight in calibration.curve.weights]}
    path.write_text(json.dumps(held, indent=1) + "\n", "utf-8")
