"""Which HTTP status says which error. One table; every error has the same body.

    {"error": {"code": "QuestionError", "message": "…", "type": "invalid_request_error", "request_id": "…"}}

`type` is what OpenAI's clients look for. No body ever repeats what was sent.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from ragslm import errors, wire

STATUS: dict[type[Exception], int] = {
    errors.QuestionError: 400,
    errors.ConfigError: 400,
    errors.AccessError: 403,
    errors.NotFoundError: 404,
    errors.QuarantineError: 422,
    errors.EngineTimeoutError: 504,
    errors.EngineError: 503,
    errors.ModelError: 503,
    errors.MissingExtraError: 503,
    errors.WorkspaceError: 503,
    errors.AuditError: 503,
    errors.ScrubError: 503,
    errors.StorageFullError: 507,
}


class BusyError(errors.RagslmError):
    """Every worker is busy and the queue is full."""


class LeftError(errors.RagslmError):
    """The client left before its turn; nobody reads the response."""


STATUS[BusyError] = 429
STATUS[LeftError] = 499

RETRY_AFTER = "2"
"""Seconds after which a busy server may be asked again: about the time of one answer."""

_TYPES = {
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    429: "rate_limit_error",
}
_FIELDS = wire.known_fields() | {"body", "query", "path", "mark", "number", "domain", "file", "document_id"}


def status_of(error: Exception) -> int:
    """The status of an error by its class or the nearest class above it; 500 for any other."""
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 500)


def public_message(error: Exception) -> str:
    """What may be told about an error: ragslm's own messages hold no text; others are not repeated."""
    known = isinstance(error, errors.RagslmError) and type(error) is not errors.RagslmError
    return str(error) if known and status_of(error) != 500 else "Something went wrong in the server."


def public_code(error: Exception) -> str:
    """The name of an error for programs."""
    return type(error).__name__ if status_of(error) != 500 else "InternalError"


def failure(
    status: int, code: str, message: str, request_id: str | None, *, headers: Mapping[str, str] | None = None
) -> Response:
    """The response of every refused or failed request."""
    kind = _TYPES.get(status, "invalid_request_error" if status < 500 else "server_error")
    body = {"code": code, "message": message, "type": kind, "param": None, "request_id": request_id}
    content = wire.dump({"error": body})
    return Response(content, status, media_type="application/json", headers=dict(headers or {}))


def failure_of(error: Exception, request_id: str | None) -> Response:
    """The response for an error."""
    status = status_of(error)
    headers = {"Retry-After": RETRY_AFTER} if status == 429 else None
    return failure(status, public_code(error), public_message(error), request_id, headers=headers)


def unauthorised(request_id: str | None) -> Response:
    """The response for a missing or unknown key; both look alike."""
    message = "This needs a valid API key: `Authorization: Bearer rsk_…`. Make one: ragslm keys add NAME."
    challenge = {"WWW-Authenticate": 'Bearer realm="ragslm"'}
    return failure(401, "Unauthorised", message, request_id, headers=challenge)


def install(app: FastAPI) -> None:
    """Give the application these answers."""

    async def on_ragslm(request: Request, error: Exception) -> Response:
        return failure_of(error, request.state.request_id)

    async def on_invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)  # noqa: S101
        message = _describe(error.errors())
        return failure(422, "InvalidRequest", message, request.state.request_id)

    async def on_http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101
        codes = {404: "NotFound", 405: "MethodNotAllowed", 413: "TooLarge"}
        code = codes.get(error.status_code, "HttpError")
        return failure(
            error.status_code, code, _phrase(error), request.state.request_id, headers=error.headers
        )

    app.add_exception_handler(errors.RagslmError, on_ragslm)
    app.add_exception_handler(RequestValidationError, on_invalid)
    app.add_exception_handler(HTTPException, on_http)


def _phrase(error: HTTPException) -> str:
    phrases = {
        400: "The request body could not be read.",
        404: "There is no such route.",
        405: "This route does not take that method.",
    }
    return phrases.get(error.status_code, str(error.detail))


def _describe(found: Sequence[Any]) -> str:
    """Where and what, from the first problems; values and unknown field names are left out."""
    parts = [f"{_path(item['loc'])}: {_reason(item)}" for item in found[:5]]
    more = f" (and {len(found) - 5} more)" if len(found) > 5 else ""
    return "The request is not valid. " + "; ".join(parts) + more + "."


def _path(location: Sequence[Any]) -> str:
    return ".".join(
        str(part) if isinstance(part, int) or part in _FIELDS else "(unknown field)" for part in location
    )


def _reason(item: Mapping[str, Any]) -> str:
    # The parser's and validators' own words could quote the input; these kinds are described by us.
    own = {"json_invalid": "not valid JSON", "extra_forbidden": "not a field of this request"}
    return own.get(item["type"], str(item["msg"]) if item["type"] in _SAFE else str(item["type"]))


_SAFE = {
    "missing", "string_type", "int_type", "int_parsing", "bool_type", "bool_parsing", "list_type",
    "dict_type", "model_type", "model_attributes_type", "literal_error", "string_too_long", "too_long",
    "too_short", "passages_too_long",
    "greater_than_equal", "less_than_equal", "string_pattern_mismatch", "date_type", "date_parsing",
}  # fmt: skip
