"""Puts the questions to the systems, keeps every answer, and reads a yes or no where a reply states none."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from ragslm.evaluate.answers.cache import AnswerCache
from ragslm.evaluate.answers.sets import Asked
from ragslm.evaluate.answers.systems import Reply, System, Writer
from ragslm.evaluate.answers.wording import Decision, decision
from ragslm.types import Progress


@dataclass(slots=True)
class Gathered:
    """Replies by system and question id, and what was read from them."""

    replies: dict[str, dict[str, Reply]] = field(default_factory=dict)
    read: dict[tuple[str, str], Decision] = field(default_factory=dict)

    def whole(self, sample: Sequence[Asked]) -> list[Asked]:
        """The questions that every system has answered."""
        return [one for one in sample if all(one.id in replies for replies in self.replies.values())]


class Asking:
    """Puts questions to systems until the time is up."""

    def __init__(self, gathered: Gathered, minutes: float | None, progress: Progress | None) -> None:
        self._gathered = gathered
        self._until = float("inf") if minutes is None else time.monotonic() + 60 * minutes
        self._progress = progress

    def each(
        self, systems: Sequence[System], sample: Sequence[Asked], cache: AnswerCache, writer: Writer | None
    ) -> None:
        """Every question to every system. Answers in the cache count even when the time is up."""
        replies = self._gathered.replies
        replies |= {system.name: {} for system in systems}
        for done, asked in enumerate(sample):
            for system in systems:
                reply = self._answer(system, asked, cache)
                if reply is None:
                    return
                replies[system.name][asked.id] = reply
            if writer is not None:
                self._read(asked, cache, writer)
            if self._progress is not None:
                self._progress(done + 1, len(sample), "questions")

    def _answer(self, system: System, asked: Asked, cache: AnswerCache) -> Reply | None:
        """Kept or freshly made; None if it is not there and the time is up."""
        key = system.key(asked)
        kept = cache.get(key)
        if kept is not None:
            return Reply.of(kept)
        if time.monotonic() > self._until:
            return None
        reply = system.ask(asked)
        cache.put(key, reply.as_dict())
        return reply

    def _read(self, asked: Asked, cache: AnswerCache, writer: Writer) -> None:
        """A yes or no from every reply to a yes or no question that opens with none."""
        if asked.gold.decision is None:
            return
        for name, replies in self._gathered.replies.items():
            reply = replies.get(asked.id)
            if reply is None or reply.refused or decision(reply.text) is not None:
                continue
            key = writer.read_key(asked, reply.text)
            kept = cache.get(key)
            if kept is None:
                kept = {"decision": writer.read(asked, reply.text)}
                cache.put(key, kept)
            self._gathered.read[name, asked.id] = kept["decision"]
