"""The journey's own work, with real grounding and small fakes around it: bounds, fallbacks, records."""

import datetime as dt
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import count, islice
from typing import Any

import pytest

from ragslm._engines import Engines
from ragslm._run import Question
from ragslm._showing import Showing
from ragslm.access.clearance import restorable
from ragslm.errors import AuditError, EngineError, EngineTimeoutError, ScrubError
from ragslm.generation.extractive import ExtractiveEngine
from ragslm.grounding.calculation.calculator import EvidenceCalculator
from ragslm.grounding.conflicts import disagreeing
from ragslm.grounding.grounder import Grounder
from ragslm.grounding.units import cut_units, select_units
from ragslm.grounding.verifier import EvidenceVerifier
from ragslm.pipeline import DRAFTS, REPAIRS, Pipeline, Rules
from ragslm.privacy.guard import OutputGuard
from ragslm.protocols import Draft, Standing, TokenCount, Unit
from ragslm.settings import GroundingSettings
from ragslm.types import Entity, Event, Hit, Identity, ModelRef, Passage, Scrubbed

OWNER = Identity.local_owner()
AGENT = Identity(id="agent")
TEXT = (
    "Warfarin interacts with NSAIDs and the risk of bleeding rises. "
    "PERSON_7K3QXA takes 5 mg of warfarin every evening. "
    "Heparin starts to work within two hours."
)
PASSAGE = Passage(
    id=7, document_id="d", uri="file:///d", title="Warfarin", page=1, section=None, text=TEXT, start=100,
    end=100 + len(TEXT),
)  # fmt: skip
MOST = 3


class NameScrubber:
    """Knows one person."""

    version = "1"

    def scrub(
        self, text: str, fields: Sequence[Any] = (), *, subject: str | None = None, lasting: bool = True
    ) -> Scrubbed:
        found = [Entity("PERSON", *m.span(), 1.0, "PERSON_7K3QXA") for m in re.finditer("Ann Lee", text)]
        return Scrubbed(text.replace("Ann Lee", "PERSON_7K3QXA"), tuple(found))

    def seal(self, texts: Sequence[str], originals: Sequence[str]) -> list[str]:
        known = re.compile("|".join(map(re.escape, originals)) or "(?!)")
        return [known.sub("PERSON_7K3QXA", text) for text in texts]

    def knows(self, original: str) -> bool:
        return original == "Ann Lee"

    def scrub_many(self, texts: Sequence[str]) -> list[Scrubbed]:
        return [self.scrub(text) for text in texts]

    def restore(self, text: str, types: Collection[str] | None = None) -> str:
        return text.replace("PERSON_7K3QXA", "Ann Lee")


@dataclass
class World:
    """Retriever, ranker, provenance, conversations and audit log in one."""

    passages: tuple[Passage, ...] = (PASSAGE,)
    tables: tuple[Passage, ...] = ()
    score: float = 0.9
    beside_the_point: bool = False
    records: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    conversation: list[tuple[str, str]] = field(default_factory=list)
    full: set[str] = field(default_factory=set)
    searched: list[str] = field(default_factory=list)
    days: list[dt.date | None] = field(default_factory=list)
    documents: dict[str, Standing] = field(default_factory=dict)

    def search(self, query: str, **_: Any) -> list[Hit]:
        self.searched.append(query)
        return [Hit(1.0, passage) for passage in self.passages]

    def units(self, question: str, passages: Sequence[Passage], tables: Sequence[Passage] = ()) -> list[Unit]:
        passages = [*passages, *tables]
        return [replace(unit, score=self.score - i / 100) for i, unit in enumerate(cut_units(passages))]

    def select(self, units: Sequence[Unit], most: int, *, least: float = 0.0) -> list[Unit]:
        return select_units(units, most, least)

    def answerable(self, question: str, units: Sequence[Unit]) -> float:
        return max((unit.score for unit in units), default=0.0)

    def answering(self, question: str, units: Sequence[Unit]) -> list[Unit]:
        return [] if self.beside_the_point else list(units)

    def originals(self, passages: Sequence[Passage]) -> list[str]:
        return ["Ann Lee"]

    def disagreeing(
        self,
        question: str,
        selected: Sequence[Unit],
        ranked: Sequence[Unit],
        scopes: Mapping[str, str | None],
    ) -> list[tuple[Unit, ...]]:
        return disagreeing(question, selected, ranked, scopes)

    def standing(self, passages: Sequence[Passage], **asked: Any) -> Mapping[str, Standing]:
        self.days.append(asked["as_of"])
        return self.documents

    def rest_of_tables(self, passages: Sequence[Passage]) -> list[Passage]:
        return list(self.tables)

    def locate(self, passage: Passage, start: int, end: int) -> tuple[int, int]:
        return passage.start + start, passage.start + end

    def turns(self, conversation: str, identity_id: str) -> list[tuple[str, str]]:
        return self.conversation

    def add_turn(self, conversation: str, identity_id: str, question: str, answer: str) -> None:
        self.conversation.append((question, answer))

    def record(self, kind: str, identity: Identity, facts: dict[str, Any]) -> str:
        if kind in self.full:
            raise AuditError("The audit record could not be written.")
        self.records.append((kind, facts))
        return str(len(self.records))

    def commit(self, text: str) -> str:
        return f"{len(text):064d}"

    @property
    def outcomes(self) -> list[str]:
        return [facts["outcome"] for kind, facts in self.records if kind == "answer"]


class Engine:
    """Selects all it is offered and writes what the test says; remembers what it was told."""

    name = "test"
    model = ModelRef("test")
    default_mode = "near"

    def __init__(self, write: Callable[[Sequence[Unit]], Iterator[Draft]], select: Any = None) -> None:
        self._write, self._select = write, select
        self.told: list[str] = []

    def select(
        self, question: str, units: Sequence[Unit], *, most: int, count: TokenCount
    ) -> tuple[str, ...]:
        self.told += [question, *(unit.text for unit in units)]
        if isinstance(self._select, Exception):
            raise self._select
        return self._select if self._select is not None else tuple(unit.label for unit in units)

    def write(self, question: str, units: Sequence[Unit], *, count: TokenCount) -> Iterator[Draft]:
        self.told += [question, *(unit.text for unit in units)]
        return self._write(units)

    def close(self) -> None: ...


def says(*drafts: tuple[str, str]) -> Engine:
    return Engine(lambda units: iter([Draft(text, (label,)) for text, label in drafts]))


def pipeline(engine: Engine | None, world: World, **rules: Any) -> Pipeline:
    fallback = ExtractiveEngine()
    settings = GroundingSettings()
    given = {"k": 8, "most": MOST, "answerable": 0.5, "mode": "near", "refuse": lambda text: None}
    return Pipeline(
        rules=Rules(**{**given, **rules}),
        scrubber=NameScrubber(),
        retriever=world,
        ranker=world,
        engines=Engines(selector=engine or fallback, writer=engine or fallback, fallback=fallback),
        grounder=Grounder(EvidenceVerifier(), settings),
        calculator=EvidenceCalculator(),
        provenance=world,
        showing=Showing(
            guard=OutputGuard(NameScrubber()), provenance=world, restorable=partial(restorable, rules={})
        ),
        conversations=world,
        audit=world,
    )


def question(text: str = "Does warfarin interact with NSAIDs?", **given: Any) -> Question:
    return Question(**{"text": text, "identity": OWNER, "domain": "medical", **given})


def run(engine: Engine | None, world: World, asked: Question | None = None, **rules: Any) -> list[Event]:
    return list(pipeline(engine, world, **rules).answer(asked or question()))


def answer(engine: Engine | None, world: World, asked: Question | None = None, **rules: Any) -> Any:
    return run(engine, world, asked, **rules)[-1].answer


# ---------------------------------------------------------------- order and record


def test_evidence_then_sentences_then_done() -> None:
    world = World()
    events = run(None, world)
    assert [event.type for event in events] == ["evidence", "sentence", "sentence", "sentence", "done"]
    assert [kind for kind, _ in world.records] == ["question", "answer"]
    assert world.records[0][1]["run"] == world.records[1][1]["run"]
    assert events[-1].answer is not None
    assert events[-1].answer.audit_id == "2"


def test_the_rest_of_a_table_is_read_too_and_shown_as_evidence() -> None:
    rest = replace(PASSAGE, id=8, text="Ann Lee takes 5 mg of warfarin.")
    events = run(None, World(passages=(replace(PASSAGE, text="Take NSAIDs | with food"),), tables=(rest,)))
    assert [passage.id for passage in events[0].evidence] == [PASSAGE.id, 8]
    assert "Ann Lee" not in events[0].evidence[1].text
    assert any(citation.passage_id == 8 for citation in events[-1].answer.citations)


def test_what_is_only_near_the_question_is_a_refusal_that_says_so() -> None:
    found = answer(None, World(beside_the_point=True))
    assert found.refused
    assert not found.sentences
    assert "not stated in the 1 closest passages of 1 document" in found.reason
    assert [passage.id for passage in found.nearest] == [PASSAGE.id]


def test_how_to_answer_is_searched_for_with_the_question() -> None:
    world = World()
    answer(None, world, question("Was it cheap? Answer from the cash flow statement."))
    assert world.searched == ["Was it cheap? Answer from the cash flow statement."]


def test_closing_early_is_recorded_and_stops_the_engine() -> None:
    world, closed = World(), []

    def write(units: Sequence[Unit]) -> Iterator[Draft]:
        try:
            for unit in units:
                yield Draft(unit.text, (unit.label,))
        finally:
            closed.append(True)

    events = pipeline(Engine(write), world).answer(question())
    assert [next(events).type, next(events).type] == ["evidence", "sentence"]
    events.close()  # type: ignore[attr-defined]
    assert closed
    assert world.outcomes == ["cancelled"]


@pytest.mark.parametrize("before", [0, 1])
def test_ctrl_c_is_recorded_with_what_was_shown(before: int) -> None:
    world = World()

    def write(units: Sequence[Unit]) -> Iterator[Draft]:
        for unit in units[:before]:
            yield Draft(unit.text, (unit.label,))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(Engine(write), world)
    assert world.outcomes == ["cancelled"]


def test_a_run_that_breaks_off_is_recorded_as_failed() -> None:
    world = World()

    def write(units: Sequence[Unit]) -> Iterator[Draft]:
        raise ScrubError("One detail was left.")

    with pytest.raises(ScrubError):
        run(Engine(write), world)
    assert world.outcomes == ["failed"]


@pytest.mark.parametrize("kind", ["question", "answer"])
def test_without_a_record_there_is_no_answer(kind: str) -> None:
    world = World(full={kind})
    seen: list[str] = []
    with pytest.raises(AuditError):
        seen.extend(event.type for event in pipeline(None, world).answer(question()))
    assert "done" not in seen
    assert kind == "answer" or seen == []


# ---------------------------------------------------------------- engines that fail


FAILURES = (EngineError("It is down."), EngineTimeoutError("It was silent for 20 s."))


@pytest.mark.parametrize("error", FAILURES)
def test_a_failure_while_selecting_falls_back(error: EngineError) -> None:
    engine = Engine(lambda units: iter([Draft("Heparin works.", ("3",))]), select=error)
    got = answer(engine, World())
    assert got.fallback is not None
    assert str(error) in got.fallback
    assert got.engine == "extractive"
    assert {sentence.origin for sentence in got.sentences} == {"quoted"}
    assert got.sentences[0].text.startswith("Warfarin interacts")


def at_once(units: Sequence[Unit]) -> Iterator[Draft]:
    """Not a generator: it fails when it is called."""
    raise EngineError("It is down.")


def after_one(units: Sequence[Unit]) -> Iterator[Draft]:
    yield Draft("Heparin starts working within two hours.", ("3",))
    raise EngineError("It is down.")


@pytest.mark.parametrize(("write", "generated"), [(at_once, 0), (after_one, 1)])
def test_a_failure_while_writing_is_filled_up_with_quotes(write: Any, generated: int) -> None:
    got = answer(Engine(write), World())
    assert got.fallback is not None
    assert "It is down." in got.fallback
    origins = [sentence.origin for sentence in got.sentences]
    assert origins == ["generated"] * generated + ["quoted"] * (MOST - generated)
    assert got.dropped.count == 0
    assert len({citation.label for citation in got.citations}) == MOST


def test_an_engine_that_selects_nothing_that_exists_changes_nothing() -> None:
    for labels in ((), ("99", "-1", "")):
        got = answer(Engine(lambda units: iter(()), select=labels), World())
        assert len(got.sentences) == MOST


# ---------------------------------------------------------------- engines that lie or flood


def test_the_source_stands_against_a_denial() -> None:
    got = answer(
        says(
            ("No, warfarin does not interact with NSAIDs.", "1"), ("Warfarin is safe with all NSAIDs.", "1")
        ),
        World(),
    )
    assert got.sentences[0].text == "Warfarin interacts with NSAIDs and the risk of bleeding rises."
    assert got.sentences[0].origin == "quoted"
    assert "does not" not in got.text
    assert "safe" not in got.text
    assert got.dropped.count == 2


@pytest.mark.parametrize(
    "draft",
    [
        ("Warfarin interacts with NSAIDs.", "99"),  # a label that does not exist
        ("", "1"),  # nothing
        ("   \n ", "1"),  # blanks
        ("[1][2]", "1"),  # labels alone
        ("Warfarin interacts with NSAIDs. " * 500, "1"),  # no sentence any more
    ],
)
def test_what_is_no_supported_sentence_is_not_shown(draft: tuple[str, str]) -> None:
    got = answer(says(draft), World())
    assert all(sentence.text in TEXT.replace("PERSON_7K3QXA", "Ann Lee") for sentence in got.sentences)
    assert all(sentence.citations and sentence.text.strip() for sentence in got.sentences)
    assert "[99]" not in got.text


def test_labels_inside_a_sentence_bring_no_citation() -> None:
    got = answer(says(("Heparin starts working within two hours [2][99].", "3")), World())
    assert {citation.quote for citation in got.citations} == {"Heparin starts to work within two hours."}
    assert "[99]" not in got.text


@pytest.mark.parametrize("text", ["Heparin starts working within two hours.", "Heparin cures everything."])
def test_the_same_sentence_again_and_again_is_shown_once_at_most(text: str) -> None:
    got = answer(says(*[(text, "3")] * 50), World())
    shown = [sentence.text for sentence in got.sentences]
    assert len(shown) == len(set(shown)) <= MOST


def test_an_engine_that_never_ends_is_stopped() -> None:
    taken = []

    def endless(units: Sequence[Unit]) -> Iterator[Draft]:
        for number in count():
            taken.append(number)
            yield Draft(f"Warfarin cures disease number {number}.", ("1",))

    got = answer(Engine(endless), World())
    assert len(taken) <= DRAFTS * MOST + REPAIRS
    assert got.dropped.count <= DRAFTS * MOST
    assert "cures" not in got.text


def rewording(second: str) -> tuple[Engine, list[tuple[str, ...]]]:
    """Denies the interaction, and says `second` when it is asked again."""
    asked: list[tuple[str, ...]] = []

    def write(units: Sequence[Unit]) -> Iterator[Draft]:
        asked.append(tuple(unit.label for unit in units))
        yield Draft("Warfarin does not interact with NSAIDs." if len(asked) == 1 else second, ("1",))

    return Engine(write), asked


def test_what_is_not_supported_is_worded_once_more_from_its_own_source() -> None:
    engine, asked = rewording("Moreover, warfarin interacts with NSAIDs.")
    world = World()
    got = answer(engine, world)
    assert len(asked) == 2
    assert asked[1] == ("1",)
    assert [(one.text, one.origin) for one in got.sentences] == [
        ("Moreover, warfarin interacts with NSAIDs.", "generated")
    ]
    assert got.dropped.count == 1
    assert got.dropped.reasons[0].startswith("worded again: ")
    assert world.records[-1][1]["repairs"] == 1


def test_what_is_wrong_twice_is_replaced_by_its_source() -> None:
    engine, asked = rewording("Warfarin never interacts with NSAIDs.")
    got = answer(engine, World())
    assert len(asked) == 2
    assert [one.origin for one in got.sentences] == ["quoted"]
    assert "not" not in got.text


def test_more_sentences_than_allowed_are_not_asked_for() -> None:
    taken = []

    def write(units: Sequence[Unit]) -> Iterator[Draft]:
        for unit in islice(units, 10):
            taken.append(unit.label)
            yield Draft(unit.text, (unit.label,))

    got = answer(Engine(write), World(), most=2)
    assert len(got.sentences) == len(taken) == 2


# ---------------------------------------------------------------- privacy


def test_the_engine_is_told_pseudonyms_only() -> None:
    engine = says(("PERSON_7K3QXA takes 5 mg of warfarin every evening.", "2"))
    named = replace(PASSAGE, text=TEXT + " Ann Lee was seen.")  # a detail that slipped past the ingest
    got = answer(engine, World(passages=(named,)), question("How much warfarin does Ann Lee take?"))
    assert engine.told
    assert not [text for text in engine.told if "Ann" in text or "Lee" in text]
    assert "Ann Lee" in got.text, "restored for the cleared owner"
    assert got.scrubbed == {"PERSON": 1}
    assert not any("Ann" in passage.text for passage in got.evidence)


def test_it_is_recorded_what_was_restored_if_anything_was() -> None:
    for text, identity, types in [
        (TEXT, OWNER, ["PERSON"]),
        ("The dose of warfarin is 5 mg in the evening.", OWNER, []),  # there was nothing to restore
        (TEXT, AGENT, []),
    ]:
        world = World(passages=(replace(PASSAGE, text=text),))
        assert not answer(None, world, question("What is the dose of warfarin?", identity=identity)).refused
        (record,) = [facts for kind, facts in world.records if kind == "answer"]
        assert (record["restored"], record["restored_types"]) == (bool(types), types)


def test_who_is_not_cleared_reads_pseudonyms() -> None:
    got = answer(None, World(), question("What does Ann Lee take?", identity=AGENT))
    assert "Ann" not in got.text + "".join(citation.quote for citation in got.citations)
    assert "PERSON_7K3QXA" in got.text


def test_a_remembered_turn_is_scrubbed() -> None:
    world = World()
    answer(None, world, question("What does Ann Lee take?", conversation="c"))
    assert world.conversation
    assert "Ann" not in str(world.conversation)


# ---------------------------------------------------------------- calculations

TABLE = "2018 | 2017\nNet sales | $32,765 | $31,657\nGross profit | $16,083 | $15,602"
GREW = "What was the percentage change in net sales from 2017 to 2018?"
TIED = "What was the change in sales from 2017 to 2018?"


def table(text: str = TABLE, **given: Any) -> World:
    return World(passages=(replace(PASSAGE, text=text, end=100 + len(text)),), **given)


class Calculating(Engine):
    """Proposes what the test says."""

    def __init__(self, reply: str | Exception | None) -> None:
        super().__init__(lambda units: iter(()))
        self.reply = reply

    def propose(self, question: str, values: Any, *, count: TokenCount) -> str | None:
        self.told += [question, *values.values()]
        if isinstance(self.reply, Exception):
            raise self.reply
        return self.reply


def test_a_calculation_is_shown_with_formula_and_source_and_committed() -> None:
    world = table()
    got = answer(None, world, question(GREW))
    (sentence,) = got.sentences
    assert sentence.origin == "calculated"
    assert sentence.formula == "(32,765 [1] − 31,657 [1]) ÷ 31,657 [1] = +3.5 %"
    assert sentence.citations == ("1",)
    assert sentence.verdict.supported
    assert got.citations[0].quote == "Net sales | $32,765 | $31,657"
    assert "calculate" in got.usage.seconds
    record = world.records[-1][1]
    assert record["origins"] == ["calculated"]
    assert record["formulas"] == [world.commit(sentence.formula)]


def test_two_rows_are_two_citations() -> None:
    got = answer(None, table(), question("What is the ratio of gross profit to net sales in 2018?"))
    assert got.sentences[0].formula == "16,083 [1] ÷ 32,765 [2] = 0.49 (49.09 %)"
    assert [citation.quote[:5] for citation in got.citations] == ["Gross", "Net s"]


def test_the_other_part_of_a_question_is_quoted() -> None:
    asked = f"{GREW[:-1]}, and what was the gross profit in 2018?"
    got = answer(None, table(), question(asked))
    assert [sentence.origin for sentence in got.sentences][:2] == ["calculated", "quoted"]


def test_what_fits_beyond_doubt_is_calculated_even_where_no_unit_answers() -> None:
    assert answer(None, table(score=0.4), question(GREW)).sentences[0].origin == "calculated"
    assert answer(None, table(score=0.4), question("What does net sales mean?")).refused


def test_a_model_chooses_among_readings_only() -> None:
    text = "2018 | 2017\nGross sales | 10 | 8\nNet sales | 9 | 6"
    engine = Calculating("v3 - v4")
    got = answer(engine, table(text), question(TIED))
    assert got.sentences[0].formula is not None
    assert got.sentences[0].formula.startswith("9 [1] − 6 [1] = +3")
    assert TIED in engine.told
    for reply in ("v1 - v4", None):
        assert not any(s.formula for s in answer(Calculating(reply), table(text), question(TIED)).sentences)
    assert not answer(Calculating("v3 - v4"), table(text, score=0.4), question(TIED)).sentences


def test_a_model_that_fails_leaves_quotes() -> None:
    text = "2018 | 2017\nGross sales | 10 | 8\nNet sales | 9 | 6"
    got = answer(Calculating(EngineTimeoutError("It was slow.")), table(text), question(TIED))
    assert got.fallback
    assert {sentence.origin for sentence in got.sentences} == {"quoted"}


# ---------------------------------------------------------------- questions


def test_a_follow_up_searches_with_what_it_refers_to() -> None:
    world = World(conversation=[("Does warfarin interact with NSAIDs?", "It does.")])
    answer(None, world, question("How is it treated?", conversation="c"))
    assert "warfarin" in world.searched[0]
    assert "How is it treated?" in world.searched


def test_what_is_referred_to_a_person_is_not_answered() -> None:
    got = answer(None, World(), refuse=lambda text: "Ask a person." if "warfarin" in text else None)
    assert got.refused
    assert got.text == got.reason == "Ask a person."


def test_nothing_found_and_nothing_answerable_are_refusals() -> None:
    nothing = answer(None, World(passages=()))
    assert nothing.refused
    assert "Nothing was found" in nothing.reason
    weak = answer(None, World(score=0.4))
    assert weak.refused
    assert "1 closest passages of 1 document" in weak.reason
    assert weak.nearest == (PASSAGE,)


# ---------------------------------------------------------------- conflict and time


def policy(id_: int, fee: int, date: dt.date) -> Passage:
    text = f"The fee for an outgoing wire is ${fee}."
    return replace(
        PASSAGE, id=id_, document_id=f"d{id_}", text=text, end=PASSAGE.start + len(text), date=date
    )


@pytest.mark.parametrize("engine", [None, says(("The fee for an outgoing wire is $25.", "2"))])
def test_sources_that_disagree_are_shown_newest_first(engine: Engine | None) -> None:
    old, new = policy(1, 30, dt.date(2021, 5, 1)), policy(2, 25, dt.date(2024, 3, 1))
    world = World(passages=(old, new), documents={"d1": Standing(None, new.date)})
    given = answer(engine, world, question("What is the fee for an outgoing wire?"))
    assert [sentence.text for sentence in given.sentences] == [new.text, old.text]
    assert [(c.date, c.superseded) for c in given.citations] == [(new.date, None), (old.date, new.date)]
    assert given.conflicts == (("1", "2"),)


def test_one_document_is_no_conflict() -> None:
    assert answer(None, World()).conflicts == ()


def test_a_rules_day_is_read_from_the_question_unless_it_is_given() -> None:
    world = World()
    asked = "What did the wire policy say as of 2015-06-01?"
    answer(None, world, question(asked))
    answer(None, world, question(asked, as_of=dt.date(2020, 1, 1)))
    answer(None, world)
    assert world.days == [dt.date(2015, 6, 1), dt.date(2020, 1, 1), None]
