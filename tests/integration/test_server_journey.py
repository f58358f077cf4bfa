"""The real assistant behind a real server: upload, ask, stream, look at the page, over HTTP."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from ragslm import ApiError, Client, Filters

pytestmark = pytest.mark.models

TEXT = (
    "# Warfarin\n\nWarfarin is a medicine that thins the blood. NSAIDs such as ibuprofen increase the risk "
    "of bleeding in people who take warfarin.\n\n# Storage\n\nKeep the tablets dry and below 25 degrees.\n"
)
QUESTION = "Do NSAIDs increase the risk of bleeding with warfarin?"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str, str]]:
    """Address of a server, the key of an owner and the key of a reader who is not cleared."""
    from ragslm.assistant import Assistant
    from ragslm.server import create_app
    from ragslm.server.run import bind, make_server
    from ragslm.types import Identity

    folder: Path = tmp_path_factory.mktemp("served")
    with Assistant.open(folder / "w", key="0" * 64, generation={"engine": "extractive"}) as assistant:
        owner = assistant.add_api_key(Identity(id="olga", owner=True, cleared=True))
        reader = assistant.add_api_key(Identity(id="rob"))
        held = bind("127.0.0.1", 0)
        server = make_server(create_app(assistant, assistant.settings))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [held]})
        thread.start()
        yield f"http://127.0.0.1:{held.getsockname()[1]}", owner, reader
        server.should_exit = True
        thread.join(20)
        held.close()


@pytest.fixture(scope="module")
def owner(served: tuple[str, str, str]) -> Iterator[Client]:
    with Client(served[0], served[1]) as client:
        assert client.upload("warfarin.md", TEXT.encode()).added == 1
        yield client


def test_answer_cites_what_was_uploaded(owner: Client) -> None:
    answer = owner.ask(QUESTION)
    assert not answer.refused
    assert "increase the risk of bleeding" in answer.text
    citation = answer.citations[0]
    view = owner.page(citation.document_id, citation.page or 1, marks=[(citation.start, citation.end)])
    start, end = view.marks[0]
    assert citation.quote in view.text[start:end]


def test_who_is_answered_is_told_ready(served: tuple[str, str, str]) -> None:
    response = httpx2.get(f"{served[0]}/readyz")
    assert (response.status_code, response.json()) == (200, {"ready": True})


def test_stream_ends_with_the_same_answer(owner: Client) -> None:
    events = list(owner.stream(QUESTION))
    assert [event.type for event in events][:2] == ["evidence", "sentence"]
    assert events[-1].answer is not None
    assert events[-1].answer.text == owner.ask(QUESTION).text


def test_uploading_again_changes_nothing(owner: Client) -> None:
    assert owner.upload("warfarin.md", TEXT.encode()).unchanged == 1


def test_only_a_word_opens_an_upload_to_everyone(served: tuple[str, str, str], owner: Client) -> None:
    seen = []
    with Client(served[0], served[2]) as reader:
        for content, readers in ((b"Beds: 12.", ["ward"]), (b"Beds: 13.", None), (b"Beds: 13.", ["*"])):
            owner.upload("beds.md", content, readers=readers)
            seen.append("beds" in {document.title for document in reader.documents()})
    owner.remove_document(next(one.id for one in owner.documents() if one.title == "beds"))
    assert seen == [False, False, True]


def test_search_narrows(owner: Client) -> None:
    assert owner.search(QUESTION, filters=Filters(title="warfarin"))
    assert owner.search(QUESTION, filters={"title": "metformin"}) == []


def test_reader_may_not_change_documents(served: tuple[str, str, str], owner: Client) -> None:
    with Client(served[0], served[2]) as reader:
        document = reader.documents()[0]
        for change in (lambda: reader.upload("x.txt", b"x"), lambda: reader.remove_document(document.id)):
            with pytest.raises(ApiError) as raised:
                change()
            assert raised.value.status == 403


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ("", "empty"),  # nothing asked
        ("a" * 100_000, "100,000"),  # far too long: the answer says how long
    ],
)
def test_bad_questions(owner: Client, question: str, says: str) -> None:
    with pytest.raises(ApiError, match=says) as raised:
        owner.ask(question)
    assert (raised.value.status, raised.value.code) == (400, "QuestionError")


def test_broken_upload_is_quarantined_and_the_rest_stays(owner: Client) -> None:
    report = owner.upload("broken.pdf", b"%PDF-1.7 broken")
    assert len(report.quarantined) == 1
    assert not owner.ask(QUESTION).refused


def test_openai_client_talks_to_it(served: tuple[str, str, str], owner: Client) -> None:
    import openai

    messages: list[Any] = [{"role": "user", "content": QUESTION}]
    with openai.OpenAI(base_url=f"{served[0]}/v1", api_key=served[1]) as client:
        answer = client.chat.completions.create(model="ragslm", messages=messages)
        assert "increase the risk of bleeding" in (answer.choices[0].message.content or "")
        assert (answer.model_extra or {})["ragslm"]["citations"]
