"""The FastAPI application: routes, and what every request passes before them."""

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


def create_app(assistant: "Assistant", settings: Settings) -> FastAPI:
    """The server of one assistant; the caller closes the assistant afterwards.

    Every route needs an API key, except `/healthz`, `/readyz` and `/metrics`. There is no CORS: a
    browser's page of another origin cannot call it.
    """
    app = FastAPI(title="ragslm", version=ragslm.__version__, docs_url=None, redoc_url=None)
    app.state.desk = desk = Desk(assistant, settings)
    app.state.conversations = Conversations()
    errors.install(app)
    for routes in (routes_question, routes_documents, routes_chat, routes_status):
        app.include_router(routes.router)
    # The last added is the outermost.
    app.add_middleware(BodyLimit, most=settings.server.max_body)
    app.add_middleware(KeyCheck, identify=assistant.identify)
    app.add_middleware(Frame, metrics=desk.metrics)
    return app
