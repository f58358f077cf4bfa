"""llama.cpp inside this process, through xllamacpp's prebuilt wheels."""

import json
import os
import queue
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ragslm._optional import require
from ragslm.errors import EngineError
from ragslm.generation.deadline import Deadline
from ragslm.generation.prompted import Call
from ragslm.protocols import TokenCount
from ragslm.settings import GenerationSettings

QUIET = -1
"""Verbosity of llama.cpp: it would write its own log lines to standard error."""


class LlamaCppTransport:
    """Carries calls to an embedded model, one at a time; the model loads at the first call.

    Decoding is greedy: the same question over the same sources gives the same sentences.
    """

    def __init__(self, gguf: Path, settings: GenerationSettings) -> None:
        self._gguf = gguf
        self._settings = settings
        self._server: Any = None
        self._lock = threading.Lock()

    def stream(self, call: Call, count: TokenCount) -> Iterator[str]:
        """Pieces of the reply. Closing the iterator stops the model at its next token."""
        deadline = Deadline(self._settings.timeout, self._settings.silence)
        chunks: queue.SimpleQueue[str | BaseException | None] = queue.SimpleQueue()
        stopped = threading.Event()
        threading.Thread(target=self._run, args=(call, chunks, stopped), daemon=True).start()
        try:
            while True:
                try:
                    chunk = chunks.get(timeout=deadline.wait())
                except queue.Empty:
                    raise deadline.fail() from None
                if chunk is None:
                    return
                if isinstance(chunk, BaseException):
                    raise EngineError(f"llama.cpp failed ({type(chunk).__name__}).") from None
                yield from _pieces(chunk, count)
        finally:
            stopped.set()

    def close(self) -> None:
        """Free the model."""
        with self._lock:
            self._server = None

    def _run(
        self, call: Call, chunks: "queue.SimpleQueue[str | BaseException | None]", stopped: threading.Event
    ) -> None:
        def take(chunk: str) -> bool:
            chunks.put(chunk)
            return stopped.is_set()

        try:
            with self._lock:
                if not stopped.is_set():
                    self._loaded().handle_chat_completions(_body(call), take)
            chunks.put(None)
        except Exception as error:
            chunks.put(error)

    def _loaded(self) -> Any:
        if self._server is None:
            xllamacpp = require("xllamacpp", extra="embedded")
            params = xllamacpp.CommonParams()
            params.model.path = str(self._gguf)
            params.n_ctx = self._settings.context_tokens
            params.n_parallel = 1
            params.cpuparams.n_threads = self._settings.threads or os.cpu_count() or 1
            params.warmup = False
            params.verbosity = QUIET
            self._server = xllamacpp.Server(params)
        return self._server


def _body(call: Call) -> str:
    return json.dumps(
        {
            "messages": [
                {"role": "system", "content": call.system},
                {"role": "user", "content": call.user},
            ],
            "grammar": call.constraint.gbnf,
            "max_tokens": call.max_tokens,
            "temperature": 0,
            "seed": 0,
            "cache_prompt": True,
            "stream": True,
        }
    )


def _pieces(chunk: str, count: TokenCount) -> Iterator[str]:
    """Text of one chunk; its timings, which come last, are counted."""
    plain = json.loads(chunk)
    if "error" in plain:
        raise EngineError(f"llama.cpp refused the request (code {plain['error'].get('code', 'unknown')}).")
    timings = plain.get("timings")
    if timings:
        count.prompt += int(timings.get("prompt_n", 0)) + int(timings.get("cache_n", 0))
        count.completion += int(timings.get("predicted_n", 0))
    for choice in plain.get("choices", ()):
        piece = choice.get("delta", {}).get("content")
        if piece:
            yield piece
