"""The command line as a person types it: real processes, real models, real exit codes."""

import json
import os
import re
import subprocess
import sys
from email.message import EmailMessage
from pathlib import Path

import pytest

from ragslm.cli.common import EXIT_CODES
from ragslm.errors import ConfigError, WorkspaceError
from ragslm.registry import samples

pytestmark = pytest.mark.models
KEY = "c1" * 32


def ragslm(*arguments: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "ragslm", *arguments],
        cwd=folder,
        env={**os.environ, "RAGSLM_KEY": KEY, **environment},
        capture_output=True,
        text=True,
        timeout=280,
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cli")
    assert ragslm("init", folder=folder).returncode == 0
    done = ragslm("ingest", str(samples("banking")), "-d", "banking", folder=folder)
    assert done.returncode == 0, done.stderr
    assert "3 added" in done.stdout
    return folder


def test_the_demo_shows_the_whole_journey_with_the_network_closed(tmp_path: Path) -> None:
    done = ragslm("demo", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    shown = done.stdout
    assert "network is closed" in shown
    assert re.search(r"^ {2}\[1\] .+\n {6}\".+\"$", shown, re.MULTILINE), "a citation with its quoted span"
    assert "1 quoted" in shown or "2 quoted" in shown
    assert "scrubbed from the question: 1 PERSON" in shown
    assert re.search(r"llama_cpp, mode near", shown), "one question is worded by the small model"
    assert "No supported answer was found" in shown
    assert re.search(r"Audit chain: \d+ entries, intact", shown)
    assert shown.rstrip().endswith("make up")
    assert oct((tmp_path / ".demo/key").stat().st_mode)[-3:] == "600"


def test_search_and_ask_speak_json(folder: Path) -> None:
    hits = json.loads(ragslm("search", "closing balance", "-d", "banking", "--json", folder=folder).stdout)
    assert hits[0]["passage"]["title"]
    answer = json.loads(
        ragslm("ask", "What is the closing balance?", "-d", "banking", "--json", folder=folder).stdout
    )
    assert answer["citations"][0]["quote"] in answer["sentences"][0]["text"]
    assert "2109.50" in answer["text"]


def test_a_second_ingest_changes_nothing(folder: Path) -> None:
    done = ragslm("ingest", str(samples("banking")), "-d", "banking", "--json", folder=folder)
    report = json.loads(done.stdout)
    assert (report["added"], report["changed"], report["unchanged"], report["removed"]) == (0, 0, 3, 0)


@pytest.mark.parametrize(
    ("arguments", "environment", "code", "remedy"),
    [
        # a folder that is no workspace
        (("ask", "x", "-w", "absent"), {}, EXIT_CODES[WorkspaceError], "ragslm init"),
        # a wrong key
        (("ask", "x"), {"RAGSLM_KEY": "00" * 32}, EXIT_CODES[WorkspaceError], "RAGSLM_KEY"),
        # a key that is none; its value is not repeated
        (("ask", "x"), {"RAGSLM_KEY": "secret"}, EXIT_CODES[ConfigError], "64 hex digits"),
        # an unknown domain
        (("ask", "x", "-d", "law"), {}, EXIT_CODES[ConfigError], "configured are"),
        # an unknown setting
        (("ask", "x"), {"RAGSLM_RETRIEVAL__KK": "1"}, EXIT_CODES[ConfigError], "retrieval.kk"),
        # an empty question
        (("ask", " ", "-d", "banking"), {}, 6, "Ask something"),
        # a filter that does not exist
        (
            ("search", "x", "--filter", "colour=red", "-d", "banking"),
            {},
            2,
            "known are",
        ),
        # models that are not there
        (("ask", "x", "-d", "banking"), {"RAGSLM_MODELS__FOLDER": "/nonexistent"}, 5, "ragslm models pull"),
    ],
)
def test_errors_are_one_line_with_the_next_step(
    folder: Path, arguments: tuple[str, ...], environment: dict[str, str], code: int, remedy: str
) -> None:
    done = ragslm(*arguments, folder=folder, **environment)
    assert done.returncode == code, done.stderr
    assert remedy in done.stderr
    assert "Traceback" not in done.stderr
    assert "secret" not in done.stderr


def test_doctor_names_what_is_missing_and_mends_it(folder: Path, tmp_path: Path) -> None:
    assert ragslm("doctor", folder=folder).returncode == 0
    done = ragslm("doctor", folder=tmp_path)
    assert done.returncode == 1
    assert "ragslm init" in done.stdout


def test_config_show_names_every_source_and_hides_secrets(folder: Path) -> None:
    environment = {"RAGSLM_RETRIEVAL__K": "5", "RAGSLM_GENERATION__VLLM_API_KEY": "hidden-key"}
    shown = ragslm("config", "show", "-d", "banking", folder=folder, **environment).stdout
    assert "retrieval.k = 5  (environment)" in shown
    assert "(domain profile)" in shown
    assert "hidden-key" not in shown


def test_verify_says_no_with_its_exit_code(folder: Path) -> None:
    assert ragslm("verify", "The fee is 5 dollars.", "The fee is 5 dollars.", folder=folder).returncode == 0
    assert ragslm("verify", "The fee is 6 dollars.", "The fee is 5 dollars.", folder=folder).returncode == 1


def test_scrub_reads_files_and_what_is_in_them(folder: Path) -> None:
    notes = folder / "notes"
    notes.mkdir()
    (notes / "a.txt").write_text("Patient: Eve Everywoman, card 4111 1111 1111 1111.", "utf-8")
    (notes / "bad.pdf").write_bytes(b"%PDF-1.4 broken")
    mail = EmailMessage()
    mail["From"] = "Jane Roe <jane.roe@ward3.local>"
    mail.set_content("See the note.")
    mail.add_attachment(b"Patient Jonas Lind, SSN 460-89-9847", "text", "plain", filename="note.txt")
    (notes / "mail.eml").write_bytes(mail.as_bytes())
    (folder / "pci.yaml").write_text("privacy: {profiles: [pci-dss]}\n", "utf-8")
    done = ragslm(
        "scrub",
        "notes",
        "--out",
        "clean",
        "--report",
        "r.md",
        "--explain",
        "--config",
        "pci.yaml",
        folder=folder,
    )
    assert done.returncode == 1, done.stderr
    assert "bad.pdf: not read." in done.stderr
    assert "mail.eml:6-14 PERSON 1.00 field From.name -> PERSON_" in done.stdout
    assert "Everywoman" not in done.stdout
    written = {
        p.relative_to(folder / "clean").as_posix(): p.read_text() for p in (folder / "clean").rglob("*.txt")
    }
    assert sorted(written) == ["a.txt.txt", "mail.eml.parts/attachment=1/note.txt.txt", "mail.eml.txt"]
    assert not [text for text in written.values() if "Lind" in text or "jane.roe" in text or "4111" in text]
    assert "[CREDIT_CARD ending 1111]" in written["a.txt.txt"]
    assert "| CREDIT_CARD | truncate | 1 |" in (folder / "r.md").read_text()
    shown = ragslm("scrub", "notes/a.txt", "--explain", "--show-originals", folder=folder).stdout
    assert "was: 'Eve Everywoman'" in shown
    log = ragslm("audit", "export", folder=folder).stdout
    assert '"restore"' in log


def test_scrub_reads_standard_input(folder: Path) -> None:
    done = ragslm("scrub", "My card is 4111 1111 1111 1111.", folder=folder)
    assert "4111" not in done.stdout
