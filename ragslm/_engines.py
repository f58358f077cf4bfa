"""The engines of one domain, and what happens when one of them fails: the sources are quoted instead."""

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ragslm._run import Run
from ragslm.errors import EngineError
from ragslm.protocols import ChatEngine, Draft, Proposer, Unit
from ragslm.types import Mode

AGREEMENT = 0.8
"""A unit a model selects is trusted if the ranker scores it at least this share of its own best."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Engines:
    """Who selects, who words, and who takes over when either fails.

    No `EngineError` leaves this class: the run remembers it in `Run.fallback`, and what the engine has
    given so far stands.
    """

    selector: ChatEngine
    writer: ChatEngine
    fallback: ChatEngine

    def mode(self, wanted: Mode) -> Mode:
        """How far the wording may leave the source; without a model that words, not at all."""
        return "quote" if self.writer.name == "extractive" else wanted

    def select(self, run: Run, candidates: Sequence[Unit], trusted: list[Unit], *, most: int) -> list[Unit]:
        """The ranker's choice `trusted`, narrowed or widened by the selector where the ranker agrees enough.

        A small model selects badly (docs/decisions.md), so its choice counts only among `candidates` that
        the ranker scores nearly as high as its own.
        """
        if self.selector.name == "extractive" or not trusted:
            return trusted
        try:
            labels = self.selector.select(run.asked, candidates, most=most, count=run.count)
        except EngineError as error:
            _quote_instead(run, self.selector, error)
            return trusted
        floor = AGREEMENT * max(unit.score for unit in trusted)
        chosen = [unit for unit in candidates if unit.label in labels and unit.score >= floor]
        return chosen or trusted

    def proposal(self, run: Run, part: str) -> Callable[[Mapping[str, str]], str | None] | None:
        """What asks the selector for an expression; None where no model selects, or it failed."""
        selector = self.selector
        if run.fallback or not isinstance(selector, Proposer):
            return None

        def propose(values: Mapping[str, str]) -> str | None:
            try:
                return selector.propose(part, values, count=run.count)
            except EngineError as error:
                _quote_instead(run, selector, error)
                return None

        return propose

    def write(self, run: Run, units: Sequence[Unit], *, most: int) -> Generator[Draft, None, None]:
        """At most `most` sentences of the writer; none once an engine has failed."""
        if run.fallback:
            return
        drafts: Iterator[Draft] = iter(())
        run.wrote = True
        try:
            drafts = self.writer.write(run.asked, units, count=run.count)
            for _ in range(most):
                with run.stage("write"):
                    draft = next(drafts, None)
                if draft is None:
                    return
                yield draft
        except EngineError as error:
            _quote_instead(run, self.writer, error)
        finally:
            close = getattr(drafts, "close", None)
            if close is not None:
                close()

    def answering(self, run: Run) -> ChatEngine:
        """The engine whose selection or wording is shown."""
        if any(sentence.origin == "generated" for sentence in run.shown):
            return self.writer
        if run.fallback:
            return self.fallback
        return self.writer if run.wrote else self.selector


def _quote_instead(run: Run, failed: ChatEngine, error: EngineError) -> None:
    run.fallback = f"The {failed.name} engine failed, so sources are quoted instead: {error}"
