"""Where the time goes: ingest and ask, by stage, on this machine."""

import statistics
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from ragslm.assistant import Assistant
from ragslm.protocols import ChatEngine
from ragslm.registry import samples
from ragslm.store.keys import new_key
from ragslm.types import Answer, Mode

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
WORDED: Mode = "near"
"""The mode in which a small model words an answer."""


def time_stages(
    workspace: Path,
    domain: str,
    path: Path | None = None,
    *,
    config: Path | None = None,
    engine: ChatEngine | None = None,
) -> dict[str, float]:
    """Seconds by stage: opening, ingest per stage and in all, the first question, and medians of warm ones.

    Args:
        workspace: folder that does not exist yet.
        domain: profile, and whose bundled samples and questions are used.
        path: what to ingest instead of the samples; the questions stay.
        config: path of `ragslm.yaml`.
        engine: who selects and words; None takes the one that is configured.
    """
    key = new_key()
    report: dict[str, float] = {}
    start = time.perf_counter()
    with Assistant.open(workspace, domain, key=key, config=config, engine=engine) as assistant:
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
        report |= dict(_firsts(assistant, questions))
    return report


def _firsts(assistant: Assistant, questions: Sequence[str]) -> Iterator[tuple[str, float]]:
    """Median seconds until the first verified sentence, warm: quoted, and worded by the engine if it can.

    Processor seconds are those of all threads together: on a busy machine they say what the clock cannot.
    """
    writer = str(assistant.health()["writer"])
    modes: dict[str, Mode] = {"quoted": "quote"}
    if writer != "extractive":
        modes[writer] = WORDED
    for name, mode in modes.items():
        list(assistant.stream(questions[0], mode=mode))  # loads what this mode needs
        waited = [_first(assistant, question, mode) for _ in range(ROUNDS) for question in questions]
        found = [seconds for seconds in waited if seconds is not None]
        if found:
            clock, processor = (statistics.median(column) for column in zip(*found, strict=True))
            yield f"warm first sentence, {name}, median seconds", clock
            yield f"warm first sentence, {name}, median processor seconds", processor


def _first(assistant: Assistant, question: str, mode: Mode) -> tuple[float, float] | None:
    """Seconds until the first sentence is shown, by the clock and of the processor; None for a refusal. The
    rest of the answer is awaited.
    """
    start, used = time.perf_counter(), time.process_time()
    shown = [
        (time.perf_counter() - start, time.process_time() - used)
        for event in assistant.stream(question, mode=mode)
        if event.sentence
    ]
    return shown[0] if shown else None


def _medians(answers: list[Answer]) -> dict[str, float]:
    stages = {stage for answer in answers for stage in answer.usage.seconds}
    return {
        f"warm ask {stage}, median seconds": statistics.median(
            answer.usage.seconds.get(stage, 0.0) for answer in answers
        )
        for stage in sorted(stages)
    }
