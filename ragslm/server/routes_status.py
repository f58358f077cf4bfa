"""Routes of what runs here: information, health, readiness, counters."""

from typing import TYPE_CHECKING

import anyio.to_thread
from fastapi import APIRouter, Request, Response

import ragslm
from ragslm import wire
from ragslm.server.desk import desk_of, json_response, user_of
from ragslm.server.routes_documents import Domain
from ragslm.types import Identity

if TYPE_CHECKING:
    from ragslm.assistant import Assistant

router = APIRouter(tags=["status"])


@router.get("/v1/info", responses={200: {"model": wire.ServerInfo}})
async def info(request: Request, domain: Domain = None) -> Response:
    """Domains, engine, models and intended use, and what this user may do."""
    user, desk = user_of(request), desk_of(request)
    return json_response(await desk.do(request, domain, lambda a: _info(a, desk.settings.domains, user)))


def _info(assistant: "Assistant", domains: tuple[str, ...], user: Identity) -> wire.ServerInfo:
    return wire.ServerInfo(
        version=ragslm.__version__,
        domain=assistant.domain,
        domains=domains,
        engine=assistant.engine_name,
        intended_use=assistant.intended_use,
        models=tuple(assistant.models()),
        cleared=user.cleared,
        owner=user.owner,
        health=assistant.health(user=user),
    )


@router.get("/healthz")
async def healthz() -> Response:
    """The process answers."""
    return json_response({"status": "ok"})


@router.get("/readyz")
async def readyz(request: Request) -> Response:
    """The assistant can answer: 200, or 503. Needs no key, so it tells nothing else."""
    try:
        await anyio.to_thread.run_sync(desk_of(request).default.check_ready)
    except ragslm.RagslmError as error:
        return json_response({"ready": False, "code": type(error).__name__}, 503)
    return json_response({"ready": True})


@router.get("/metrics")
async def metrics(request: Request) -> Response:
    """Counts and seconds for Prometheus."""
    content = desk_of(request).metrics.render()
    return Response(content, media_type="text/plain; version=0.0.4; charset=utf-8")
