"""Routes of questions and texts: ask, search, scrub, verify."""

from fastapi import APIRouter, Request, Response

from ragslm import wire
from ragslm.server.desk import desk_of, json_response, user_of
from ragslm.server.events import arguments, plain, stream_events, wants_stream
from ragslm.types import Answer, Scrubbed, Verdict

router = APIRouter(prefix="/v1", tags=["questions"])


@router.post("/ask", responses={200: {"model": Answer}})
async def ask(request: Request, body: wire.AskRequest) -> Response:
    """Answer with cited sentences or refuse; as events if `stream` or the Accept header asks for it."""
    given = arguments(body, user_of(request))
    desk = desk_of(request)
    if wants_stream(request, body.stream):
        feed = desk.feed(request, body.domain, lambda a: a.stream(body.question, **given))
        return await stream_events(request, feed, plain)
    return json_response(await desk.answer(request, body.domain, lambda a: a.ask(body.question, **given)))


@router.post("/search", responses={200: {"model": wire.Hits}})
async def search(request: Request, body: wire.SearchRequest) -> Response:
    """The passages that match best, best first."""
    user = user_of(request)
    hits = await desk_of(request).do(
        request, body.domain, lambda a: a.search(body.question, k=body.k, **body.narrowing(), user=user)
    )
    return json_response(wire.Hits(tuple(hits)))


@router.post("/scrub", responses={200: {"model": Scrubbed}})
async def scrub(request: Request, body: wire.ScrubRequest) -> Response:
    """Replace personal data by stable pseudonyms."""
    return json_response(await desk_of(request).do(request, body.domain, lambda a: a.scrub(body.text)))


@router.post("/verify", responses={200: {"model": Verdict}})
async def verify(request: Request, body: wire.VerifyRequest) -> Response:
    """Whether the passages support the claim."""
    verdict = await desk_of(request).do(request, body.domain, lambda a: a.verify(body.claim, body.passages))
    return json_response(verdict)
