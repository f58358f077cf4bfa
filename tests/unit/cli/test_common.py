"""What reaches a terminal: the words of a document as they are, and nothing that steers it."""

import json
import sys
from contextlib import nullcontext
from types import SimpleNamespace

import pytest

from ragslm.cli import common, documents
from ragslm.types import DocumentInfo, IngestReport

STEERING = "a\x1b[31mb\x1b]0;owned\x07c\x9b2Jd\x7f"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Minutes [/final]", "Minutes [/final]"),  # closes no style
        ("Policy [draft] 2020", "Policy [draft] 2020"),  # names none
        ("Ratio 1:100:7", "Ratio 1:100:7"),  # :100: is an emoji elsewhere
        ("one " * 200, "one " * 200),  # not cut at the width of a terminal
        (STEERING, "a[31mb]0;ownedc2Jd"),
        ("Größe\ndrei", "Größe\ndrei"),
    ],
)
def test_a_text_is_printed_as_it_is(capsys: pytest.CaptureFixture[str], text: str, shown: str) -> None:
    common.out.print(text)
    common.err.print(text)
    assert capsys.readouterr() == (f"{shown}\n", f"{shown}\n")


def test_titles_and_reasons_are_texts_too(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    info = DocumentInfo(
        id="d1", uri="u", title="Minutes [/final] \x1b[2J", domain="generic", media_type="text/plain",
        pages=None, passages=1, date=None, sha256="0", ingested_at="now",
    )  # fmt: skip
    assistant = SimpleNamespace(documents=lambda: [info])
    monkeypatch.setattr(documents, "open_assistant", lambda *_, **__: nullcontext(assistant))
    documents.documents()
    documents.show_report(
        IngestReport(quarantined=(("a [/b].txt", "It is empty."),), notes=(("c:100:", "n"),))
    )
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].endswith("Minutes [/final] [2J")
    assert lines[2:] == ["  quarantined a [/b].txt: It is empty.", "  note c:100:: n"]


@pytest.mark.parametrize("indent", [2, None])
def test_json_steers_no_terminal_and_says_the_same(capsys: pytest.CaptureFixture[str], indent) -> None:
    common.print_json({"text": STEERING, "name": "Größe"}, indent=indent)
    printed = capsys.readouterr().out
    assert printed.replace("\n", "").isprintable()
    assert json.loads(printed) == {"text": STEERING, "name": "Größe"}
    assert printed.count("\n") == (4 if indent else 1)


def test_a_stage_is_shown_as_it_is(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with common.Bar("Read") as bar:
        bar(1, 2, "passages of [/set]")
    assert "passages of [/set]" in capsys.readouterr().err
