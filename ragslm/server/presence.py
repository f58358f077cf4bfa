"""Whether the client of a request is still there."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

from fastapi import Request

from ragslm.server.errors import LeftError

LOOK_SECONDS = 0.25
"""How often a client is looked for."""

T = TypeVar("T")
Gone = Callable[[], Coroutine[Any, Any, object]]
"""What is awaited until the client has left."""


async def until_gone(request: Request) -> None:
    """Return when the client has left; the body has been read before."""
    while not await request.is_disconnected():
        await asyncio.sleep(LOOK_SECONDS)


async def while_there(gone: Gone, wanted: Awaitable[T]) -> T:
    """What is wanted, as long as the client is there.

    Raises:
        LeftError: the client left first; what was wanted is cancelled.
    """
    leaving, coming = asyncio.ensure_future(gone()), asyncio.ensure_future(wanted)
    try:
        await asyncio.wait({leaving, coming}, return_when=asyncio.FIRST_COMPLETED)
        if not coming.done():
            raise LeftError
        return coming.result()
    finally:
        leaving.cancel()
        coming.cancel()
