"""What every request passes before a route sees it: an id, headers, the key, the size of its body.

Plain ASGI, because a stream must pass unbuffered and a disconnect must reach its route.
"""

import logging
import secrets
import time
import traceback
from collections.abc import Callable

import anyio.to_thread
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ragslm.errors import AccessError
from ragslm.server.errors import failure, failure_of, unauthorised
from ragslm.server.metrics import Metrics
from ragslm.types import Identity

log = logging.getLogger("ragslm.server")

# Source: https://owasp.org/www-project-secure-headers/ ; nothing here is a page, so nothing may load.
SECURITY_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
METHODS = {"CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE"}
"""Source: RFC 9110, section 9, and RFC 5789. Any other is counted and logged as `other`."""
MAX_KEY = 200


class Frame:
    """Outermost: request id, security headers, one log line, counters, and the answer to a crash."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun, status, request_id = time.perf_counter(), 0, secrets.token_hex(8)
        scope.setdefault("state", {})["request_id"] = request_id

        async def framed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers.update({**SECURITY_HEADERS, "X-Request-ID": request_id})
            await send(message)

        try:
            await self._app(scope, receive, framed)
        except Exception as error:
            _log_crash(error, request_id)
            if not status:
                await failure_of(error, request_id)(scope, receive, framed)
        finally:
            self._record(scope, status, time.perf_counter() - begun, request_id)

    def _record(self, scope: Scope, status: int, seconds: float, request_id: str) -> None:
        # The route's template, never the path: a path may hold an id, a query string anything. A method may
        # be any word as well, and each would stay among the counters.
        route = getattr(scope.get("route"), "path", None) or "(none)"
        method = scope["method"] if scope["method"] in METHODS else "other"
        self._metrics.observe_request(method, route, status, seconds)
        log.info("%s %s %d %.0f ms %s", method, route, status, seconds * 1000, request_id)


def _log_crash(error: Exception, request_id: str) -> None:
    """Where it happened, without the error's words: those may quote a document or a question."""
    where = "".join(traceback.format_tb(error.__traceback__))
    log.error("request %s failed with %s\n%s", request_id, type(error).__name__, where)


class KeyCheck:
    """Every route below `/v1/`, and the API description, needs a key; the body is not read before."""

    def __init__(self, app: ASGIApp, identify: Callable[[str], Identity]) -> None:
        self._app = app
        self._identify = identify

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] == "http" and _is_guarded(scope["path"]):
            user = await self._user(Headers(scope=scope).get("authorization", ""))
            if user is None:
                await unauthorised(scope["state"]["request_id"])(scope, receive, send)
                return
            scope["state"]["user"] = user
        await self._app(scope, receive, send)

    async def _user(self, header: str) -> Identity | None:
        scheme, _, key = header.partition(" ")
        if scheme.lower() != "bearer" or not 0 < len(key) <= MAX_KEY:
            return None
        try:
            return await anyio.to_thread.run_sync(self._identify, key.strip())
        except AccessError:
            return None


def _is_guarded(path: str) -> bool:
    return path not in {"/healthz", "/readyz", "/metrics"}


class BodyLimit:
    """No body longer than `most` bytes is read, whether it announces its length or not."""

    def __init__(self, app: ASGIApp, most: int) -> None:
        self._app = app
        self._most = most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        announced = Headers(scope=scope).get("content-length", "0")
        if announced.isdecimal() and int(announced) > self._most:
            response = failure(413, "TooLarge", self._message(), scope["state"]["request_id"])
            await response({**scope}, receive, send)
            return
        await self._app(scope, self._counted(receive), send)

    def _counted(self, receive: Receive) -> Receive:
        read = 0

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > self._most:
                raise HTTPException(413, self._message())
            return message

        return counted

    def _message(self) -> str:
        return f"The request body has more than {self._most:,} bytes. Send less, or raise `server.max_body`."
