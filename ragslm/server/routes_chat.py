"""OpenAI-compatible routes: any such client gets checked answers, with the proof in field `ragslm`."""

from collections.abc import Iterator

from fastapi import APIRouter, Request, Response

from ragslm import wire
from ragslm.server.chat import PREFIX, Completion, Turns, domain_of, split_messages
from ragslm.server.conversations import Conversations
from ragslm.server.desk import desk_of, json_response, user_of
from ragslm.server.events import stream_events
from ragslm.types import Event

router = APIRouter(prefix="/v1", tags=["openai"])


@router.post("/chat/completions")
async def chat(request: Request, body: wire.ChatRequest) -> Response:
    """Answer the last message of the user; parameters that would steer a model are not passed on."""
    desk, user = desk_of(request), user_of(request)
    memory: Conversations = request.app.state.conversations
    domain = domain_of(body.model, desk.settings.domains)
    turns, question = split_messages(body.messages)
    options = body.ragslm or wire.ChatOptions()
    completion = Completion(
        model=body.model,
        conversation=options.conversation or memory.find(user.id, turns),
        include_usage=body.stream_options is not None and body.stream_options.include_usage,
    )
    given = {**options.narrowing(), "mode": options.mode, "user": user}
    said: Turns = [*turns, ("user", question)]

    def remember() -> None:
        memory.remember(user.id, [*said, ("assistant", completion.text)], completion.conversation)

    if not body.stream:
        answer = await desk.answer(
            request, domain, lambda a: a.ask(question, completion.conversation, **given)
        )
        whole = completion.whole(answer)
        remember()
        return json_response(whole)

    def encode(event: Event) -> Iterator[bytes]:
        yield from completion.chunks(event)
        if event.type == "done":
            remember()

    feed = desk.feed(request, domain, lambda a: a.stream(question, completion.conversation, **given))
    return await stream_events(request, feed, encode)


@router.get("/models")
async def models(request: Request) -> Response:
    """One model for each domain."""
    names = [PREFIX, *(f"{PREFIX}-{domain}" for domain in desk_of(request).settings.domains)]
    data = [{"id": name, "object": "model", "created": 0, "owned_by": PREFIX} for name in names]
    return json_response({"object": "list", "data": data})
