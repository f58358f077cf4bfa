"""vLLM, or any server that speaks the OpenAI dialect and decodes under a regular expression."""

import contextlib
import json
from collections.abc import Iterator
from typing import Any

import httpx2

from ragslm.errors import EngineError
from ragslm.generation.deadline import Deadline
from ragslm.generation.prompted import Call
from ragslm.protocols import TokenCount
from ragslm.settings import GenerationSettings

CONNECT_SECONDS = 5.0
DATA = "data:"


class OpenAiTransport:
    """Carries calls over HTTP: streamed, with timeouts, and one retry before the first token.

    A client's own parameters never reach the server: the request is made here and holds nothing else.
    """

    def __init__(self, url: str, settings: GenerationSettings) -> None:
        key = settings.vllm_api_key
        self._settings = settings
        self._model = settings.vllm_model
        self._http = httpx2.Client(
            base_url=url.rstrip("/") + "/",
            headers={"Authorization": f"Bearer {key.get_secret_value()}"} if key else {},
            trust_env=False,
        )

    def stream(self, call: Call, count: TokenCount) -> Iterator[str]:
        """Pieces of the reply. Closing the iterator closes the connection, which stops the server."""
        deadline = Deadline(self._settings.timeout, self._settings.silence)
        with contextlib.ExitStack() as stack:
            try:
                response = self._open(call, deadline, stack)
                for line in response.iter_lines():
                    deadline.wait()
                    if line.startswith(DATA):
                        data = line[len(DATA) :].strip()
                        if data == "[DONE]":
                            return
                        yield from _pieces(data, count)
            except httpx2.TimeoutException:
                raise deadline.fail() from None
            except httpx2.HTTPError as error:
                raise EngineError(f"The connection to the server broke ({type(error).__name__}).") from None
            raise EngineError("The server ended its reply before it was done.")

    def model_name(self) -> str:
        """The served model: the configured one, or the first the server names.

        Raises:
            EngineError: the server cannot be reached or names none.
        """
        if self._model is None:
            try:
                reply = self._http.get("models", timeout=CONNECT_SECONDS)
                self._model = str(reply.raise_for_status().json()["data"][0]["id"])
            except (httpx2.HTTPError, LookupError, TypeError, ValueError) as error:
                raise EngineError(f"The server does not name its models ({type(error).__name__}).") from None
        return self._model

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def _open(self, call: Call, deadline: Deadline, stack: contextlib.ExitStack) -> httpx2.Response:
        """The response, its head received. A refused connection or a 5xx is tried once more."""
        for last in (False, True):
            body = _body(call, self.model_name())
            timeout = httpx2.Timeout(deadline.wait(), connect=min(CONNECT_SECONDS, deadline.wait()))
            try:
                response = stack.enter_context(
                    self._http.stream("POST", "chat/completions", json=body, timeout=timeout)
                )
            except (httpx2.ConnectError, httpx2.RemoteProtocolError):
                if last:
                    raise
                continue
            if response.status_code == 200:
                return response
            if last or response.status_code < 500:
                break
        raise EngineError(f"The server answered with status {response.status_code}.")


def _body(call: Call, model: str) -> dict[str, Any]:
    return {
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


def _pieces(data: str, count: TokenCount) -> Iterator[str]:
    try:
        plain = json.loads(data)
        usage = plain.get("usage") or {}
        count.prompt += int(usage.get("prompt_tokens") or 0)
        count.completion += int(usage.get("completion_tokens") or 0)
        pieces = [choice["delta"].get("content") for choice in plain.get("choices", ())]
    except (ValueError, LookupError, TypeError, AttributeError):
        raise EngineError("The server's reply made no sense.") from None
    if "error" in plain:
        raise EngineError("The server reported an error in mid-reply.")
    yield from (piece for piece in pieces if isinstance(piece, str) and piece)
