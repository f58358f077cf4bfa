"""Each bad input of the issue gives a clear error with the next step, and loses nothing."""

import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from ragslm import (
    Assistant,
    ConfigError,
    ModelError,
    QuestionError,
    StorageFullError,
    WorkspaceVersionError,
    WrongKeyError,
)
from ragslm.server.run import bind

pytestmark = pytest.mark.models
KEY = "b4" * 32
DATA = Path(__file__).parents[1] / "data/formats"
GOOD = "The pharmacy opens at 08:15 on weekdays."
EXTRACTIVE = {"engine": "extractive"}


def open_(folder: Path, **settings: object) -> Assistant:
    return Assistant.open(folder, "generic", key=KEY, **{"generation": EXTRACTIVE, **settings})


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with open_(tmp_path_factory.mktemp("bad") / "workspace") as assistant:
        yield assistant


def protected_pdf() -> bytes:
    return next(DATA.rglob("password*.pdf")).read_bytes()


BOMB = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;">]><a>&c;</a>'


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("picture.xyz", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8, "know"),  # unknown file type
        ("empty.pdf", b"", "empty"),  # 0 bytes
        ("really-a-picture.pdf", b"\x89PNG\r\n\x1a\n" + b"\0" * 500, ""),  # wrong extension
        ("large.txt", b"word " * 40_000_000, "at most"),  # 200 MB of text
        ("binary.txt", b"text\x00\x01\x02" * 500, ""),  # not text at all
        ("secret.pdf", protected_pdf, "password"),  # encrypted
        (
            "deep.json",
            b'{"resourceType":"Bundle","a":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
            "nested|deep",
        ),
        ("bomb.xml", BOMB, "DOCTYPE|entit|know"),  # XML with entities
    ],
)
def test_a_bad_document_is_named_and_the_good_one_goes_in(
    assistant: Assistant, tmp_path: Path, name: str, content: object, reason: str
) -> None:
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "good.md").write_text(GOOD)
    (folder / name).write_bytes(content() if callable(content) else content)  # type: ignore[arg-type]
    report = assistant.ingest(folder)
    assert report.added == 1
    ((uri, why),) = report.quarantined
    assert uri.endswith(name)
    assert why
    assert any(word.lower() in why.lower() for word in reason.split("|"))
    assert "08:15" in assistant.ask("When does the pharmacy open on weekdays?").text


def test_broken_utf_8_is_read_as_well_as_it_can_be(assistant: Assistant, tmp_path: Path) -> None:
    file = tmp_path / "latin.txt"
    file.write_bytes("Die Öffnungszeiten: The pharmacy opens at 08:15 on weekdays.".encode("cp1252"))
    assert assistant.ingest(file).added == 1
    assert "08:15" in assistant.ask("When does the pharmacy open on weekdays?").text


@pytest.mark.parametrize(("question", "remedy"), [("", "Ask something"), ("x" * 100_000, "at most")])
def test_questions_of_no_and_of_too_many_characters(assistant: Assistant, question: str, remedy: str) -> None:
    for method in (assistant.ask, assistant.search):
        with pytest.raises(QuestionError, match=remedy) as raised:
            method(question)
        assert "xxxx" not in str(raised.value)


def test_a_wrong_key_opens_nothing_and_harms_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "workspace"
    open_(folder).close()
    with pytest.raises(WrongKeyError, match="key"):
        Assistant.open(folder, "generic", key="00" * 32)
    open_(folder).close()


def test_a_workspace_of_another_version_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "workspace"
    with open_(folder) as assistant, assistant._parts.catalogue._db.write() as connection:
        connection.execute("UPDATE meta SET value = '99' WHERE key = 'schema'")
    with pytest.raises(WorkspaceVersionError, match="version 99"):
        open_(folder)


def test_a_model_file_that_is_not_the_pinned_one_is_not_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import os

    models = tmp_path / "models"
    shutil.copytree(os.environ["RAGSLM_MODELS__FOLDER"], models)
    file = models / "all-minilm-l6-v2/model.safetensors"
    with file.open("r+b") as stream:
        stream.seek(50_000_000)
        stream.write(b"\xff")
    with (
        open_(tmp_path / "workspace", models={"folder": models}) as assistant,
        pytest.raises(ModelError, match="ragslm models pull all-minilm-l6-v2"),
    ):
        assistant.search("anything")


def test_a_port_in_use_names_the_setting() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(ConfigError, match="RAGSLM_SERVER__PORT"):
            bind("127.0.0.1", taken.getsockname()[1])


def test_a_full_disk_stops_the_run_and_keeps_what_was_acknowledged(
    assistant: Assistant, tmp_path: Path
) -> None:
    first = tmp_path / "first.md"
    first.write_text(GOOD)
    assistant.ingest(first)
    with assistant._parts.catalogue._db.write() as connection:
        pages = int(connection.execute("PRAGMA page_count").fetchone()[0])
    large = tmp_path / "large.txt"
    large.write_text(
        "\n".join(f"Line {number} has its own words, {number * 17} of them." for number in range(1200))
    )
    limit_pages(assistant, pages + 8)
    with pytest.raises(StorageFullError, match=r"[Ss]pace"):
        assistant.ingest(large)
    assert "08:15" in str([hit.passage.text for hit in assistant.search("pharmacy opens weekdays")])
    limit_pages(assistant, 1_000_000_000)
    assert assistant.ingest(large).added == 1


def limit_pages(assistant: Assistant, most: int) -> None:
    """Every connection that writes from now on refuses to grow beyond `most` pages."""
    database = assistant._parts.catalogue._db
    with database.write() as connection:
        connection.execute(f"PRAGMA max_page_count = {most}")
