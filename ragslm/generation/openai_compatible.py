"""vLLM, or any server that speaks the OpenAI dialect and decodes under a regular expression."""

import json
import time
from collections.abc import Generator, Iterator
from contextlib import closing
from functools import partial
from typing import Any

import httpx2

from ragslm.errors import EngineError, EngineTimeoutError
from ragslm.generation.deadline import Deadline
from ragslm.generation.prompted import Call
from ragslm.generation.relay import Outlet, relay
from ragslm.protocols import TokenCount
from ragslm.settings import GenerationSettings

CONNECT_SECONDS = 5.0
PAUSE_SECONDS = 0.3
"""Between a failed attempt and the only other one."""

EVENT_BYTES = 1_000_000
"""Longest line of a stream; what is longer is no reply of a chat server."""

DATA = b"data:"
DONE = b"[DONE]"


class OpenAiTransport:
    """Carries calls over HTTP: streamed, with timeouts, and one retry before the first token.

    A client's own parameters never reach the server: the request is made here and holds nothing else.
    Proxies of the environment are not used: evidence goes to the configured server and nowhere else.

    Args:
        url: of the server's `/v1`.
        settings: name, key and time limits.
        salt: only requests with the same one share cached prefixes, so that how fast a reply begins does
            not tell one tenant what another has asked. None shares with all who send none.
    """

    def __init__(self, url: str, settings: GenerationSettings, salt: str | None = None) -> None:
        key = settings.vllm_api_key
        self._settings = settings
        self._salt = salt
        self.served = settings.vllm_model
        self._http = httpx2.Client(
            base_url=url.rstrip("/") + "/",
            headers={"Authorization": f"Bearer {key.get_secret_value()}"} if key else {},
            timeout=httpx2.Timeout(min(settings.silence, settings.timeout), connect=CONNECT_SECONDS),
            trust_env=False,
        )

    def stream(self, call: Call, count: TokenCount) -> Generator[str, None, None]:
        """Pieces of the reply. Closing the iterator closes the connection, which stops the server."""
        deadline = Deadline(self._settings.timeout, self._settings.silence)
        with closing(relay(partial(self._ask, call), deadline)) as events:
            for event in events:
                yield from _pieces(event, count)

    def model_name(self) -> str:
        """The served model: the configured one, or the first the server names.

        Raises:
            EngineError: the server names none.
        """
        if self.served is None:
            reply = self._http.get("models")
            if reply.status_code != 200:
                raise _status(reply)
            try:
                self.served = str(reply.json()["data"][0]["id"])
            except (LookupError, TypeError, ValueError) as error:
                raise EngineError(f"The server does not name its models ({type(error).__name__}).") from None
        return self.served

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def _ask(self, call: Call, outlet: Outlet[bytes]) -> None:
        """One attempt, and another if the first one failed before the first token."""
        try:
            self._attempt(call, outlet)
        except _AgainError:
            time.sleep(PAUSE_SECONDS)
            if not outlet.closed:
                self._attempt(call, outlet)

    def _attempt(self, call: Call, outlet: Outlet[bytes]) -> None:
        """Put every event of the reply.

        Raises:
            _AgainError: it failed before the first event in a way that may pass.
            EngineError: it failed otherwise.
        """
        try:
            body = _body(call, self.model_name(), self._salt)
            with self._http.stream("POST", "chat/completions", json=body) as response:
                if response.status_code != 200:
                    raise _status(response)
                _hand_on(response, outlet)
        except httpx2.TimeoutException as error:
            raise EngineTimeoutError(f"The server was silent ({type(error).__name__}).") from None
        except httpx2.HTTPError as error:
            kind = EngineError if outlet.used else _AgainError
            raise kind(f"The connection to the server broke ({type(error).__name__}).") from None


class _AgainError(EngineError):
    """May pass: worth one more attempt."""


def _status(response: httpx2.Response) -> EngineError:
    """The error for a status; the body stays unread, because it may repeat the prompt."""
    kind = _AgainError if response.status_code >= 500 else EngineError
    return kind(f"The server answered with status {response.status_code}.")


def _hand_on(response: httpx2.Response, outlet: Outlet[bytes]) -> None:
    """Put every event of a server-sent stream, until it is done or nobody listens."""
    rest = b""
    for chunk in response.iter_bytes():
        *lines, rest = (rest + chunk).split(b"\n")
        if len(rest) > EVENT_BYTES:
            raise EngineError("The server's reply made no sense.")
        for line in lines:
            data = line.removeprefix(DATA).strip() if line.startswith(DATA) else b""
            if data == DONE or outlet.closed:
                return
            if data:
                outlet.put(data)
    raise EngineError("The server ended its reply before it was done.")


def _body(call: Call, model: str, salt: str | None) -> dict[str, Any]:
    body: dict[str, Any] = {
        "model": model,
        "messages": [
            {"role": "system", "content": call.system},
            {"role": "user", "content": call.user},
        ],
        "structured_outputs": {"regex": call.constraint.regex},
        "max_tokens": call.max_tokens,
        "temperature": 0,
        "seed": 0,
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    return body if salt is None else body | {"cache_salt": salt}


def _pieces(data: bytes, count: TokenCount) -> Iterator[str]:
    try:
        plain = json.loads(data)
        failed = "error" in plain
        usage = plain.get("usage") or {}
        count.prompt += int(usage.get("prompt_tokens") or 0)
        count.completion += int(usage.get("completion_tokens") or 0)
        pieces = [choice["delta"].get("content") for choice in plain.get("choices") or ()]
    except (ValueError, LookupError, TypeError, AttributeError):
        raise EngineError("The server's reply made no sense.") from None
    if failed:
        raise EngineError("The server reported an error in mid-reply.")
    yield from (piece for piece in pieces if isinstance(piece, str) and piece)
