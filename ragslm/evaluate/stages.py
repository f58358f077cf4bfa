"""Which stage of a search loses what answers the question."""

from collections.abc import Mapping

NO_CANDIDATE = "not a candidate"
LOSSES = {"fused": "fusion", "reranked": "reranking", "shown": "cut"}
"""What it is called when a stage loses it, in the order of the stages: ranked below by the scores of all
indexes together, or by the reranker; ranked high enough, but not among what is shown."""


def lost_at(ranks: Mapping[str, int | None], top: int) -> str | None:
    """The stage that lost it; None if it is shown among the first `top`.

    Args:
        ranks: 1-based rank after each stage, None where it is not found: `dense` and `lexical` alone, then
            the stages of `LOSSES`.
        top: how many count.
    """
    last = list(LOSSES)[-1]
    if _within(ranks[last], top):
        return None
    if all(rank is None for stage, rank in ranks.items() if stage != last):
        return NO_CANDIDATE
    return next(name for stage, name in LOSSES.items() if not _within(ranks[stage], top))


def _within(rank: int | None, top: int) -> bool:
    return rank is not None and rank <= top
