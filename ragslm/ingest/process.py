"""One parsing worker as the parent sees it: started, asked, and ended when it overruns."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing import Pipe

from ragslm.errors import RagslmError
from ragslm.ingest.files import suffix_of
from ragslm.ingest.members import MAX_BYTES, filled
from ragslm.ingest.messages import BUSY, Parsed, ParseFailure, check_started, decode_reply, encode_request
from ragslm.settings import IngestSettings
from ragslm.types import SourceDocument

START_SECONDS = 60.0
MOST_PROGRAMS = 3000
"""Programs one document may have started: scanned pages. Each gets the time of a document."""
REPLY_FACTOR = 40
"""Longest reply in bytes for each character of text allowed: escapes, blocks and fields included."""
_KEPT = (
    "PATH",
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "LD_LIBRARY_PATH",
    "TMPDIR",
    "VIRTUAL_ENV",
    "SYSTEMROOT",
    "TESSDATA_PREFIX",
)


class WorkerProcess:
    """A worker that is ready to parse.

    Args:
        domains: names of the domains whose parsers it loads.
        settings: limits of time, memory and text.
        loader: `module:function` that gives domains by name; it is imported in the worker only.

    Raises:
        ConfigError: a domain is unknown.
        MissingExtraError: a package that the parsers need is not installed.
        ParseFailure: it does not start.
    """

    def __init__(self, domains: Sequence[str], settings: IngestSettings, loader: str) -> None:
        self._settings = settings
        self._overran = False
        self._pipe, theirs = Pipe()
        with theirs:
            # Not multiprocessing's spawn: that would run the caller's main module a second time.
            self._process = subprocess.Popen(
                _command(theirs.fileno(), domains, settings, loader),
                pass_fds=[theirs.fileno()],
                env=_environment(),
                stdin=subprocess.DEVNULL,
            )
        try:
            with self._within(START_SECONDS):
                check_started(self._pipe.recv_bytes(65_536))
        except (EOFError, OSError):
            self.end()
            raise ParseFailure(
                "The parsing process does not start. Run `ragslm doctor`.", again=True
            ) from None
        except RagslmError:
            self.end()
            raise

    def parse(self, document: SourceDocument) -> Parsed:
        """Parse one document. After a `ParseFailure` with `last`, this worker is of no more use.

        Raises:
            ParseFailure: the document cannot be read, or the worker overran its limits or died.
        """
        limit = self._settings.max_characters
        try:
            with self._within(self._settings.parse_seconds):
                self._pipe.send_bytes(encode_request(document, suffix_of(document.uri)))
                self._pipe.send_bytes(document.content)
                reply = self._pipe.recv_bytes(REPLY_FACTOR * limit + 1_000_000)
            for _ in range(MOST_PROGRAMS):
                if reply != BUSY:
                    break
                with self._within(self._settings.parse_seconds):
                    reply = self._pipe.recv_bytes(REPLY_FACTOR * limit + 1_000_000)
        except (EOFError, OSError):
            raise self._failure() from None
        parsed = decode_reply(reply, limit)
        return replace(parsed, members=filled(parsed.members, self._contents())) if parsed.members else parsed

    def _contents(self) -> Iterator[bytes]:
        """What follows an answer: the contents of its members, `MAX_BYTES` of them at most."""
        left = MAX_BYTES
        while True:
            try:
                with self._within(self._settings.parse_seconds):
                    content = self._pipe.recv_bytes(left)
            except (EOFError, OSError):
                raise self._failure() from None
            left -= len(content)
            yield content

    def end(self) -> None:
        """Kill the process, whatever it does, and wait for its end. Twice is allowed."""
        self._process.kill()
        self._process.wait()
        self._pipe.close()

    def kill(self) -> None:
        """Kill the process from another thread; who waits for its answer sees it end."""
        self._process.kill()

    @contextmanager
    def _within(self, seconds: float) -> Iterator[None]:
        """Kill the process when the block takes longer. A timer, because sending and receiving block too."""
        timer = threading.Timer(seconds, self._overrun)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _overrun(self) -> None:
        self._overran = True
        self._process.kill()

    def _failure(self) -> ParseFailure:
        if self._overran:
            seconds = f"{self._settings.parse_seconds:g}"
            return ParseFailure(
                f"Parsing took longer than {seconds} s and was stopped.", again=True, last=True
            )
        return ParseFailure("The parser crashed.", again=True, last=True)


def _command(descriptor: int, domains: Sequence[str], settings: IngestSettings, loader: str) -> list[str]:
    """-P: no import from the working folder, which may be the documents'. -B: no bytecode written."""
    limits = [repr(settings.parse_seconds), str(settings.parse_memory)]
    return [
        sys.executable,
        "-P",
        "-B",
        "-m",
        "ragslm.ingest.worker",
        str(descriptor),
        *limits,
        loader,
        *domains,
    ]


def _environment() -> dict[str, str]:
    """What the worker needs of the environment. Keys and passwords of the deployment stay here."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return kept | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path), "PYTHONUTF8": "1"}
