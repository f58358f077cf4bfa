"""What happens to documents over time, and who finds them, with real store, scrubber, encoder and index."""

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from ragslm import AccessError, Assistant, AuditError, Identity
from ragslm.registry import samples

pytestmark = pytest.mark.models
KEY = "4f" * 32
EXTRACTIVE = {"engine": "extractive"}
FERRITIN = "# Ferritin\n\nThe ferritin of the patient was 38 ug/L at admission.\n"
QUESTION = "What was the ferritin at admission?"
LIABILITY = (
    "What is the liability of a consumer who reports the loss of an access device within two business days?"
)


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """One workspace and its models for the module; every test brings documents of its own."""
    folder = tmp_path_factory.mktemp("documents") / "workspace"
    with Assistant.open(folder, "medical", key=KEY, generation=EXTRACTIVE) as assistant:
        yield assistant


@pytest.fixture
def folder(tmp_path: Path, assistant: Assistant) -> Iterator[Path]:
    """A folder whose documents are gone from the workspace after the test."""
    folder = tmp_path / "documents"
    folder.mkdir()
    yield folder
    shutil.rmtree(folder)
    folder.mkdir()
    assistant.ingest(folder)


class Counting:
    """The real encoder, which also remembers how much it was given."""

    def __init__(self, encoder: Any) -> None:
        self._encoder = encoder
        self.identity, self.dim, self.texts = encoder.identity, encoder.dim, 0

    def embed(self, texts: Sequence[str]) -> Any:
        self.texts += len(texts)
        return self._encoder.embed(texts)


def texts(assistant: Assistant, question: str = QUESTION, **given: Any) -> list[str]:
    return [hit.passage.text for hit in assistant.search(question, k=50, **given)]


# ---------------------------------------------------------------- over time


def test_what_is_unchanged_is_not_embedded_again(
    assistant: Assistant, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = assistant._parts.ingest("medical")._steps
    counting = Counting(steps._embedder)
    monkeypatch.setattr(steps, "_embedder", counting)
    (folder / "a.md").write_text(FERRITIN)
    (folder / "b.md").write_text("Transferrin was not measured on that day.")
    assert assistant.ingest(folder).added == 2
    assert counting.texts >= 2
    counting.texts = 0
    report = assistant.ingest(folder)
    assert (report.unchanged, report.added, report.changed, report.removed) == (2, 0, 0, 0)
    assert counting.texts == 0


def test_a_changed_file_replaces_its_passages_and_a_removed_one_is_gone(
    assistant: Assistant, folder: Path
) -> None:
    file = folder / "a.md"
    file.write_text(FERRITIN)
    (folder / "b.md").write_text("Transferrin was not measured on that day.")
    assistant.ingest(folder)
    file.write_text(FERRITIN.replace("38", "83"))
    report = assistant.ingest(folder)
    assert (report.changed, report.unchanged) == (1, 1)
    found = "\n".join(texts(assistant))
    assert "83 ug/L" in found
    assert "38 ug/L" not in found
    file.unlink()
    assert assistant.ingest(folder).removed == 1
    assert not any("ferritin" in text.lower() for text in texts(assistant))
    assert assistant.ask(QUESTION).refused


def test_an_emptied_folder_empties_the_index(assistant: Assistant, folder: Path) -> None:
    (folder / "a.md").write_text(FERRITIN)
    assistant.ingest(folder)
    document = assistant.documents()[0].id
    (folder / "a.md").unlink()
    assert assistant.ingest(folder).removed == 1
    assert assistant.documents() == []
    assert texts(assistant) == []
    assert assistant.find((folder / "a.md").as_uri()) is None
    answer = assistant.ask(QUESTION)
    assert answer.refused
    assert answer.reason
    assert "Nothing was found" in answer.reason
    assert all(document != info.id for info in assistant.documents())


def test_a_single_file_never_removes_anything(assistant: Assistant, folder: Path) -> None:
    for name in ("a.md", "b.md"):
        (folder / name).write_text(FERRITIN + name)
    assistant.ingest(folder)
    (folder / "a.md").unlink()
    assert assistant.ingest(folder / "b.md").removed == 0
    assert len(assistant.documents()) == 2


def test_a_second_assistant_opens_the_snapshot_and_finds_the_same(tmp_path: Path) -> None:
    workspace, document = tmp_path / "w", tmp_path / "a.md"
    document.write_text(FERRITIN)
    found = []
    for _ in range(2):
        with Assistant.open(workspace, "medical", key=KEY, generation=EXTRACTIVE) as assistant:
            assistant.ingest(document)
            found.append([(hit.passage.id, round(hit.score, 4)) for hit in assistant.search(QUESTION)])
            assert (workspace / "index/current").exists() == (len(found) == 2)
    assert found[0] == found[1]


# ---------------------------------------------------------------- what is searched


def test_dates_and_filters_narrow_search_and_answer(assistant: Assistant, folder: Path) -> None:
    bundles = {"2019-05-01": "41", "2023-05-01": "97"}
    for date, value in bundles.items():
        (folder / f"observation-{date}.json").write_text(OBSERVATION % (date, date, value))
    assistant.ingest(folder)
    assert len(assistant.documents()) == 2
    early = texts(assistant, "ferritin", as_of="2020-01-01")
    assert any("41" in text for text in early)
    assert not any("97" in text for text in early)
    late = texts(assistant, "ferritin", filters={"date_from": "2022-01-01"})
    assert any("97" in text for text in late)
    assert not any("41" in text for text in late)
    assert "41" in assistant.ask("What was the ferritin?", as_of="2020-01-01").text
    titled = texts(assistant, "ferritin", filters={"uri": "observation-2023"})
    assert titled
    assert not any("41" in text for text in titled)


OBSERVATION = """{"resourceType": "Bundle", "type": "collection", "timestamp": "%sT08:00:00Z", "entry": [
 {"resource": {"resourceType": "Observation", "status": "final", "code": {"text": "Ferritin"},
  "effectiveDateTime": "%s", "valueQuantity": {"value": %s, "unit": "ug/L"}}}]}"""


def test_the_wall_holds_on_stream_and_find_too(
    assistant: Assistant, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = folder / "ben.md"
    file.write_text(FERRITIN)
    assistant.ingest(folder, scope="ben", readers=["ward"])
    nurse = Identity(id="nurse", groups=frozenset({"ward"}), scopes=frozenset({"ann"}))
    events = list(assistant.stream(QUESTION, user=nurse))
    assert [event.type for event in events] == ["evidence", "done"]
    assert events[0].evidence == ()
    assert events[-1].answer is not None
    assert events[-1].answer.refused
    assert events[-1].answer.nearest == ()
    assert assistant.find(file.as_uri()) is not None
    with monkeypatch.context() as patch:
        patch.setattr(assistant, "user", nurse)
        assert assistant.find(file.as_uri()) is None


def test_restoring_is_for_cleared_users_and_recorded(assistant: Assistant) -> None:
    scrubbed = assistant.scrub("Call Maria Gonzalez.")
    assert "Maria Gonzalez" not in scrubbed.text
    before = len(list(assistant.export_audit()))
    with pytest.raises(AccessError):
        assistant.restore(scrubbed.text, user=Identity(id="agent"))
    assert len(list(assistant.export_audit())) == before
    assert "Maria Gonzalez" in assistant.restore(scrubbed.text)
    last = list(assistant.export_audit())[-1]
    assert last["kind"] == "restore"
    assert "Gonzalez" not in str(last)


def test_what_cannot_be_recorded_is_not_answered(tmp_path: Path) -> None:
    document = tmp_path / "a.md"
    document.write_text(FERRITIN)
    with Assistant.open(tmp_path / "w", "medical", key=KEY, generation=EXTRACTIVE) as assistant:
        assistant.ingest(document)
        assistant.search(QUESTION)
        with assistant._parts.catalogue._db.write() as connection:
            connection.execute("DROP TABLE audit")
        with pytest.raises(AuditError):
            assistant.ask(QUESTION)


# ---------------------------------------------------------------- harder questions over the samples


@pytest.mark.parametrize(
    ("question", "document", "words"),
    [
        # a name in the question meets the same pseudonym in the statement
        ("How much rent was debited to Peter Peeters?", "statement", "237.50 USD"),
        # liable and liability
        (LIABILITY, "reg-e", "two business days"),
    ],
)
def test_the_samples_answer(samples_: Assistant, question: str, document: str, words: str) -> None:
    answer = samples_.ask(question)
    assert not answer.refused
    assert words in answer.text
    assert any(document in citation.uri for citation in answer.citations)


@pytest.fixture(scope="module")
def samples_(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("samples") / "workspace"
    with Assistant.open(folder, "banking", key=KEY, generation=EXTRACTIVE) as assistant:
        assistant.ingest(samples("banking"))
        yield assistant
