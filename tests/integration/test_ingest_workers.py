"""What hostile documents do to a parsing worker, and that they do it to nobody else."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ragslm.errors import ConfigError
from ragslm.ingest.messages import Parsed, ParseFailure
from ragslm.ingest.parsing import ParserPool
from ragslm.settings import IngestSettings
from ragslm.types import SourceDocument

HOSTILE = '''
"""A domain whose one parser does what the document says."""
import ctypes, os, socket, subprocess, sys, time
from ragslm.types import ParsedDocument

class Obedient:
    name = "obedient"
    media_type = "text/x-order"
    programs = [[sys.executable, "-c", "print(1)"]]

    def claims(self, head, suffix):
        return True

    def parse(self, document):
        order, _, argument = document.content.decode().partition(" ")
        return ParsedDocument(text=str(getattr(self, order)(argument)))

    def say(self, words): return words
    def sleep(self, seconds): time.sleep(float(seconds))
    def spin(self, _):
        while True: pass
    def eat(self, size): return len(bytearray(int(size)))
    def exit(self, code): os._exit(int(code))
    def crash(self, _): return ctypes.string_at(0)
    def fail(self, words): raise ValueError(words)
    def nest(self, _): return self.nest(_)
    def print(self, words):
        print(words); print(words, file=sys.stderr)
        return "printed"
    def connect(self, address):
        host, port = address.split(":")
        socket.create_connection((host, int(port)), 1)
    def write(self, path): open(path, "w").write("x")
    def start(self, path): subprocess.run(["touch", path])
    def echo(self, words):
        line = [sys.executable, "-c", "print(1)", *words.split()]
        return subprocess.run(line, stdout=subprocess.PIPE, check=True).stdout.decode()
    def environment(self, _): return sorted(os.environ)
    def where(self, _): return os.getpid()
    def surrogate(self, _): return "a\\ud800b"
    def repeat(self, size): return "x" * int(size)

class Domain:
    name = "hostile"
    def parsers(self): return [Obedient()]
    def recognisers(self): return []
    def resources(self): raise NotImplementedError

def load(names): return [Domain()]
'''


@pytest.fixture
def pool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "hostile_domain.py").write_text(HOSTILE)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setenv("RAGSLM_KEY", "0" * 64)
    settings = IngestSettings(parse_seconds=2, parse_memory=300_000_000, max_characters=10_000)
    made = ParserPool(["hostile"], settings, workers=1, loader="hostile_domain:load")
    yield made
    made.close()


def order(words: str) -> SourceDocument:
    return SourceDocument(uri="file:///x", content=words.encode())


def said(pool: ParserPool, words: str) -> str:
    return pool.parse(order(words)).document.text


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("sleep 60", "took longer than 2 s and was stopped"),  # hangs
        ("spin", "took longer than 2 s and was stopped"),  # loops
        ("eat 900000000", r"needed more than 0.3 GB and was stopped"),  # memory bomb
        ("exit 0", "crashed"),  # ends its process
        ("crash", "crashed"),  # segmentation fault
        ("fail Jane Doe", r"failed \(ValueError\)"),  # raises; its words are not told
        ("nest", "nested too deeply"),  # recursion
        ("repeat 20000", "20,000 characters; at most 10,000"),  # decompression bomb
    ],
)
def test_failing_document_is_named_and_the_next_is_parsed(pool: ParserPool, words: str, reason: str) -> None:
    with pytest.raises(ParseFailure, match=reason) as raised:
        pool.parse(order(words))
    assert "Jane" not in str(raised.value)
    assert said(pool, "say next") == "next"


def test_one_process_serves_many_documents_until_it_is_spent(pool: ParserPool) -> None:
    first = said(pool, "where")
    assert said(pool, "where") == first != str(os.getpid())
    with pytest.raises(ParseFailure):
        pool.parse(order("exit 1"))
    assert said(pool, "where") != first


def test_worker_reaches_no_network(pool: ParserPool) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        with pytest.raises(ParseFailure, match="PermissionError"):
            pool.parse(order(f"connect 127.0.0.1:{server.getsockname()[1]}"))
        server.settimeout(0.2)
        with pytest.raises(TimeoutError):
            server.accept()


@pytest.mark.parametrize("words", ["write {}", "start {}"])
def test_worker_writes_no_file_and_starts_no_program(pool: ParserPool, words: str, tmp_path: Path) -> None:
    target = tmp_path / "made"
    with pytest.raises(ParseFailure, match="PermissionError"):
        pool.parse(order(words.format(target)))
    assert not target.exists()


def test_worker_runs_the_command_line_its_parser_named_and_no_other(pool: ParserPool) -> None:
    assert said(pool, "echo ") == "1\n"
    with pytest.raises(ParseFailure, match="PermissionError"):
        pool.parse(order("echo more"))


def test_worker_does_not_hold_the_key(pool: ParserPool) -> None:
    assert "RAGSLM_KEY" not in said(pool, "environment")


def test_worker_prints_nothing(pool: ParserPool, capfd: pytest.CaptureFixture[str]) -> None:
    assert said(pool, "print Jane Doe") == "printed"
    assert capfd.readouterr() == ("", "")


def test_text_that_is_none_is_mended(pool: ParserPool) -> None:
    assert said(pool, "surrogate") == "a\ufffdb"


def test_documents_are_parsed_ahead_in_order(pool: ParserPool) -> None:
    words = ["say 1", "exit 1", "say 2", "sleep 60", "say 3", "fail x"]
    outcomes = [outcome for _, outcome in pool.parse_ahead(map(order, words), lambda d: d)]
    texts = [o.document.text if isinstance(o, Parsed) else type(o).__name__ for o in outcomes]
    assert texts == ["1", "ParseFailure", "2", "ParseFailure", "3", "ParseFailure"]


def test_no_more_is_read_ahead_than_there_are_workers(pool: ParserPool) -> None:
    taken = 0

    def documents():
        nonlocal taken
        for number in range(20):
            taken += 1
            yield order(f"say {number}")

    for number, _ in enumerate(pool.parse_ahead(documents(), lambda d: d), 1):
        assert taken <= number + 1


def test_closing_ends_a_worker_that_hangs(pool: ParserPool) -> None:
    future = pool._submit(order("sleep 60"))
    time.sleep(0.8)
    started = time.perf_counter()
    pool.close()
    assert time.perf_counter() - started < 2
    assert isinstance(future.exception(5), ParseFailure)


def test_unknown_domain_is_told() -> None:
    pool = ParserPool(["no such domain"], IngestSettings())
    with pytest.raises(ConfigError, match="Unknown domain"):
        pool.parse(order("x"))
    pool.close()


def test_real_parsers_work_inside_the_limits(tmp_path: Path) -> None:
    pool = ParserPool(["generic", "medical", "banking"], IngestSettings())
    found = pool.parse(SourceDocument(uri="file:///a.md", content=b"# Head\n\nWords.\n"))
    pool.close()
    assert (found.parser, found.document.sections[0].path) == ("markdown", "Head")


@pytest.mark.parametrize(
    "pattern", ["*.pptx", "*.xlsx", "*.xls", "*.odt", "*.rtf", "*.eml", "*.msg", "*.zip", "*.gz"]
)
def test_every_sample_is_read_inside_the_limits(pattern: str) -> None:
    """What a library does on the way (a log file, a font list) must be among what a worker may do."""
    pool = ParserPool(["generic", "medical", "banking"], IngestSettings())
    files = sorted((Path(__file__).parents[1] / "data" / "formats").glob(pattern))
    assert files
    for file in files:
        assert pool.parse(SourceDocument(uri=file.as_uri(), content=file.read_bytes())).document.blocks
    pool.close()


def test_members_come_with_their_contents() -> None:
    pool = ParserPool(["generic"], IngestSettings())
    file = Path(__file__).parents[1] / "data" / "formats" / "papers.zip"
    found = pool.parse(SourceDocument(uri=file.as_uri(), content=file.read_bytes()))
    again = pool.parse(SourceDocument(uri="file:///a.md", content=b"# Head"))  # nothing is left in the pipe
    pool.close()
    told = {member.place: (len(member.content), member.reason) for member in found.members}
    assert again.parser == "markdown"
    assert list(told) == [
        "member=papers/note.txt",
        "member=papers/fees.csv",
        "member=mail/basic_email.eml",
        "member=outside.md",
        "member=secret.txt",
    ]
    assert told["member=mail/basic_email.eml"][0] == (file.parent / "basic_email.eml").stat().st_size
    assert "encrypted" in (told["member=secret.txt"][1] or "")


def test_script_without_a_main_guard_can_ingest(tmp_path: Path) -> None:
    """`multiprocessing` would run the script a second time in every worker."""
    script = tmp_path / "script.py"
    script.write_text(
        "from ragslm.ingest.parsing import ParserPool\n"
        "from ragslm.settings import IngestSettings\n"
        "from ragslm.types import SourceDocument\n"
        "pool = ParserPool(['generic'], IngestSettings())\n"
        "print(pool.parse(SourceDocument(uri='a.txt', content=b'Words.')).document.text)\n"
        "pool.close()\n"
    )
    run = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, timeout=60)
    assert (run.stdout.strip(), run.stderr) == ("Words.", "")
