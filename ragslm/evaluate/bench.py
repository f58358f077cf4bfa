"""Where the time goes: ingest and ask, by stage, on this machine."""

import statistics
import time
from pathlib import Path

from ragslm.assistant import Assistant
from ragslm.registry import samples
from ragslm.store.keys import new_key
from ragslm.types import Answer

QUESTIONS = {
    "medical": (
        "What are the most common medicines for treating deep vein thrombosis?",
        "How long does warfarin take to start working?",
        "What is normal blood pressure?",
    ),
    "banking": (
        "What is the consumer's liability if the loss of a card is reported within two business days?",
        "What deposit balance earns the 5.75 percent rate?",
        "What is the closing balance?",
    ),
}
ROUNDS = 5


def time_stages(
    workspace: Path, domain: str, path: Path | None = None, *, config: Path | None = None
) -> dict[str, float]:
    """Seconds by stage: opening, ingest per stage and in all, the first question, and medians of warm ones.

    Args:
        workspace: folder that does not exist yet.
        domain: profile, and whose bundled samples and questions are used.
        path: what to ingest instead of the samples; the questions stay.
        config: path of `ragslm.yaml`.
    """
    key = new_key()
    report: dict[str, float] = {}
    start = time.perf_counter()
    with Assistant.open(workspace, domain, key=key, config=config) as assistant:
        report["open, seconds"] = time.perf_counter() - start
        ingested = assistant.ingest(path or samples(domain))
        report |= {f"ingest {stage}, seconds": seconds for stage, seconds in ingested.stages.items()}
        report["ingest, seconds"] = ingested.seconds
        report["ingest, passages a second"] = ingested.passages / ingested.seconds
        questions = QUESTIONS.get(domain, QUESTIONS["medical"])
        first = assistant.ask(questions[0])
        report["first ask, seconds"] = first.usage.seconds["total"]
        warm = [assistant.ask(question) for _ in range(ROUNDS) for question in questions]
        report |= _medians(warm)
    return report


def _medians(answers: list[Answer]) -> dict[str, float]:
    stages = {stage for answer in answers for stage in answer.usage.seconds}
    return {
        f"warm ask {stage}, median seconds": statistics.median(
            answer.usage.seconds.get(stage, 0.0) for answer in answers
        )
        for stage in sorted(stages)
    }
