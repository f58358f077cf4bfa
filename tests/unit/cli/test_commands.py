"""What is typed wrongly, what is not there yet, and what is printed: without any model."""

import json
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace

import pytest

from ragslm import Assistant, Identity
from ragslm.cli import ask, serve
from tests.unit.store.conftest import make_document

KEY = "c1" * 32


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("ask", "x", "--filter", "foo"), "name=value"),
        (("search", "x", "--filter", "colour=red"), "known are"),
        (("search", "x", "--filter", "date_from=2020-13-45"), "YYYY-MM-DD"),
        (("ask", "x", "--as-of", "2020-13-45"), "YYYY-MM-DD"),
        (("search", "x", "-k", "0"), "'-k'"),
        (("ask", "x", "--mode", "loose"), "quote, near, free"),
        (("sync", "--dry-run", "--watch"), "only one of"),
        (("sync", "file:///a"), "--retry only"),
        (("scrub", "x", "--show-originals"), "goes with --explain"),
        (("ingest", "docs", "--everyone", "--reader", "ann"), "either --reader or --everyone"),
        (("ask", "x", "--colour"), "--colour"),
    ],
)
def test_a_wrong_command_line_ends_with_2(typed, arguments, says):
    assert typed("init").code == 0
    ran = typed(*arguments)
    assert (ran.code, says in ran.err) == (2, True), ran.err


@pytest.mark.parametrize("made", [lambda folder: None, Path.mkdir], ids=["absent", "empty"])
def test_a_question_makes_no_workspace(typed, tmp_path, made):
    made(tmp_path / "w")
    before = list(tmp_path.rglob("*"))
    ran = typed("ask", "x", "-w", "w")
    assert (ran.code, "ragslm init -w w" in ran.err) == (4, True)
    assert list(tmp_path.rglob("*")) == before


def test_what_is_no_workspace_is_not_sent_in_a_circle(typed, tmp_path):
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/a.txt").write_text("x")
    for ran in (typed("ask", "x", "-w", "docs"), typed("ask", "x", "-w", "docs/a.txt")):
        assert ran.code == 4
        assert "init -w docs" not in ran.err
    assert "holds files" in typed("ask", "x", "-w", "docs").err
    ran = typed("init", "-w", "docs/a.txt")
    assert (ran.code, ran.err.strip()) == (4, "ragslm: 'docs/a.txt' is a file. Name a new folder.")


def test_a_wrong_setting_ends_with_3_and_no_traceback(typed, tmp_path):
    assert typed("init").code == 0
    (tmp_path / "ragslm.yaml").write_text("retrieval:\n  k: [1\n")
    ran = typed("ask", "x")
    assert ran.code == 3
    assert ran.err.startswith("ragslm: ragslm.yaml, line 3: ")
    assert ran.err.endswith("Mend the YAML.\n")


def test_a_domain_that_is_not_installed_makes_no_workspace(typed, tmp_path, monkeypatch):
    monkeypatch.setenv("RAGSLM_DOMAINS", '["medicl"]')
    ran = typed("init")
    assert (ran.code, "Unknown domain 'medicl'; installed are" in ran.err) == (3, True)
    assert not (tmp_path / "workspace").exists()


def test_keys_are_listed_as_json(typed):
    assert typed("init").code == 0
    assert typed("keys", "add", "ann").out.startswith("rsk_")
    assert json.loads(typed("keys", "list", "--json").out) == ["ann"]
    assert typed("keys", "list").out == "ann\n"


def test_one_document_is_removed(typed, tmp_path):
    with Assistant.open(tmp_path / "workspace", key=KEY) as assistant:
        stored = make_document("a", domain="generic")
        assistant._parts.catalogue.put_document(stored, identity=Identity.local_owner())
    assert typed("documents", "--remove", stored.id).out == f"Document {stored.id} removed.\n"
    assert typed("documents", "--json").out == "[]\n"
    assert typed("documents", "--remove", stored.id).code == 7


def test_an_address_is_shown_without_its_password(typed, monkeypatch):
    monkeypatch.setenv("RAGSLM_GENERATION__VLLM_URL", "http://ann:s3cret@gpu:8000/v1?token=s3cret")
    for arguments in (("config", "show"), ("config", "show", "--json")):
        shown = typed(*arguments).out
        assert "http://gpu:8000/v1" in shown
        assert "s3cret" not in shown
    monkeypatch.setenv("RAGSLM_GENERATION__VLLM_URL", "ann:s3cret@gpu:8000")
    assert "s3cret" not in typed("config", "show").out


def test_without_a_demo_its_command_is_named(typed):
    ran = typed("up")
    assert (ran.code, "Run: ragslm demo" in ran.err) == (3, True)


def test_the_server_says_where_it_is(monkeypatch, capsys):
    settings = SimpleNamespace(server=SimpleNamespace(host="127.0.0.1", port=0))
    warmed = []
    assistant = SimpleNamespace(settings=settings, warm=lambda: warmed.append(True))
    monkeypatch.setattr(serve, "open_assistant", lambda *_, **__: nullcontext(assistant))
    monkeypatch.setattr("ragslm.server.app.create_app", lambda *_: None)
    monkeypatch.setattr("ragslm.server.run.run", lambda app, host, port, on_ready: on_ready(4711))
    serve.serve()
    assert (warmed, capsys.readouterr().out) == (
        [True],
        "The API is at http://127.0.0.1:4711 (Ctrl-C ends it).\n",
    )


@pytest.mark.parametrize(
    ("counts", "says"),
    [
        ({"generic": 0, "medical": 3, "banking": 0}, "documents are in medical. Ask there: -d medical\n"),
        ({"generic": 1, "medical": 3, "banking": 0}, ""),
        ({"generic": 0, "medical": 0, "banking": 0}, ""),
    ],
)
def test_an_empty_domain_is_told_from_an_empty_workspace(capsys, counts, says):
    def of(domain):
        return SimpleNamespace(
            domain=domain, settings=settings, health=lambda: {"documents": counts[domain]}, for_domain=of
        )

    settings = SimpleNamespace(domains=tuple(counts))
    ask._say_where_documents_are(of("generic"))
    assert capsys.readouterr().err.endswith(says)
    if not says:
        ask._say_where_documents_are(of("generic"))
        assert capsys.readouterr().err == ""
