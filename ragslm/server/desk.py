"""Where every request is served: the assistant of its domain, a worker, and the counters."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, TypeVar

from fastapi import Request, Response

from ragslm import wire
from ragslm.errors import ConfigError
from ragslm.server.metrics import Metrics
from ragslm.server.presence import until_gone
from ragslm.server.work import Feed, Work
from ragslm.settings import Settings
from ragslm.types import Answer, Event, Identity

if TYPE_CHECKING:
    from ragslm.assistant import Assistant

T = TypeVar("T")


class Desk:
    """Finds the assistant of a domain and runs calls on it within the limits."""

    def __init__(self, assistant: "Assistant", settings: Settings) -> None:
        self.settings = settings
        self.metrics = Metrics()
        self.work = Work(settings.server.workers, settings.server.queue, self.metrics)
        self._assistants = {assistant.domain: assistant}
        self.default = assistant

    def assistant(self, domain: str | None) -> "Assistant":
        """The assistant of a domain; None is the default one. Blocking: a profile may be read.

        Raises:
            ConfigError: the domain is not configured.
        """
        if domain is None:
            return self.default
        if domain not in self._assistants:
            if domain not in self.settings.domains:
                known = ", ".join(self.settings.domains)
                raise ConfigError(f"This domain is not configured here. Configured are: {known}.")
            self._assistants[domain] = self.default.for_domain(domain)
        return self._assistants[domain]

    async def do(self, request: Request, domain: str | None, call: "Callable[[Assistant], T]") -> T:
        """Run a call on the assistant of a domain in a worker, unless the client leaves before its turn."""
        return await self.work.do(
            lambda: call(self.assistant(domain)),
            who=user_of(request).id,
            gone=lambda: until_gone(request),
        )

    def feed(
        self, request: Request, domain: str | None, call: "Callable[[Assistant], Iterator[Event]]"
    ) -> Feed[Event]:
        """Run a streamed answer of the assistant of a domain in a worker."""
        return self.work.feed(lambda: self._counted(call(self.assistant(domain))), who=user_of(request).id)

    async def answer(
        self, request: Request, domain: str | None, call: "Callable[[Assistant], Answer]"
    ) -> Answer:
        """`do`, with the answer counted."""
        answer = await self.do(request, domain, call)
        self.metrics.observe_answer(answer)
        return answer

    def _counted(self, events: Iterator[Event]) -> Iterator[Event]:
        try:
            for event in events:
                if event.answer is not None:
                    self.metrics.observe_answer(event.answer)
                yield event
        finally:
            if close := getattr(events, "close", None):
                close()


def desk_of(request: Request) -> Desk:
    """The desk of the application that serves this request."""
    desk: Desk = request.app.state.desk
    return desk


def user_of(request: Request) -> Identity:
    """Who asks: found by the key check before any route is reached."""
    user: Identity = request.state.user
    return user


def json_response(value: object, status: int = 200) -> Response:
    """A value as JSON."""
    return Response(wire.dump(value), status, media_type="application/json")
