"""Parsing in a worker process: what a hostile document does there, it does to nobody else."""

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Sequence
from multiprocessing.connection import Connection

from ragslm.errors import QuarantineError
from ragslm.ingest.messages import Parsed, decode_reply, encode_request
from ragslm.settings import IngestSettings
from ragslm.types import SourceDocument

START_SECONDS = 60.0


class ParserPool:
    """One persistent worker, started at the first document and replaced when it overruns or dies.

    Args:
        domains: whose parsers the worker may load.
        settings: limits.
    """

    def __init__(self, domains: Sequence[str], settings: IngestSettings) -> None:
        self._domains = tuple(domains)
        self._settings = settings
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._pipe: Connection | None = None

    def parse(self, document: SourceDocument) -> Parsed:
        """Parse one document within the limits.

        Raises:
            QuarantineError: it cannot be read, took too long, needed too much memory or crashed the parser.
        """
        with self._lock:
            pipe = self._started()
            try:
                pipe.send_bytes(encode_request(document))
                if not pipe.poll(self._settings.parse_seconds):
                    self._stop()
                    raise QuarantineError(
                        f"Parsing took longer than {self._settings.parse_seconds:g} s and was stopped."
                    )
                return decode_reply(pipe.recv_bytes())
            except (EOFError, OSError):
                self._stop()
                raise QuarantineError("The parser crashed on this document and was restarted.") from None

    def close(self) -> None:
        """End the worker."""
        with self._lock:
            self._stop()

    def _started(self) -> Connection:
        if self._process is not None and self._process.poll() is None and self._pipe is not None:
            return self._pipe
        self._stop()
        ours, theirs = socket.socketpair()
        # A process of its own rather than multiprocessing: that would run the caller's script again, and it
        # starts without the parent's models, key and open files.
        limits = json.dumps({"domains": self._domains, "memory": self._settings.parse_memory})
        self._process = subprocess.Popen(
            [sys.executable, "-m", "ragslm.ingest.worker", str(theirs.fileno()), limits],
            pass_fds=[theirs.fileno()],
            env={name: value for name, value in os.environ.items() if not name.startswith("RAGSLM_")},
            stdin=subprocess.DEVNULL,
        )
        theirs.close()
        self._pipe = Connection(ours.detach())
        if not self._pipe.poll(START_SECONDS):
            self._stop()
            raise QuarantineError("The parser did not start.")
        self._pipe.recv_bytes()
        return self._pipe

    def _stop(self) -> None:
        if self._pipe is not None:
            self._pipe.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._process = self._pipe = None
