"""Confidence intervals for every number a report prints: Wilson for shares, bootstrap for means."""

from collections.abc import Sequence
from random import Random
from statistics import NormalDist, fmean

_Z = NormalDist().inv_cdf(0.975)


def wilson(successes: int, n: int) -> tuple[float, float]:
    """The 95 % Wilson score interval of a share, both bounds in 0..1.

    With no trials nothing is known: (0.0, 1.0).

    Raises:
        ValueError: `successes` is not in 0..n.

    Source: E. B. Wilson, Probable inference, JASA 22 (1927), 209-212.
    """
    if not 0 <= successes <= n:
        raise ValueError(f"{successes} successes of {n} trials is not a share.")
    if n == 0:
        return 0.0, 1.0
    share, z2 = successes / n, _Z * _Z
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = _Z / (1 + z2 / n) * (share * (1 - share) / n + z2 / (4 * n * n)) ** 0.5
    low = 0.0 if successes == 0 else max(0.0, middle - half)
    high = 1.0 if successes == n else min(1.0, middle + half)
    return low, high


def bootstrap_mean(
    values: Sequence[float], *, rounds: int = 1000, seed: int = 0
) -> tuple[float, float, float]:
    """Mean with its 95 % percentile bootstrap interval: (mean, low, high).

    Args:
        values: one number per question or document.
        rounds: resamples drawn.
        seed: the same seed gives the same interval.

    Raises:
        ValueError: there are no values or no rounds.
    """
    if not values or rounds < 1:
        raise ValueError(f"A mean of {len(values)} values over {rounds} rounds is not defined.")
    random, n = Random(seed), len(values)  # noqa: S311 - resampling, not a secret
    means = sorted(fmean(random.choices(values, k=n)) for _ in range(rounds))
    return fmean(values), means[int(0.025 * (rounds - 1))], means[int(0.975 * (rounds - 1) + 0.5)]


def bootstrap_ratio(
    parts: Sequence[tuple[int, int]], *, rounds: int = 500, seed: int = 0
) -> tuple[float, float, float]:
    """Ratio of two sums over documents with its 95 % percentile bootstrap interval: (ratio, low, high).

    Whole documents are drawn, since the characters of one are not independent of each other.

    Args:
        parts: (counted, all) of each document. Where there is nothing at all, the ratio is 0.
        rounds: resamples drawn.
        seed: the same seed gives the same interval.
    """
    if not sum(whole for _, whole in parts):
        return 0.0, 0.0, 1.0
    random, n = Random(seed), len(parts)  # noqa: S311 - resampling, not a secret
    ratios = sorted(_ratio(random.choices(parts, k=n)) for _ in range(rounds))
    return _ratio(parts), ratios[int(0.025 * (rounds - 1))], ratios[int(0.975 * (rounds - 1) + 0.5)]


def _ratio(parts: Sequence[tuple[int, int]]) -> float:
    return sum(counted for counted, _ in parts) / max(1, sum(whole for _, whole in parts))
