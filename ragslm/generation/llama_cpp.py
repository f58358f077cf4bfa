"""llama.cpp inside this process, through xllamacpp's prebuilt wheels."""

import atexit
import json
import os
import secrets
import threading
import weakref
from collections.abc import Generator, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

from ragslm._optional import require
from ragslm.errors import EngineError
from ragslm.generation.deadline import Deadline
from ragslm.generation.prompted import Call
from ragslm.generation.relay import Outlet, relay
from ragslm.protocols import TokenCount
from ragslm.settings import GenerationSettings

CLOSE_SECONDS = 30.0
"""How long closing waits for a running call: the model sees only between two tokens that nobody listens."""

QUIET = -1
"""Verbosity of llama.cpp: it would write its own log lines to standard error."""


class LlamaCppTransport:
    """Carries calls to an embedded model, one at a time; the model loads at the first call.

    Decoding is greedy: the same question over the same sources gives the same sentences.
    """

    served: str | None = None

    def __init__(self, gguf: Path, settings: GenerationSettings) -> None:
        self._gguf = gguf
        self._settings = settings
        self._server: Any = None
        self._lock = threading.Lock()
        self._stopping = threading.Event()

    def stream(self, call: Call, count: TokenCount) -> Generator[str, None, None]:
        """Pieces of the reply. Closing the iterator stops the model at its next token."""
        # Loading, waiting for another call and reading the prompt give no sign of life: 2,000 prompt
        # tokens take a model of 1.5 billion parameters 27 s on two cores.
        limits = self._settings
        deadline = Deadline(limits.timeout, limits.silence, first=limits.timeout)
        with closing(relay(partial(self._ask, call), deadline)) as chunks:
            for chunk in chunks:
                yield from _pieces(chunk, count)

    def close(self) -> None:
        """Stop a running call and free the model; the next call would load it again."""
        self._stopping.set()
        if self._lock.acquire(timeout=CLOSE_SECONDS):
            self._server = None
            self._lock.release()
        self._stopping.clear()

    def _ask(self, call: Call, outlet: Outlet[str]) -> None:
        def take(chunk: str) -> bool:
            return outlet.put(chunk) or self._stopping.is_set()

        with self._lock:
            if not outlet.closed and not self._stopping.is_set():
                self._loaded().handle_chat_completions(_body(call), take)
        if self._stopping.is_set():
            raise EngineError("It was closed before it was done.")

    def _loaded(self) -> Any:
        if self._server is None:
            xllamacpp = require("xllamacpp", extra="embedded")
            try:
                self._server = xllamacpp.Server(self._params(xllamacpp.CommonParams()))
            except RuntimeError:
                raise EngineError(f"llama.cpp could not load {self._gguf.name}.") from None
            _running.add(self)
        return self._server

    def _params(self, params: Any) -> Any:
        cores = _cores()
        params.model.path = str(self._gguf)
        params.n_ctx = self._settings.context_tokens
        params.n_parallel = 1
        params.cpuparams.n_threads = self._settings.threads or max(1, cores - 1)
        params.cpuparams_batch.n_threads = self._settings.threads or cores
        params.cache_ram_mib = 0  # the last prompt's prefix is kept anyway; more would grow to 8 GiB
        params.warmup = False
        params.verbosity = QUIET
        # The library also listens on a loopback port. Nobody gets in: the key is known to no one.
        params.api_keys = [secrets.token_hex(32)]
        params.endpoint_slots = False
        params.ui = False
        return params


_running: "weakref.WeakSet[LlamaCppTransport]" = weakref.WeakSet()


@atexit.register
def _stop_all() -> None:
    """A model that still speaks when the interpreter ends would take the process down with an abort."""
    for transport in list(_running):
        transport.close()


def _cores() -> int:
    """All of them read the prompt, all but one write: threads wait for each other by spinning at every token.

    Where another process keeps one core of two busy, a second thread was measured to read as fast as one
    alone and to write two to ten times as slowly; where none does, it reads 1.9 times as fast.
    """
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


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
