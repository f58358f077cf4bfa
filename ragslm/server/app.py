"""The FastAPI application: routes, and what every request passes before them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from fastapi import FastAPI

import ragslm
from ragslm.server import (
    errors,
    routes_chat,
    routes_documents,
    routes_question,
    routes_status,
)
from ragslm.server.conversations import Conversations
from ragslm.server.desk import Desk
from ragslm.server.gate import BodyLimit, Frame, KeyCheck
from ragslm.settings import Settings

if TYPE_CHECKING:
    from ragslm.assistant import Assistant


FEED_SECONDS = 1.0
"""How long streamed answers that are cut off at the end are waited for; the assistant waits longer."""


def create_app(assistant: "Assistant", settings: Settings) -> FastAPI:
    """The server of one assistant; the caller closes the assistant afterwards.

    Every route needs an API key, except `/healthz`, `/readyz` and `/metrics`. There is no CORS: a
    browser's page of another origin cannot call it.
    """
    desk = Desk(assistant, settings)

    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        yield
        await desk.work.close(FEED_SECONDS)

    app = FastAPI(title="ragslm", version=ragslm.__version__, docs_url=None, redoc_url=None, lifespan=life)
    app.state.desk = desk
    app.state.conversations = Conversations()
    errors.install(app)
    for routes in (routes_question, routes_documents, routes_chat, routes_status):
        app.include_router(routes.router)
    # The last added is the outermost.
    app.add_middleware(BodyLimit, most=settings.server.max_body)
    app.add_middleware(KeyCheck, identify=assistant.identify)
    app.add_middleware(Frame, metrics=desk.metrics)
    return app
