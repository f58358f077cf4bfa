"""Streamed answers: server-sent events, one verified sentence at a time."""

from collections.abc import AsyncIterator, Callable, Iterable
from typing import Any

from fastapi import Request
from fastapi.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from ragslm import wire
from ragslm.server.errors import public_message
from ragslm.server.presence import until_gone, while_there
from ragslm.server.work import Feed
from ragslm.types import Event

HEARTBEAT_SECONDS = 10.0
"""Well under the 30 to 60 seconds after which proxies close a silent connection."""

FIRST_SECONDS = 600.0
"""The first event is waited for before the status is sent, so that a refused request has its status."""

Encode = Callable[[Event], Iterable[bytes]]


class EventStream(StreamingResponse):
    """A `text/event-stream` that tells its feed when nobody listens any more."""

    media_type = "text/event-stream"

    def __init__(self, content: AsyncIterator[bytes], feed: Feed[Event]) -> None:
        # A proxy that buffers would hold sentences back.
        super().__init__(content, headers={"X-Accel-Buffering": "no"})
        self._feed = feed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the events until they end or the client leaves."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._feed.cancel()


async def stream_events(request: Request, feed: Feed[Event], encode: Encode) -> EventStream:
    """The response for a feed of events.

    Raises:
        LeftError: the client left before the first event.
        Exception: whatever ended the feed before its first event.
    """
    try:
        first = await while_there(lambda: until_gone(request), feed.next(FIRST_SECONDS))
    except BaseException:
        feed.cancel()
        raise
    return EventStream(_encoded(first, feed, encode), feed)


async def _encoded(first: Event, feed: Feed[Event], encode: Encode) -> AsyncIterator[bytes]:
    for part in encode(first):
        yield part
    while True:
        try:
            event = await feed.next(HEARTBEAT_SECONDS)
        except TimeoutError:
            yield wire.HEARTBEAT
            continue
        except StopAsyncIteration:
            return
        except Exception as error:  # the status is sent already: the error travels as an event
            event = Event(type="error", error=public_message(error))
        for part in encode(event):
            yield part
        if event.type == "error":
            return


def plain(event: Event) -> Iterable[bytes]:
    """An event as it is."""
    yield wire.encode_event(event)


def wants_stream(request: Request, asked: bool) -> bool:
    """Whether the body or the Accept header asks for events."""
    return asked or "text/event-stream" in request.headers.get("accept", "")


def arguments(body: wire.AskRequest, user: Any) -> dict[str, Any]:
    """Keyword arguments of the assistant's `ask` and `stream`."""
    return {"conversation": body.conversation, **body.narrowing(), "mode": body.mode, "user": user}
