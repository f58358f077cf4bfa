"""AsyncClient: the assistant's methods against a server, one request each, for asyncio and trio."""

import datetime as dt
import time
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import anyio
import anyio.to_thread
import httpx2

from ragslm.client import _requests
from ragslm.client._requests import Call, Reply, Target
from ragslm.client._sse import SseParser
from ragslm.client._transport import explained
from ragslm.types import (
    Answer,
    DocumentInfo,
    Event,
    Filters,
    Hit,
    IngestReport,
    Mode,
    ModelRef,
    Progress,
    Scrubbed,
    SourceView,
    Verdict,
)
from ragslm.wire import ServerInfo

T = TypeVar("T")


class AsyncClient:
    """Talks to a ragslm server. Use it as an async context manager, or call `close`.

    Args:
        base_url: address of the server.
        api_key: `rsk_…`; None takes `RAGSLM_API_KEY`.
        domain: profile to use, such as `medical`; None takes the server's.
        timeout: seconds to wait for the server before giving up.
        transport: what carries the requests; None is the network.

    Every method raises ApiError when the server refuses, is not reachable or does not answer in time.
    """

    def __init__(
        self,
        base_url: str = _requests.DEFAULT_URL,
        api_key: str | None = None,
        domain: str | None = None,
        timeout: float = 60.0,
        *,
        transport: httpx2.AsyncBaseTransport | None = None,
    ) -> None:
        self._target = Target.of(base_url, api_key, domain, timeout)
        self._http = httpx2.AsyncClient(transport=transport, **self._target.options())

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    # ---------------------------------------------------------------- questions

    async def search(
        self,
        question: str,
        k: int = 10,
        filters: Filters | Mapping[str, Any] | None = None,
        scope: str | None = None,
        as_of: dt.date | str | None = None,
    ) -> list[Hit]:
        """The passages that match best, best first; at most `k`, 1 to 1,000."""
        return await self._send(_requests.search(question, k, filters, scope, as_of, self._target.domain))

    async def ask(
        self,
        question: str,
        conversation: str | None = None,
        filters: Filters | Mapping[str, Any] | None = None,
        scope: str | None = None,
        as_of: dt.date | str | None = None,
        *,
        mode: Mode | None = None,
    ) -> Answer:
        """Answer with sentences that their cited sources support, or refuse.

        `conversation` is the id of earlier turns to refer back to; `new` starts one.
        """
        domain = self._target.domain
        return await self._send(_requests.ask(question, conversation, filters, scope, as_of, mode, domain))

    def stream(
        self,
        question: str,
        conversation: str | None = None,
        filters: Filters | Mapping[str, Any] | None = None,
        scope: str | None = None,
        as_of: dt.date | str | None = None,
        *,
        mode: Mode | None = None,
    ) -> AsyncIterator[Event]:
        """`ask`, as events: `evidence`, one `sentence` each once it is verified, `done` or `error`.

        Closing the iterator cancels the answer.
        """
        domain = self._target.domain
        call = _requests.ask(question, conversation, filters, scope, as_of, mode, domain, stream=True)
        return self._stream(call)

    async def scrub(self, text: str) -> Scrubbed:
        """Replace personal data by stable pseudonyms."""
        return await self._send(_requests.scrub(text, self._target.domain))

    async def verify(self, claim: str, passages: Sequence[str]) -> Verdict:
        """Whether the passages support the claim."""
        return await self._send(_requests.verify(claim, passages, self._target.domain))

    # ---------------------------------------------------------------- documents

    async def documents(self) -> list[DocumentInfo]:
        """Every document of this domain that the user may read."""
        return await self._send(_requests.documents(self._target.domain))

    async def upload(
        self, name: str, content: bytes, scope: str | None = None, readers: Iterable[str] | None = None
    ) -> IngestReport:
        """Bring one document in; the same name replaces the earlier upload.

        None keeps the earlier upload's scope and readers, and lets everyone read a new one. Only
        `readers=["*"]` opens an earlier one to everyone, and `scope="*"` takes its scope back.
        """
        return await self._send(_requests.upload(name, content, scope, readers, self._target.domain))

    async def ingest(
        self,
        path: str | Path,
        scope: str | None = None,
        readers: Iterable[str] | None = None,
        *,
        progress: Progress | None = None,
    ) -> IngestReport:
        """Upload a file, or every file below a folder; hidden files are left out.

        Unlike the assistant's, this never removes a document from the server. `progress` is called with
        (files done, files in all, stage).
        """
        begun, files, reports = time.perf_counter(), _requests.files_of(path), []
        allowed = _requests.allowed(readers)
        for done, (name, file) in enumerate(files, start=1):
            content = await anyio.to_thread.run_sync(file.read_bytes)
            reports.append(await self.upload(name, content, scope, allowed))
            if progress:
                progress(done, len(files), "upload")
        return _requests.merge(reports, time.perf_counter() - begun)

    async def remove_document(self, document_id: str) -> None:
        """Remove a document from the store and from every index."""
        await self._send(_requests.remove_document(document_id, self._target.domain))

    async def page(
        self, document_id: str, number: int, *, marks: Sequence[tuple[int, int]] = ()
    ) -> SourceView:
        """One 1-based page or section of a document, as this user may see it.

        `marks` are `[start, end)` spans of the parsed original to light up, such as a citation's.
        """
        return await self._send(_requests.page(document_id, number, marks, self._target.domain))

    # ---------------------------------------------------------------- what this is

    async def models(self) -> list[ModelRef]:
        """The models in use, with their SHA-256."""
        return await self._send(_requests.models(self._target.domain))

    async def health(self) -> dict[str, str | int | bool]:
        """What the assistant reports of itself, without any text."""
        return await self._send(_requests.health(self._target.domain))

    async def info(self) -> ServerInfo:
        """Domains, engine, models and intended use of the server, and what this user may do."""
        return await self._send(_requests.info(self._target.domain))

    # ---------------------------------------------------------------- sending

    async def _send(self, call: Call[T]) -> T:
        response = await self._open(call)
        return call.parse(Reply(response.status_code, response.headers, response.content))

    async def _stream(self, call: Call[Answer]) -> AsyncIterator[Event]:
        response = await self._open(call, stream=True)
        try:
            with explained(self._target):
                if response.status_code != 200:
                    call.parse(Reply(response.status_code, response.headers, await response.aread()))
                parser = SseParser()
                async for chunk in response.aiter_bytes():
                    for event in _requests.read_events(parser.feed(chunk)):
                        yield event
                        if event.type in _requests.LAST:
                            return
        finally:
            await response.aclose()
        raise _requests.cut_off()

    async def _open(self, call: Call[Any], *, stream: bool = False) -> httpx2.Response:
        """The first answer worth reading: a busy server and a refused connection are tried again."""
        attempt = 0
        with explained(self._target):
            while True:
                request = call.request
                built = self._http.build_request(request.method, request.path, **request.arguments())
                try:
                    response = await self._http.send(built, stream=stream)
                except httpx2.ConnectError:
                    if attempt:
                        raise
                    wait = _requests.CONNECT_PAUSE
                else:
                    pause = _requests.retry_wait(response.status_code, response.headers, attempt)
                    if pause is None:
                        return response
                    wait = pause
                    await response.aclose()
                await anyio.sleep(wait)
                attempt += 1
