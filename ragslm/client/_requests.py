"""What the SDK sends and how it reads the answer, without any input or output of its own.

A `Call` is a request and the function that reads its reply; the two clients only carry them.
"""

import datetime as dt
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Generic, TypeVar
from urllib.parse import quote, urlsplit

from ragslm import wire
from ragslm.client._sse import Message
from ragslm.errors import ApiError, ConfigError, NotFoundError
from ragslm.types import (
    Answer,
    DocumentInfo,
    Event,
    EventType,
    Filters,
    Hit,
    IngestReport,
    Mode,
    ModelRef,
    Scrubbed,
    SourceView,
    Verdict,
)
from ragslm.types.filters import day
from ragslm.types.identity import listed

T = TypeVar("T")

DEFAULT_URL = "http://127.0.0.1:8420"
RETRIES = 2
LONGEST_WAIT = 30.0
"""Seconds: a server that wants a longer pause than this is reported, not waited for."""
CONNECT_PAUSE = 0.5

FilterArgument = Filters | Mapping[str, Any] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One HTTP request. `content` is JSON; `file` (name and bytes) goes as multipart with `form`."""

    method: str
    path: str
    params: tuple[tuple[str, str], ...] = ()
    content: bytes | None = field(default=None, repr=False)
    file: tuple[str, bytes] | None = field(default=None, repr=False)
    form: Mapping[str, str | list[str]] = field(default_factory=dict, repr=False)
    accept: str = "application/json"

    def arguments(self) -> dict[str, Any]:
        """Keyword arguments for the HTTP library's `request` and `stream`."""
        headers = {"Accept": self.accept}
        if self.content is not None:
            headers["Content-Type"] = "application/json"
        upload = {"files": {"file": self.file}, "data": dict(self.form)} if self.file else {}
        return {"params": self.params, "content": self.content, "headers": headers, **upload}


@dataclass(frozen=True, slots=True)
class Reply:
    """One HTTP answer, read to its end. `headers` are looked up in lower case."""

    status: int
    headers: Mapping[str, str]
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Call(Generic[T]):
    """A request and how its successful reply is read."""

    request: Request
    read: Callable[[bytes], T]

    def parse(self, reply: Reply) -> T:
        """The value of the reply.

        Raises:
            ApiError: the server refused, or what it sent is not what was asked for.
        """
        if not 200 <= reply.status < 300:
            raise api_error(reply)
        try:
            return self.read(reply.content)
        except ValueError:
            raise ApiError(
                f"The answer to {self.request.method} {self.request.path} could not be read. Is this a "
                "ragslm server of the same version?",
                status=reply.status,
                code="UnreadableAnswer",
                request_id=reply.headers.get("x-request-id"),
            ) from None


# ---------------------------------------------------------------- calls


def search(
    question: str,
    k: int,
    filters: FilterArgument,
    scope: str | None,
    as_of: dt.date | str | None,
    domain: str | None,
) -> Call[list[Hit]]:
    """Search for passages."""
    narrowing = _narrowing(filters, scope, as_of, domain)
    return Call(_post("/v1/search", question=question, k=k, **narrowing), _read_hits)


def ask(
    question: str,
    conversation: str | None,
    filters: FilterArgument,
    scope: str | None,
    as_of: dt.date | str | None,
    mode: Mode | None,
    domain: str | None,
    *,
    stream: bool = False,
) -> Call[Answer]:
    """Ask a question; with `stream` the answer comes as server-sent events."""
    narrowing = _narrowing(filters, scope, as_of, domain)
    body = {"question": question, "conversation": conversation, "mode": mode, "stream": stream, **narrowing}
    request = _post("/v1/ask", accept="text/event-stream" if stream else "application/json", **body)
    return Call(request, partial(wire.load, Answer))


def scrub(text: str, domain: str | None) -> Call[Scrubbed]:
    """Scrub a text."""
    return Call(_post("/v1/scrub", text=text, domain=domain), partial(wire.load, Scrubbed))


def verify(claim: str, passages: Sequence[str], domain: str | None) -> Call[Verdict]:
    """Verify a claim.

    Raises:
        ConfigError: `passages` is a single text.
    """
    if isinstance(passages, str):
        raise ConfigError("passages wants a list of texts, not a single one. Write it as [text].")
    request = _post("/v1/verify", claim=claim, passages=list(passages), domain=domain)
    return Call(request, partial(wire.load, Verdict))


def documents(domain: str | None) -> Call[list[DocumentInfo]]:
    """List documents."""
    return Call(_get("/v1/documents", _params(domain)), _read_documents)


def upload(
    name: str, content: bytes, scope: str | None, readers: Iterable[str] | None, domain: str | None
) -> Call[IngestReport]:
    """Add one document.

    Raises:
        ConfigError: `readers` is no list, or empty.
    """
    given = {"scope": scope, "domain": domain, "readers": allowed(readers)}
    form = {key: value for key, value in given.items() if value is not None}
    request = Request(method="POST", path="/v1/documents", file=(name, content), form=form)
    return Call(request, partial(wire.load, IngestReport))


def allowed(readers: Iterable[str] | None) -> list[str] | None:
    """Who may read what is uploaded, sorted; None says nothing: an earlier upload keeps its readers.

    Raises:
        ConfigError: `readers` is no list, or empty; a form cannot say so, and nobody could read the document.
    """
    names = listed("readers", readers)
    if names is None:
        return None
    if not names:
        raise ConfigError("readers is empty: name who may read the document, or give ['*'] for everyone.")
    return sorted(names)


def remove_document(document_id: str, domain: str | None) -> Call[None]:
    """Remove a document."""
    path = f"/v1/documents/{quote(document_id, safe='')}"
    return Call(Request(method="DELETE", path=path, params=_params(domain)), lambda content: None)


def page(
    document_id: str, number: int, marks: Sequence[tuple[int, int]], domain: str | None
) -> Call[SourceView]:
    """Show a page."""
    path = f"/v1/documents/{quote(document_id, safe='')}/pages/{number}"
    marked = tuple(("mark", f"{start}-{end}") for start, end in marks)
    return Call(_get(path, _params(domain) + marked), partial(wire.load, SourceView))


def info(domain: str | None) -> Call[wire.ServerInfo]:
    """What runs there."""
    return Call(_get("/v1/info", _params(domain)), partial(wire.load, wire.ServerInfo))


def models(domain: str | None) -> Call[list[ModelRef]]:
    """Which models are used."""
    return Call(info(domain).request, lambda content: list(wire.load(wire.ServerInfo, content).models))


def health(domain: str | None) -> Call[dict[str, str | int | bool]]:
    """What the assistant reports of itself."""
    return Call(info(domain).request, lambda content: wire.load(wire.ServerInfo, content).health)


def _get(path: str, params: tuple[tuple[str, str], ...]) -> Request:
    return Request(method="GET", path=path, params=params)


def _post(path: str, *, accept: str = "application/json", **body: Any) -> Request:
    given = {key: value for key, value in body.items() if value is not None}
    return Request(method="POST", path=path, content=wire.dump(given), accept=accept)


def _params(domain: str | None) -> tuple[tuple[str, str], ...]:
    return (("domain", domain),) if domain is not None else ()


def _narrowing(
    filters: FilterArgument, scope: str | None, as_of: dt.date | str | None, domain: str | None
) -> dict[str, Any]:
    chosen = {key: value for key, value in asdict(Filters.of(filters)).items() if value is not None}
    return {"filters": chosen or None, "scope": scope, "as_of": day("as_of", as_of), "domain": domain}


def _read_hits(content: bytes) -> list[Hit]:
    return list(wire.load(wire.Hits, content).hits)


def _read_documents(content: bytes) -> list[DocumentInfo]:
    return list(wire.load(wire.Documents, content).documents)


# ---------------------------------------------------------------- streams


LAST: frozenset[EventType] = frozenset({"done", "error"})
"""The events after which a stream has nothing more to say."""


def read_events(messages: Iterable[Message]) -> Iterator[Event]:
    """The events of server-sent messages; types this version does not know are left out.

    Raises:
        ApiError: one cannot be read.
    """
    for message in messages:
        try:
            event = wire.decode_event(message.name, message.data)
        except ValueError:
            raise ApiError(
                f"A streamed event of {len(message.data)} characters could not be read. Is this a "
                "ragslm server of the same version?",
                status=200,
                code="UnreadableAnswer",
            ) from None
        if event is not None:
            yield event


def cut_off() -> ApiError:
    """The stream ended before its last event."""
    return ApiError(
        "The connection ended before the answer was complete. Ask again; if it repeats, "
        "look at the server's log.",
        code="CutOff",
    )


# ---------------------------------------------------------------- errors and retries


def api_error(reply: Reply) -> ApiError:
    """The error a reply carries, with what to do next."""
    try:
        failure = wire.load(_ErrorBody, reply.content).error
    except ValueError:
        failure = wire.Failure(code="HttpError", message=f"The server answered with status {reply.status}.")
    message = failure.message
    if reply.status == 401:
        message += " Give `api_key=` or set RAGSLM_API_KEY."
    request_id = failure.request_id or reply.headers.get("x-request-id")
    return ApiError(message, status=reply.status, code=failure.code, request_id=request_id)


def retry_wait(status: int, headers: Mapping[str, str], attempt: int) -> float | None:
    """Seconds to wait before sending again, or None to take the answer as it is.

    Only 429 and 503 are sent again, and only if the server says when: both mean that the request was
    not begun. `attempt` counts from 0.
    """
    if attempt >= RETRIES or status not in {429, 503}:
        return None
    try:
        seconds = float(headers.get("retry-after", ""))
    except ValueError:
        return None
    return seconds if 0 <= seconds <= LONGEST_WAIT else None


# ---------------------------------------------------------------- clients


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where a client sends its calls, and as whom."""

    base_url: str
    api_key: str | None = field(default=None, repr=False)
    domain: str | None = None
    timeout: float = 60.0

    @classmethod
    def of(cls, base_url: str, api_key: str | None, domain: str | None, timeout: float) -> "Target":
        """Check the address and take the key from RAGSLM_API_KEY if none is given.

        Raises:
            ConfigError: the address is not an http or https URL.
        """
        parts = urlsplit(base_url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ConfigError(f"base_url wants an http or https address, such as {DEFAULT_URL}.")
        key = api_key or os.environ.get("RAGSLM_API_KEY") or None
        return cls(base_url=base_url.rstrip("/"), api_key=key, domain=domain, timeout=timeout)

    def options(self) -> dict[str, Any]:
        """Keyword arguments for both HTTP clients.

        A proxy of the environment is never used for this machine itself: questions would leave it.
        """
        host = urlsplit(self.base_url).hostname
        headers = {"Authorization": f"Bearer {self.api_key}"} if self.api_key else {}
        local = host in {"127.0.0.1", "::1", "localhost"}
        return {
            "base_url": self.base_url,
            "headers": headers,
            "timeout": self.timeout,
            "trust_env": not local,
        }


# ---------------------------------------------------------------- folders


def files_of(path: str | Path) -> list[tuple[str, Path]]:
    """Upload name and path of a file, or of every file below a folder, sorted, hidden ones left out.

    Folders become part of the name, joined by ` - `, because a document of the same name is replaced.

    Raises:
        NotFoundError: there is no such file or folder.
        ConfigError: two files would get the same name, and the second replace the first.
    """
    root = Path(path)
    if root.is_file():
        return [(root.name, root)]
    if not root.is_dir():
        raise NotFoundError("There is no such file or folder to ingest. Check the path.")
    found: dict[str, Path] = {}
    for file in sorted(root.rglob("*")):
        parts = file.relative_to(root).parts
        if not file.is_file() or any(part.startswith(".") for part in parts):
            continue
        name = " - ".join(parts)
        if other := found.get(name):
            both = " and ".join(repr(one.relative_to(root).as_posix()) for one in (other, file))
            raise ConfigError(f"{both} would both be uploaded as {name!r}. Rename one of them.")
        found[name] = file
    return list(found.items())


def merge(reports: Sequence[IngestReport], seconds: float) -> IngestReport:
    """One report of many uploads; `seconds` is the wall time of all."""
    counts = ("added", "changed", "unchanged", "removed", "passages")
    stages: dict[str, float] = {}
    for report in reports:
        for name, spent in report.stages.items():
            stages[name] = stages.get(name, 0.0) + spent
    return IngestReport(
        **{name: sum(getattr(report, name) for report in reports) for name in counts},
        quarantined=tuple(pair for report in reports for pair in report.quarantined),
        notes=tuple(pair for report in reports for pair in report.notes),
        seconds=seconds,
        stages=stages,
    )


@dataclass(frozen=True, slots=True)
class _ErrorBody:
    error: wire.Failure
