"""The run: bring the documents in, ask every system every question of the sample, judge, sum up.

With a model, questions are the outer loop, so that a run that is stopped leaves a smaller sample of all
systems rather than a larger one of some.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass
from pathlib import Path

from ragslm.assistant import Assistant
from ragslm.evaluate.answers.asking import Asking, Gathered
from ragslm.evaluate.answers.cache import AnswerCache
from ragslm.evaluate.answers.judging import judge_all
from ragslm.evaluate.answers.places import places_of
from ragslm.evaluate.answers.report import AnswersReport, Row, differences, summed
from ragslm.evaluate.answers.sets import AnswerSet
from ragslm.evaluate.answers.systems import Bare, Plain, Prompt, Ragslm, System, Writer
from ragslm.evaluate.answers.workspace import kept_or_scratch, opened
from ragslm.generation.extractive import ExtractiveEngine
from ragslm.generation.prompted import PromptedEngine, Transport
from ragslm.protocols import ChatEngine
from ragslm.registry import load_prompt
from ragslm.settings import Settings
from ragslm.types import Mode, ModelRef, Progress

RAGSLM, QUOTES = "ragslm", "ragslm, quotes"
PAIRS = ((RAGSLM, Plain.name), (RAGSLM, Bare.name), (QUOTES, Plain.name), (RAGSLM, QUOTES))

PATIENCE = {"timeout": 900.0, "silence": 600.0}
"""Seconds an answer may take here: on a busy CPU the shipped limits would measure the machine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chat:
    """The model that every system uses.

    Attributes:
        mode: the furthest wording it deserves.
        make: makes its transport, which is closed at the end of the run.
    """

    ref: ModelRef
    mode: Mode
    make: Callable[[], Transport]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to run.

    Attributes:
        cache: file of answers.
        prompts: of plain RAG by question; None leaves it out.
        chat: None leaves out every system with a model.
        kept: folder in which documents stay between runs, under RAGSLM_KEY; None forgets them.
        domain: profile; None takes what fits the set.
        n: questions; None takes all.
        minutes: after which no further question is asked; None asks all.
    """

    cache: Path
    prompts: Mapping[str, Prompt] | None = None
    chat: Chat | None = None
    kept: Path | None = None
    config: Path | None = None
    domain: str | None = None
    n: int | None = None
    seed: int = 0
    minutes: float | None = None


def evaluate_answers(chosen: AnswerSet, plan: Plan, *, progress: Progress | None = None) -> AnswersReport:
    """Ask, judge, sum up.

    Raises:
        ConfigError: the prompts of plain RAG or the cache are not of this set.
        ModelError: a model is missing.
        EngineError: the model failed; what was answered before is kept.
    """
    sample, gathered = chosen.sample(plan.n, plan.seed), Gathered()
    asking = Asking(gathered, plan.minutes, progress)
    with kept_or_scratch(plan.kept) as folder, AnswerCache(plan.cache) as cache:
        with _opened(chosen, plan, folder, ExtractiveEngine(), progress) as assistant:
            places, documents = places_of(chosen, assistant), len(assistant.documents())
            asking.each([Ragslm(assistant, QUOTES, ModelRef("none"))], sample, cache, None)
            if plan.chat is None:
                rows = judge_all(gathered, sample, assistant._parts.verifier(assistant.domain), places)
        if plan.chat is not None:
            with closing(plan.chat.make()) as transport:
                writer = Writer(transport, plan.chat.ref)
                domain = plan.domain or chosen.domain
                engine = engine_of(plan.chat, transport, domain, plan.config)
                with _opened(chosen, plan, folder, engine, None) as assistant:
                    systems = _systems(writer, plan, Ragslm(assistant, RAGSLM, plan.chat.ref))
                    asking.each(systems, sample, cache, writer)
                    rows = judge_all(gathered, sample, assistant._parts.verifier(assistant.domain), places)
    return _report(chosen, plan, len(sample), documents, rows)


def _systems(writer: Writer, plan: Plan, ragslm: Ragslm) -> list[System]:
    plain = [Plain(writer, plan.prompts)] if plan.prompts is not None else []
    return [Bare(writer), *plain, ragslm]


def _report(
    chosen: AnswerSet, plan: Plan, sample: int, documents: int, rows: Mapping[str, Sequence[Row]]
) -> AnswersReport:
    missing = [] if plan.chat else ["bare, plain RAG and ragslm with a model: no model was given"]
    if plan.chat and plan.prompts is None:
        missing = ["plain RAG: no --plain prompts; tests/bench/plain_rag.py makes them"]
    answered = min(len(found) for found in rows.values())
    return AnswersReport(
        data=chosen.name,
        suite=chosen.suite,
        documents=documents,
        available=len(chosen.questions),
        sample=sample,
        answered=answered,
        seed=plan.seed,
        model=plan.chat.ref.name if plan.chat else "none",
        sha256=plan.chat.ref.sha256 if plan.chat else None,
        systems=tuple(summed(name, found) for name, found in rows.items()),
        differences=tuple(differences(rows, PAIRS)) if answered else (),
        missing=tuple(missing),
        rows=tuple(row for found in rows.values() for row in found),
    )


def _opened(
    chosen: AnswerSet, plan: Plan, folder: Path, engine: ChatEngine, progress: Progress | None
) -> AbstractContextManager[Assistant]:
    """An assistant with the set's documents, as the plan wants it."""
    return opened(
        chosen,
        folder,
        kept=plan.kept is not None,
        engine=engine,
        domain=plan.domain,
        config=plan.config,
        progress=progress,
        generation=PATIENCE,
    )


def engine_of(chat: Chat, transport: Transport, domain: str, config: Path | None) -> PromptedEngine:
    """As the factory would make it, over a transport that others may share."""
    settings = Settings.load(config=config, generation=PATIENCE).generation
    return PromptedEngine(
        "llama_cpp",
        chat.ref,
        chat.mode,
        transport,
        prompt=load_prompt(domain),
        most=settings.max_sentences,
        window=settings.context_tokens,
    )
