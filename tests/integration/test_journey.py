"""The journey of a question with real store, scrubber, encoder and index. Only the engine is a test's own
here, where a test needs one that lies, fails or tells what it was told."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from ragslm import AccessError, Assistant, EngineError, EngineTimeoutError, Identity, NotFoundError
from ragslm._spans import OffsetMap, apply
from ragslm.protocols import Draft, TokenCount, Unit
from ragslm.registry import samples
from ragslm.types import Mode, ModelRef

pytestmark = pytest.mark.models
KEY = "3e" * 32
NAME_QUESTION = "What was Clemente Kreiger's body mass index?"
DVT = "What are the most common medicines for treating deep vein thrombosis?"


class Engine:
    """Writes what the test says, and remembers every word it was told."""

    name = "test"
    model = ModelRef("test")
    default_mode: Mode = "near"

    def __init__(self, write: Callable[[Sequence[Unit]], Iterator[Draft]]) -> None:
        self._write = write
        self.told: list[str] = []

    def select(
        self, question: str, units: Sequence[Unit], *, most: int, count: TokenCount
    ) -> tuple[str, ...]:
        self.told += [question, *(unit.text for unit in units)]
        return tuple(unit.label for unit in units[:most])

    def write(self, question: str, units: Sequence[Unit], *, count: TokenCount) -> Iterator[Draft]:
        self.told += [question, *(unit.text for unit in units)]
        return self._write(units)

    def close(self) -> None:
        pass


def quiet(units: Sequence[Unit]) -> Iterator[Draft]:
    return iter(())


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with both samples; tests copy it."""
    folder = tmp_path_factory.mktemp("journey") / "workspace"
    with Assistant.open(folder, "medical", key=KEY, generation={"engine": "extractive"}) as assistant:
        for domain in ("medical", "banking"):
            assert not assistant.for_domain(domain).ingest(samples(domain)).quarantined
    return folder


@pytest.fixture(scope="module")
def assistant(filled: Path) -> Iterator[Assistant]:
    with Assistant.open(filled, "medical", key=KEY, generation={"engine": "extractive"}) as assistant:
        yield assistant


def with_engine(
    filled: Path, tmp_path: Path, write: Callable[[Sequence[Unit]], Iterator[Draft]]
) -> Assistant:
    folder = tmp_path / "copy"
    shutil.copytree(filled, folder)
    return Assistant.open(folder, "medical", key=KEY, engine=Engine(write))


@pytest.mark.parametrize(
    ("domain", "question", "documents", "words"),
    [
        ("medical", DVT, {"deep-vein-thrombosis"}, "Anticoagulants"),
        ("medical", NAME_QUESTION, {"patient-record"}, "30.5 kg/m2"),
        # two documents
        (
            "medical",
            "Which blood-thinning medicines prevent clots in atrial fibrillation, "
            "and how long does warfarin take to start working?",
            {"atrial-fibrillation", "deep-vein-thrombosis"},
            "2 to 3 days",
        ),
        # a row of a PDF's table
        ("banking", "What deposit balance earns the 5.75 percent rate?", {"reg-dd"}, "Above $15,000"),
        ("banking", "What is the closing balance?", {"statement"}, "2109.50 USD"),
    ],
)
def test_answers_quote_the_right_documents_at_the_right_place(
    assistant: Assistant, domain: str, question: str, documents: set[str], words: str
) -> None:
    answer = assistant.for_domain(domain).ask(question)
    assert words in answer.text
    assert all(any(name in citation.uri for citation in answer.citations) for name in documents)
    for citation in answer.citations:
        document = assistant._parts.catalogue.document(citation.document_id)
        original = document.parsed.text[citation.start : citation.end]
        assert " ".join(original.split()) == " ".join(citation.quote.split()), (
            "verbatim, restored for the owner"
        )
        start, end = OffsetMap(document.replacements).to_scrubbed(citation.start, citation.end)
        assert apply(document.parsed.text, document.replacements)[start:end]
    assert all(sentence.verdict.supported and sentence.citations for sentence in answer.sentences)


@pytest.mark.parametrize(
    ("domain", "question"),
    [
        ("medical", "What is the recommended dose of metformin for type 2 diabetes?"),
        ("medical", "What is the capital of France?"),
        ("banking", "What is the bank's current mortgage rate?"),
    ],
)
def test_what_the_documents_do_not_say_is_refused(assistant: Assistant, domain: str, question: str) -> None:
    answer = assistant.for_domain(domain).ask(question)
    assert answer.refused
    assert answer.reason
    assert not answer.sentences
    assert answer.nearest


@pytest.mark.parametrize(
    "question",
    [
        NAME_QUESTION,
        NAME_QUESTION.lower(),  # no capital tells that it is a name
        "What was Kreiger, Clemente's body mass index?",  # turned
    ],
)
def test_the_engine_never_learns_a_name(filled: Path, tmp_path: Path, question: str) -> None:
    with with_engine(filled, tmp_path, quiet) as assistant:
        answer = assistant.ask(question)
        engine = assistant._parts._given_engine
        assert isinstance(engine, Engine)
        told = "\n".join(engine.told)
        record = next(d for d in assistant.documents() if "patient-record" in d.uri)
        document = assistant._parts.catalogue.document(record.id)
        originals = {document.parsed.text[r.start : r.end] for r in document.replacements}
    assert engine.told
    assert not [original for original in originals if len(original) >= 3 and original in told]
    assert "kreiger" not in told.lower()
    assert "clemente" not in told.lower()
    assert answer.scrubbed == {"PERSON": 1}
    assert "Clemente Kreiger" in answer.text, "restored for the cleared owner"


def test_one_patient_s_values_are_no_answer_about_another(assistant: Assistant) -> None:
    answer = assistant.ask("What was Maria Gonzalez's body mass index?")
    assert "30.5" not in answer.text
    assert not any("patient-record" in citation.uri for citation in answer.citations)


def test_of_two_patients_only_the_one_asked_about_is_quoted(tmp_path: Path) -> None:
    folder = tmp_path / "records"
    folder.mkdir()
    texts = {
        "kreiger": "Patient: Clemente Kreiger. Clemente Kreiger is allergic to penicillin, with a rash.\n",
        "gonzalez": "Patient: Maria Gonzalez. Maria Gonzalez came for a check of the blood pressure.\n",
    }
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text)
    with Assistant.open(
        tmp_path / "workspace", "medical", key=KEY, generation={"engine": "extractive"}
    ) as assistant:
        assert not assistant.ingest(folder).quarantined
        own = assistant.ask("Is Clemente Kreiger allergic to penicillin?")
        other = assistant.ask("Is Maria Gonzalez allergic to penicillin?")
    assert "penicillin" in own.text
    assert own.citations
    assert "Kreiger" not in other.text
    assert not any("kreiger" in citation.uri for citation in other.citations)


def test_who_is_not_cleared_sees_pseudonyms_only(assistant: Assistant) -> None:
    agent = Identity(id="agent")
    answer = assistant.ask(NAME_QUESTION, user=agent)
    assert "30.5" in answer.text
    assert "Kreiger" not in repr(answer) + answer.text + "".join(c.quote for c in answer.citations)
    citation = answer.citations[0]
    view = assistant.page(citation.document_id, 0, marks=[(citation.start, citation.end)], user=agent)
    assert "Kreiger" not in view.text
    with pytest.raises(AccessError):
        assistant.restore("PERSON_7K3QXA", user=agent)


def test_the_interaction_of_warfarin_and_nsaids_is_never_denied(tmp_path: Path) -> None:
    """The trap of a small model that was seen to answer so."""

    def deny(units: Sequence[Unit]) -> Iterator[Draft]:
        yield Draft("No, warfarin does not interact with NSAIDs.", (units[0].label,))
        yield Draft("Yes, you can take NSAIDs with warfarin.", (units[0].label,))

    document = tmp_path / "interactions.md"
    document.write_text("# Warfarin\n\nWarfarin interacts with NSAIDs and the risk of bleeding rises.\n")
    with Assistant.open(tmp_path / "w", "medical", key=KEY, engine=Engine(deny)) as assistant:
        assistant.ingest(document)
        answer = assistant.ask("Does warfarin interact with NSAIDs?")
    assert [s.text for s in answer.sentences] == [
        "Warfarin interacts with NSAIDs and the risk of bleeding rises."
    ]
    assert answer.sentences[0].origin == "quoted"
    assert answer.dropped.count >= 1


def failing(error: EngineError, after: int) -> Callable[[Sequence[Unit]], Iterator[Draft]]:
    def write(units: Sequence[Unit]) -> Iterator[Draft]:
        for unit in units[:after]:
            yield Draft(unit.text, (unit.label,))
        raise error

    return write


@pytest.mark.parametrize("after", [0, 1])
@pytest.mark.parametrize("error", [EngineError("down"), EngineTimeoutError("silent for 20 s")])
def test_an_engine_that_fails_costs_the_wording_and_not_the_answer(
    filled: Path, tmp_path: Path, error: EngineError, after: int
) -> None:
    with with_engine(filled, tmp_path, failing(error, after)) as assistant:
        answer = assistant.ask(DVT)
    assert answer.fallback is not None
    assert str(error) in answer.fallback
    assert "Anticoagulants" in answer.text


def test_an_engine_cannot_flood_or_invent_labels(filled: Path, tmp_path: Path) -> None:
    def flood(units: Sequence[Unit]) -> Iterator[Draft]:
        for number in range(10_000):
            yield Draft(units[0].text if number % 2 else f"Invented fact {number}.", (units[0].label,))
            yield Draft("No such source.", ("999",))
            yield Draft("", ())

    with with_engine(filled, tmp_path, flood) as assistant:
        answer = assistant.ask(DVT)
        most = assistant.settings.generation.max_sentences
    assert 1 <= len(answer.sentences) <= most
    assert len({sentence.text for sentence in answer.sentences}) == len(answer.sentences)
    assert "Invented" not in answer.text
    assert "No such" not in answer.text


def test_events_come_in_order_and_a_closed_stream_is_recorded(assistant: Assistant) -> None:
    kinds = [event.type for event in assistant.stream(DVT)]
    assert (kinds[0], kinds[-1]) == ("evidence", "done")
    assert set(kinds[1:-1]) == {"sentence"}
    stream = assistant.stream(DVT)
    next(stream)
    stream.close()  # type: ignore[attr-defined]
    last = list(assistant.export_audit())[-1]
    assert last["facts"]["outcome"] == "cancelled"
    assert assistant.verify_audit().ok


def test_a_follow_up_knows_what_it_refers_to(assistant: Assistant) -> None:
    first = assistant.ask("What is deep vein thrombosis?", conversation="new")
    second = assistant.ask("How is it treated?", conversation=first.conversation)
    assert any("deep-vein-thrombosis" in passage.uri for passage in second.evidence[:3])


def test_scope_and_readers_are_a_wall_on_every_way_in(tmp_path: Path) -> None:
    notes = {
        "ann": "The potassium of the morning was 4.1 mmol/L.",
        "ben": "The potassium of the morning was 6.3 mmol/L.",
    }
    question = "What was the potassium of the morning?"
    with Assistant.open(tmp_path / "w", "medical", key=KEY, generation={"engine": "extractive"}) as assistant:
        for scope, text in notes.items():
            file = tmp_path / f"{scope}.md"
            file.write_text(text)
            assistant.ingest(file, scope=scope, readers=["ward"])
        nurse = Identity(id="nurse", groups=frozenset({"ward"}), scopes=frozenset({"ann"}))
        stranger = Identity(id="stranger")
        assert "4.1" in assistant.ask(question, user=nurse).text
        assert "6.3" not in str([hit.passage.text for hit in assistant.search(question, k=50, user=nurse)])
        assert "6.3" not in assistant.ask(question, scope="ann").text
        assert assistant.ask(question, user=stranger).refused
        assert not assistant.search(question, user=stranger)
        assert len(assistant.documents(user=nurse)) == 1
        hidden = next(d for d in assistant.documents() if "ben" in d.uri)
        for identity in (nurse, stranger):
            with pytest.raises(NotFoundError):
                assistant.page(hidden.id, 1, user=identity)
            with pytest.raises(NotFoundError):
                assistant.text(hidden.id, user=identity)
            with pytest.raises(AccessError):
                assistant.remove_document(hidden.id, user=identity)


@pytest.mark.parametrize("damage", ["flip", "cut", "delete"])
def test_a_damaged_index_is_rebuilt_and_finds_the_same(filled: Path, tmp_path: Path, damage: str) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(filled, folder)

    def hits() -> list[tuple[int, float]]:
        unhurried = {"rerank_seconds": 3600.0}  # how much is read again hangs on the machine's load otherwise
        with Assistant.open(
            folder, "medical", key=KEY, generation={"engine": "extractive"}, retrieval=unhurried
        ) as assistant:
            return [(hit.passage.id, round(hit.score, 4)) for hit in assistant.search(DVT, k=10)]

    before = hits()
    files = [file for file in (folder / "index").rglob("*") if file.is_file()]
    assert files
    for file in files:
        content = bytearray(file.read_bytes())
        if damage == "delete":
            file.unlink()
        elif damage == "cut":
            file.write_bytes(content[: len(content) // 2])
        else:
            content[len(content) // 2] ^= 0xFF
            file.write_bytes(content)
    assert hits() == before
