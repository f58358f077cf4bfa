"""What a hostile document does in the worker, it does to nobody else."""

import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ragslm.errors import QuarantineError
from ragslm.ingest.parsing import ParserPool
from ragslm.settings import IngestSettings
from ragslm.types import SourceDocument

HOSTILE = """
    import os, socket, time
    from importlib.resources import files
    from ragslm.types import ParsedDocument

    class Hostile:
        name = "hostile"
        media_type = "text/hostile"

        def claims(self, head, suffix):
            return suffix == ".hostile"

        def parse(self, document):
            order = document.content.decode()
            if order == "sleep":
                time.sleep(60)
            if order == "memory":
                bytearray(8_000_000_000)
            if order == "crash":
                os._exit(7)
            if order == "recurse":
                return self.parse(document)
            if order == "network":
                socket.create_connection(("198.51.100.7", 80), 1)
            if order == "raise":
                raise ValueError("the patient is Ann")
            ours = sorted(name for name in os.environ if name.startswith("RAGSLM"))
            return ParsedDocument(text=",".join(ours) or "none")

    class Domain:
        name = "hostile"
        def parsers(self): return [Hostile()]
        def recognisers(self): return []
        def resources(self): return files("ragslm")

    DOMAIN = Domain()
"""


@pytest.fixture(scope="module")
def pool(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ParserPool]:
    """A worker that finds a domain of hostile parsers, as an installed package would bring it."""
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "hostile_domain.py").write_text(textwrap.dedent(HOSTILE))
    info = folder / "hostile_domain-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: hostile-domain\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[ragslm.domains]\nhostile = hostile_domain:DOMAIN\n")
    patch = pytest.MonkeyPatch()
    patch.setenv("PYTHONPATH", str(folder), prepend=":")
    patch.setenv("RAGSLM_KEY", "00" * 32)
    pool = ParserPool(["hostile"], IngestSettings(parse_seconds=2, parse_memory=1_000_000_000))
    yield pool
    pool.close()
    patch.undo()


def order(text: str) -> SourceDocument:
    return SourceDocument(uri="file:///x.hostile", content=text.encode())


@pytest.mark.parametrize(
    ("what", "reason"),
    [
        ("sleep", "longer than 2 s"),
        ("memory", "more memory"),
        ("crash", "crashed"),
        ("recurse", "nested too deeply"),
        ("network", "NetworkClosedError"),
        ("raise", r"failed \(ValueError\)"),
    ],
)
def test_each_is_contained_and_the_next_document_goes_through(
    pool: ParserPool, what: str, reason: str
) -> None:
    start = time.monotonic()
    with pytest.raises(QuarantineError, match=reason) as raised:
        pool.parse(order(what))
    assert "Ann" not in str(raised.value)
    assert time.monotonic() - start < 20
    assert pool.parse(order("hello")).parser == "hostile"


def test_the_worker_does_not_know_the_key(pool: ParserPool) -> None:
    assert pool.parse(order("environment")).document.text == "none"


def test_a_script_without_a_main_guard_can_ingest(tmp_path: Path) -> None:
    """The six lines of the README, as a file: a worker that ran the caller's script again would crash."""
    import subprocess

    script = tmp_path / "six_lines.py"
    script.write_text(
        "from ragslm.ingest.parsing import ParserPool\n"
        "from ragslm.settings import IngestSettings\n"
        "from ragslm.types import SourceDocument\n"
        "pool = ParserPool(['generic'], IngestSettings())\n"
        "print(pool.parse(SourceDocument(uri='file:///a.txt', content=b'Hello there.')).document.text)\n"
        "pool.close()\n"
    )
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "Hello there.", done.stderr
