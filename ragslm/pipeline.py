"""The journey of a question: scrub, search, select, say, ground, restore, record.

Read `Pipeline._journey` first: it is the table of contents of the system. Everything it uses is a
protocol or a value; the factory decides what stands behind them. Nothing reaches the reader that did
not pass the grounder and `Showing`, and nothing reaches an engine that did not pass `Scrubber.seal`.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from itertools import zip_longest

from ragslm._energy import joules_since
from ragslm._engines import Engines
from ragslm._followups import standalone
from ragslm._in_force import in_force
from ragslm._questions import how_to_answer, parts
from ragslm._records import record_answer, record_question
from ragslm._run import CancelledError, Question, Run
from ragslm._showing import Showing
from ragslm._streams import Answering
from ragslm.protocols import (
    AuditLog,
    Calculator,
    Conversations,
    Draft,
    EvidenceRanker,
    Grounded,
    Grounder,
    Provenance,
    Retriever,
    Scrubber,
    Unit,
)
from ragslm.types import (
    Answer,
    Dropped,
    Event,
    Hit,
    Mode,
    Passage,
    Usage,
    labelled,
)

REPAIRS = 2
"""Sentences of one answer that are worded a second time: each costs a call of the model."""

DRAFTS = 8
"""Sentences looked at for each one that may be shown: an engine that rambles on is stopped there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What the domain's settings say about an answer.

    Attributes:
        k: passages of evidence.
        most: sentences of one answer.
        answerable: probability below which the answer is a refusal, 0 to 1.
        mode: how far the wording may leave the source unless the question says otherwise.
        refuse: what a request that is referred to a person is answered with; None for any other.
    """

    k: int
    most: int
    answerable: float
    mode: Mode
    refuse: Callable[[str], str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipeline:
    """One domain's journey from question to proven answer."""

    rules: Rules
    scrubber: Scrubber
    retriever: Retriever
    ranker: EvidenceRanker
    engines: Engines
    grounder: Grounder
    calculator: Calculator
    provenance: Provenance
    showing: Showing
    conversations: Conversations
    audit: AuditLog

    def search(self, question: Question, *, k: int) -> list[Hit]:
        """Passages for a question, without an answer."""
        asked = self.scrubber.scrub(question.text, subject=question.scope, lasting=False).text
        hits = self._hits(question, asked, k)
        return [replace(hit, passage=self.showing.passage(hit.passage)) for hit in hits]

    def answer(self, question: Question) -> Answering:
        """Events of one answer; closing them or Ctrl-C cancels it, which is recorded too."""
        run = Run(question)
        return Answering(self._journey(run), run, partial(self._break_off, run, "cancelled"))

    def _journey(self, run: Run) -> Generator[Event, None, None]:
        """Each step of an answer, in order, and its record however it ends."""
        try:
            with run.stage("scrub"):
                self._scrub(run)
            with run.stage("search"):
                self._find_evidence(run)
            record_question(self.audit, run)
            run.offered = True
            run.released = tuple(self.showing.passage(passage) for passage in run.evidence)
            yield Event(type="evidence", evidence=run.released)
            with run.stage("rank"):
                self._rank(run)
            if run.reason is None:
                yield from self._say(run)
            if not run.shown and run.reason is None:
                run.reason = "No sentence of the sources, and none that was written, could be supported."
            run.check()
        except Exception as error:
            self._break_off(run, "cancelled" if isinstance(error, CancelledError) else "failed")
            raise
        except BaseException:  # closed by the reader, Ctrl-C, or the end of the process
            self._break_off(run, "cancelled")
            raise
        yield Event(type="done", answer=self._finish(run))

    # ---------------------------------------------------------------- scrub and search

    def _scrub(self, run: Run) -> None:
        """Scrub the question and find what a follow-up refers back to."""
        question = run.question
        run.reason = self.rules.refuse(question.text)
        scrubbed = self.scrubber.scrub(question.text, subject=question.scope, lasting=False)
        run.asked = scrubbed.text
        run.scrubbed = Counter(entity.type for entity in scrubbed.entities)
        run.originals = [question.text[entity.start : entity.end] for entity in scrubbed.entities]
        earlier = (
            self.conversations.turns(question.conversation, question.identity.id)
            if question.conversation
            else []
        )
        run.search = standalone(run.asked, [asked for asked, _ in earlier])

    def _find_evidence(self, run: Run) -> None:
        """Search inside what this user may read, and seal what was found."""
        how = how_to_answer(run.search)
        asked = parts(run.search)
        passages = self._passages(run.question, [f"{part}? {how}" if how else part for part in asked])
        values = [one for part in asked for one in self.calculator.values(part, partial(self._found, run))]
        run.originals += self.provenance.originals([*passages, *values])
        run.standing = self.provenance.standing(
            [*passages, *values],
            identity=run.question.identity,
            domain=run.question.domain,
            as_of=_as_of(run.question, run.search),
        )
        run.closest = len(passages)
        passages += [
            *values,
            *self.provenance.rest_of_tables(values),
            *self.provenance.rest_of_tables(passages),
        ]
        passages = list({passage.id: passage for passage in passages}.values())
        texts = [run.asked, run.search, *(passage.text for passage in passages)]
        run.asked, run.search, *sealed = self.scrubber.seal(texts, run.originals)
        run.evidence = tuple(replace(p, text=text) for p, text in zip(passages, sealed, strict=True))

    def _passages(self, question: Question, queries: Sequence[str]) -> list[Passage]:
        """The evidence of every part of the question, the best of each first, each passage once."""
        found = [self._hits(question, query, self.rules.k) for query in queries]
        ranked = (hit.passage for hits in zip_longest(*found) for hit in hits if hit is not None)
        return list({passage.id: passage for passage in ranked}.values())[: self.rules.k]

    def _found(self, run: Run, query: str) -> list[Passage]:
        return [hit.passage for hit in self._hits(run.question, query, self.rules.k)]

    def _hits(self, question: Question, query: str, k: int) -> list[Hit]:
        return self.retriever.search(
            query,
            k=k,
            identity=question.identity,
            domain=question.domain,
            filters=question.filters,
            scope=question.scope,
            as_of=_as_of(question, query),
        )

    # ---------------------------------------------------------------- rank and calculate

    def _rank(self, run: Run) -> None:
        """Cut the evidence into units, calculate what is asked to be, decide whether they hold an answer."""
        if run.reason is not None:
            return
        if not run.evidence:
            run.reason = "Nothing was found in the documents you may search."
            return
        for part in parts(run.search):
            closest, tables = run.evidence[: run.closest], run.evidence[run.closest :]
            units = self.ranker.units(part, closest, tables)
            answerable = self.ranker.answerable(part, units) >= self.rules.answerable
            calculated = self._calculate(run, part, units, answerable=answerable)
            if calculated is not None:
                run.calculated.append(calculated)
            elif answerable:
                known = {passage.id for passage in closest}
                run.units.append([unit for unit in units if unit.passage.id in known])
                if stated := self.ranker.answering(part, self.calculator.quotable(part, units)):
                    run.answering.append(stated)
        if not run.answering and not run.calculated:
            run.reason = _unanswered(run)

    def _calculate(self, run: Run, part: str, units: Sequence[Unit], *, answerable: bool) -> Grounded | None:
        """The result, if this part of the question asks for a calculation. A model is asked to choose among
        its readings, and a unit that states the result left to be quoted, only where the units were judged to
        hold an answer.
        """
        with run.stage("calculate"):
            propose = self.engines.proposal(run, part) if answerable else None
            return self.calculator.calculate(part, units, propose, quoted=answerable)

    # ---------------------------------------------------------------- select, then say

    def _say(self, run: Run) -> Iterator[Event]:
        """Show what was calculated, select, let the engine word it if the mode allows, and yield what is
        supported.
        """
        for calculated in run.calculated:
            yield from self.showing.sentence(run, calculated)
        if not run.answering:
            return
        with run.stage("select"):
            selected = self._both_sides(run, self._select(run))
        run.mode = self.engines.mode(run.question.mode or self.rules.mode)
        shown = len(run.shown)
        if run.mode != "quote":
            yield from self._word(run, {unit.label: unit for unit in selected})
        disputed = _each_once(unit for group in run.conflicts for unit in group)
        quoted = selected if run.fallback or len(run.shown) == shown or run.mode == "quote" else disputed
        for unit in quoted:
            if unit.label in run.used or len(run.shown) >= self.rules.most:
                continue
            with run.stage("ground"):
                grounded = self.grounder.quote(unit, run.used)
            yield from self.showing.sentence(run, grounded)

    def _select(self, run: Run) -> list[Unit]:
        """The best units of every part of the question: the ranker's choice, which the engine may change."""
        share = max(1, self.rules.most // len(run.answering))
        best = [self.ranker.select(units, share, least=self.rules.answerable) for units in run.answering]
        trusted = _each_once(unit for units in best for unit in units)
        candidates = _each_once(unit for units in run.answering for unit in units[: 3 * share])
        return self.engines.select(run, candidates, trusted, most=self.rules.most)

    def _both_sides(self, run: Run, selected: list[Unit]) -> list[Unit]:
        """The selection; where sources disagree, what the others state beside it, newest first."""
        ranked = _each_once(unit for units in run.units for unit in units)
        scopes = {document: standing.scope for document, standing in run.standing.items()}
        run.conflicts = self.ranker.disagreeing(run.search, selected, ranked, scopes)
        group_of = {unit.label: group for group in run.conflicts for unit in group}
        return _each_once(one for unit in selected for one in group_of.get(unit.label, (unit,)))

    def _word(self, run: Run, units: Mapping[str, Unit]) -> Iterator[Event]:
        """What the writer says of the units and they support; what they do not is worded once more, from the
        nearest of them alone, and then replaced or dropped.
        """
        rejected: list[tuple[Draft, Grounded]] = []
        writing = self.engines.write(run, list(units.values()), most=DRAFTS * self.rules.most)
        with closing(writing) as drafts:  # the engine is free before it words anything again
            for draft in drafts:
                grounded = self._ground(run, draft, units)
                if grounded.reason is not None and any(label in units for label in draft.labels):
                    rejected.append((draft, grounded))
                else:
                    yield from self.showing.sentence(run, grounded)
                if len(run.shown) >= self.rules.most:
                    break
        for draft, grounded in rejected:
            if len(run.shown) < self.rules.most:
                yield from self.showing.sentence(run, self._repaired(run, draft, grounded, units))

    def _repaired(self, run: Run, draft: Draft, grounded: Grounded, units: Mapping[str, Unit]) -> Grounded:
        """The draft in other words if its own units support them, else what `grounded` says."""
        near = [units[label] for label in dict.fromkeys(draft.labels) if label in units]
        if run.repairs >= REPAIRS or all(unit.label in run.used for unit in near):
            return self._again(run, draft, grounded, units)
        run.repairs += 1
        for other in self.engines.write(run, near, most=1):
            found = self._ground(run, other, units)
            if found.origin == "generated" and found.text is not None:
                return replace(found, reason=f"worded again: {grounded.reason}")
        return self._again(run, draft, grounded, units)

    def _again(self, run: Run, draft: Draft, grounded: Grounded, units: Mapping[str, Unit]) -> Grounded:
        """The first finding, unless its quote has been shown since."""
        shown = any(unit.label in run.used for unit in grounded.units)
        return self._ground(run, draft, units) if shown else grounded

    def _ground(self, run: Run, draft: Draft, units: Mapping[str, Unit]) -> Grounded:
        with run.stage("ground"):
            return self.grounder.ground(draft, units, run.used)

    # ---------------------------------------------------------------- record

    def _finish(self, run: Run) -> Answer:
        """Record the answer, remember the turn and put it together."""
        self._record(run, "refused" if run.refused else "answered")
        text = run.reason if run.refused else " ".join(labelled(sentence) for sentence in run.shown)
        question, engine = run.question, self.engines.answering(run)
        if question.conversation:  # refused ones too: what follows may correct them
            self.conversations.add_turn(
                question.conversation, question.identity.id, run.asked, " ".join(run.said)
            )
        return Answer(
            text=text or "",
            sentences=tuple(run.shown),
            citations=tuple(run.citations.values()),
            evidence=run.released,
            refused=run.refused,
            reason=run.reason if run.refused else None,
            nearest=run.released[:3] if run.refused else (),
            mode=run.mode,
            engine=engine.name,
            fallback=run.fallback,
            scrubbed=dict(run.scrubbed),
            dropped=Dropped(len(run.dropped), tuple(run.dropped)),
            usage=Usage(
                prompt_tokens=run.count.prompt,
                completion_tokens=run.count.completion,
                seconds=run.clock(),
                joules=joules_since(run.joules),
            ),
            model=engine.model,
            audit_id=run.audit_id,
            conversation=question.conversation,
            conflicts=run.disputed(),
        )

    def _break_off(self, run: Run, outcome: str) -> None:
        """Record an answer that does not end as it should, if something of it may have been shown."""
        if run.offered:
            self._record(run, outcome)

    def _record(self, run: Run, outcome: str) -> str:
        """The id of the answer's only record, whichever thread comes first."""
        with run.recording:
            if not run.audit_id:
                run.audit_id = record_answer(self.audit, run, self.engines.answering(run), outcome)
            return run.audit_id


def _as_of(question: Question, search: str) -> dt.date | None:
    """The day asked about: the argument, else what the question says of a rule's time."""
    return question.as_of or in_force(search) or in_force(question.text)


def _unanswered(run: Run) -> str:
    """What was searched, and whether what was found is about something else or only near what is asked."""
    documents = len({passage.document_id for passage in run.evidence})
    of = f"{documents} {'document' if documents == 1 else 'documents'}"
    searched = f"the {run.closest} closest passages of {of}"
    if run.units:
        return f"What is asked is not stated in {searched}: they hold figures and statements near it."
    return f"No supported answer was found in {searched}."


def _each_once(units: Iterable[Unit]) -> list[Unit]:
    return list({unit.label: unit for unit in units}.values())
