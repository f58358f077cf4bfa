"""The LangChain adapters over a real workspace with the real encoder; the standard suites are beside."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from langchain_core.document_loaders import BaseLoader
from langchain_core.documents import Document
from langchain_core.embeddings import DeterministicFakeEmbedding
from langchain_core.language_models import FakeListChatModel
from langchain_core.messages import HumanMessage

from ragslm import Assistant, ConfigError, QuarantineError
from ragslm.ingest.files import Files
from ragslm.integrations.langchain import (
    LoaderConnector,
    RagslmChatModel,
    RagslmVectorStore,
    as_engine,
    as_loader,
    as_runnable,
)
from ragslm.registry import samples

pytestmark = pytest.mark.models
KEY = "1c" * 32
EXTRACTIVE = {"engine": "extractive"}


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("langchain") / "workspace"
    with Assistant.open(folder, "banking", key=KEY, generation=EXTRACTIVE) as assistant:
        assistant.ingest(samples("banking"))
        yield assistant


class Letters(BaseLoader):
    def lazy_load(self) -> Iterator[Document]:
        yield Document("Write to Ann Miller at ann.miller@example.org today.", metadata={"source": "letter"})


def test_a_loader_comes_in_through_the_scrubber(filled: Assistant) -> None:
    report = filled.ingest(LoaderConnector(Letters()))
    assert report.added == 1
    found = filled.search("write to whom today", k=1)[0].passage.text
    assert "ann.miller@example.org" not in found
    assert "EMAIL_ADDRESS_" in found


class Broken(BaseLoader):
    """Lone surrogates, as a path that is not UTF-8 brings them, wherever a text can be."""

    def lazy_load(self) -> Iterator[Document]:
        half = "\udce9"
        yield Document(f"The {half} vault has nine doors.", metadata={"source": "text"})
        yield Document("The safe has two keys.", metadata={"source": f"caf{half}.txt"})
        yield Document("The till has one drawer.", metadata={"source": "title", "title": half, half: [half]})
        yield Document("The lobby has three desks.", metadata={"source": "next"})


def test_half_a_character_ends_no_run(filled: Assistant) -> None:
    report = filled.ingest(LoaderConnector(Broken(), "broken"))
    assert (report.added, report.quarantined) == (4, ())
    assert filled.find(r"broken:caf\udce9.txt")
    assert filled.ingest(LoaderConnector(Broken(), "broken")).unchanged == 4
    store = RagslmVectorStore(filled)
    store.add_texts(["The vault \ud800 is locked."], ids=["\ud800"])
    store.add_texts(["The vault is open."], ids=["\ud801"])
    assert [document.page_content for document in store.get_by_ids(["\ud800", "\ud801"])] == [
        "The vault ? is locked.",
        "The vault is open.",
    ]
    store.delete(["\ud800", "\ud801"])


def test_a_connector_goes_out_scrubbed(filled: Assistant) -> None:
    loader = as_loader(filled, Files(samples("banking"), 10_000_000))
    texts = [document.page_content for document in loader.lazy_load()]
    assert len(texts) == 3
    assert not any("Peter Peeters" in text for text in texts)


def test_the_assistant_is_a_runnable_and_a_chat_model(filled: Assistant) -> None:
    question = "What is the closing balance?"
    assert "2109.50" in as_runnable(filled).invoke(question).text
    reply = RagslmChatModel(assistant=filled).invoke([HumanMessage(question)])
    assert "2109.50" in str(reply.content)
    assert reply.additional_kwargs["ragslm"]["citations"]


def test_the_same_text_with_other_metadata_is_replaced(filled: Assistant) -> None:
    store = RagslmVectorStore(filled)
    for ward in ("north", "south"):
        store.add_texts(["The ward has twelve beds."], [{"ward": ward}], ids=["beds"])
    (found,) = store.get_by_ids(["beds"])
    assert found.metadata == {"ward": "south"}
    store.delete(["beds"])
    assert store.get_by_ids(["beds"]) == []


@pytest.mark.parametrize(("text", "ward"), [("The ward has twelve beds.", "south"), ("It has ten.", "north")])
def test_a_text_that_is_replaced_keeps_its_readers(filled: Assistant, text: str, ward: str) -> None:
    class Beds(BaseLoader):
        def lazy_load(self) -> Iterator[Document]:
            yield Document("The ward has twelve beds.", id="beds", metadata={"ward": "north"})

    filled.ingest(LoaderConnector(Beds()), scope="p1", readers=["cardio"])
    RagslmVectorStore(filled).add_texts([text], [{"ward": ward}], ids=["beds"])
    found = filled.find("langchain:beds")
    assert found is not None
    assert filled.access(found) == ("p1", {"cardio"})
    filled.remove_document(found)


def test_a_text_that_cannot_be_stored_is_no_silent_loss(filled: Assistant) -> None:
    store = RagslmVectorStore(filled)
    with pytest.raises(QuarantineError, match="1 of 2 texts were not stored"):
        store.add_texts(["", "The pharmacy is on the second floor."], ids=["empty", "pharmacy"])
    assert len(store.get_by_ids(["empty", "pharmacy"])) == 1


async def test_runnable_and_chat_model_await(filled: Assistant) -> None:
    question = "What is the closing balance?"
    assert "2109.50" in (await as_runnable(filled).ainvoke(question)).text
    assert "2109.50" in str((await RagslmChatModel(assistant=filled).ainvoke(question)).content)


def test_a_foreign_embedding_is_refused(filled: Assistant) -> None:
    with pytest.raises(ConfigError, match="no embedding"):
        RagslmVectorStore.from_texts(["x"], embedding=DeterministicFakeEmbedding(size=8), assistant=filled)


def test_any_chat_model_can_word_answers_and_is_checked_like_any_other(tmp_path: Path) -> None:
    model = FakeListChatModel(
        responses=[
            "[1]",  # what it selects
            "Warfarin takes 2 to 3 days to work. [1]\nWarfarin cures the flu. [1]\nSee [99].",
        ]
    )
    document = tmp_path / "warfarin.md"
    document.write_text("# Warfarin\n\nWarfarin takes 2 to 3 days before it starts to work.\n")
    engine = as_engine(model, prompt="Answer from the sources.")
    with Assistant.open(tmp_path / "w", "medical", key=KEY, engine=engine) as assistant:
        assistant.ingest(document)
        answer = assistant.ask("How long does warfarin take to start working?")
    assert answer.engine in {"langchain", "extractive"}
    assert "2 to 3 days" in answer.text
    assert "flu" not in answer.text
    assert answer.dropped.count >= 1
