"""Requests to one FHIR server: bounded, retried, never to another host, and nothing is ever written."""

import json
import secrets
import ssl
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urljoin, urlsplit

import httpx2
from pydantic import SecretStr

from ragslm.errors import SourceError
from ragslm_connectors._http import PASSING, TRIES, Exchanges, TooLargeError, body_of, pause_before
from ragslm_connectors._sealed_file import SealedFile
from ragslm_connectors.medical._fhir_values import items, words

JSON = "application/fhir+json"
PAGE_BYTES = 50_000_000
"""Largest page of a Bundle, unpacked."""
SILENCE_SECONDS = 60.0
RESPONSE_SECONDS = 300.0
"""For one exchange, from the request to the end of the body."""
FILE_SECONDS = 6 * 3600.0
"""For one file of an export."""
Taken = TypeVar("Taken")
_MARK = secrets.token_hex(16)  # so that 6.40 stays 6.40: a float would write 6.4


class FhirStatusError(SourceError):
    """The server refused a request.

    Attributes:
        status: HTTP status code.
    """

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


class FhirHttp:
    """A connection to one FHIR server; a context manager.

    Proxies and certificates named by the environment are not used: records come from the configured server.

    Args:
        base: the service's base URL, without a slash at its end.
        token: bearer token, sent to this server only.
        ca_file: certificates to trust instead of the system's, PEM.
    """

    def __init__(self, base: str, token: SecretStr | None, ca_file: Path | None) -> None:
        self.base = base
        try:
            trusted = ssl.create_default_context(cafile=ca_file)
        except OSError as error:
            raise SourceError(
                f"The file that `ca_file` names cannot be read ({type(error).__name__})."
            ) from None
        self._exchanges = Exchanges("the FHIR server")
        self._http = httpx2.Client(
            headers={"Authorization": f"Bearer {token.get_secret_value()}"} if token else {},
            timeout=httpx2.Timeout(SILENCE_SECONDS, connect=10.0),
            verify=trusted,
            trust_env=False,
            follow_redirects=False,
        )

    def __enter__(self) -> "FhirHttp":
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def resource(self, url: str) -> tuple[dict[str, Any], datetime]:
        """The resource at a URL, and the server's time when it answered.

        Raises:
            SourceError: it cannot be read, or is no resource.
        """
        try:
            body, headers = self.content(url, JSON, PAGE_BYTES)
        except TooLargeError as error:
            raise TooLargeError(f"{error} Lower `count`.") from None
        return loaded(body), _time_of(headers)

    def content(self, url: str, accept: str, most: int) -> tuple[bytes, Mapping[str, str]]:
        """The bytes at a URL, at most `most` of them, and the headers.

        Raises:
            FhirStatusError: the server refuses.
            TooLargeError: there is more.
            SourceError: the URL is another server's, or the server cannot be reached.
        """

        def take(response: httpx2.Response) -> tuple[bytes, Mapping[str, str]]:
            return _body(response, most), response.headers

        return self._asked("GET", url, {"Accept": accept}, {200}, take)

    def begin(self, url: str) -> str:
        """Ask for work that goes on after the answer; the address at which it tells how far it is.

        Raises:
            FhirStatusError: the server refuses.
            SourceError: it cannot be reached, or names no address.
        """
        headers = {"Accept": JSON, "Prefer": "respond-async"}
        location = self._asked(
            "GET", url, headers, {202}, lambda reply: reply.headers.get("content-location")
        )
        if not location:
            raise SourceError("The FHIR server began an export and does not say where it can be followed.")
        return self.absolute(str(location), url)

    def look(self, url: str) -> tuple[dict[str, Any] | None, float]:
        """What begun work has come to, None while it goes on; seconds until it should be asked again.

        Raises:
            FhirStatusError: it failed.
            SourceError: the server cannot be reached, or answers with something else.
        """

        def take(response: httpx2.Response) -> tuple[dict[str, Any] | None, float]:
            wait = pause_before(5, response.headers.get("retry-after", ""))
            return (_plain(_body(response, PAGE_BYTES)) if response.status_code == 200 else None), wait

        return self._asked("GET", url, {"Accept": "application/json"}, {200, 202}, take)

    def forget(self, url: str) -> None:
        """Tell the server that begun work, or its outcome, is not needed any longer."""
        self._asked("DELETE", url, {}, {200, 202, 204, 404}, lambda _: None)

    def save(self, url: str, accept: str, file: SealedFile, most: int) -> int:
        """Write what is at a URL to a file; its bytes.

        Raises:
            FhirStatusError: the server refuses.
            TooLargeError: there are more than `most`.
            SourceError: it is another server's URL, or cannot be reached.
        """

        def take(response: httpx2.Response) -> int:
            return file.fill(_at_most(response.iter_bytes(), most))

        return self._asked("GET", url, {"Accept": accept}, {200}, take, FILE_SECONDS)

    def _asked(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        wanted: Set[int],
        take: Callable[[httpx2.Response], Taken],
        seconds: float | None = None,
    ) -> Taken:
        """What `take` makes of the answer, when its status is a wanted one; tried again if that may help."""
        self._check_origin(url)
        for attempt in range(1, TRIES + 1):
            wait = pause_before(attempt)
            try:
                with (
                    self._exchanges.within(seconds or RESPONSE_SECONDS),
                    self._http.stream(
                        method, url, headers=dict(headers), extensions={"trace": self._exchanges.watch}
                    ) as response,
                ):
                    if response.status_code in wanted:
                        return take(response)
                    error: SourceError = _refusal(response)
                    if response.status_code not in PASSING:
                        raise error
                    wait = pause_before(attempt, response.headers.get("retry-after", ""))
            except httpx2.InvalidURL:
                raise SourceError("A link of the FHIR server is no URL. Its links need mending.") from None
            except (httpx2.TransportError, httpx2.DecodingError) as failure:
                error = SourceError(
                    f"The FHIR server cannot be reached, or broke off ({type(failure).__name__}). "
                    "Check `url`, the network and its certificate."
                )
            if attempt < TRIES:
                time.sleep(wait)
        raise error

    def absolute(self, url: str, seen_at: str) -> str:
        """A link as it is found in a reply from `seen_at`; one that is none is left as it is."""
        try:
            return urljoin(seen_at, url)
        except ValueError:
            return url

    def is_here(self, url: str) -> bool:
        """Whether a URL has the scheme, host and port of this server."""
        return _origin(url) == _origin(self.base)

    def _check_origin(self, url: str) -> None:
        if not self.is_here(url):
            raise SourceError(
                "A link of the FHIR server leads to another host or scheme, where its token must not go. "
                "Set `url` to the address that the server itself names in its links."
            )


def loaded(body: bytes | str) -> dict[str, Any]:
    """A resource from JSON, decimals kept digit by digit for `dumped`.

    Raises:
        SourceError: it is none.
    """
    try:
        resource = json.loads(body, parse_float=lambda digits: _MARK + digits)
    except (ValueError, RecursionError):
        raise SourceError("What the FHIR source gave is not valid JSON.") from None
    if not isinstance(resource, dict) or not isinstance(resource.get("resourceType"), str):
        raise SourceError("What the FHIR source gave is no FHIR resource: it has no resourceType.")
    return resource


def dumped(resource: Mapping[str, Any]) -> bytes:
    """A resource of `loaded` as JSON, its decimals with the digits they had."""
    text = json.dumps(resource, ensure_ascii=False, separators=(",", ":"))
    parts = text.split(f'"{_MARK}')
    return "".join([parts[0], *(part.replace('"', "", 1) for part in parts[1:])]).encode("utf-8", "replace")


def _plain(body: bytes) -> dict[str, Any]:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        raise SourceError("The FHIR server answered with something that is no JSON object.")
    return told


def _body(response: httpx2.Response, most: int) -> bytes:
    return body_of(response, most=most, whose="the FHIR server")


def _at_most(chunks: Iterable[bytes], most: int) -> Iterator[bytes]:
    """The chunks, as long as they are `most` bytes in all."""
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > most:
            raise TooLargeError(f"An export of the FHIR server has more than {most:,} bytes.")
        yield chunk


def _refusal(response: httpx2.Response) -> FhirStatusError:
    """The status in words. Of an OperationOutcome only its codes: its diagnostics may quote a record."""
    status = response.status_code
    said = {
        401: "it wants another token: set `token_file` or `token_env`",
        403: "the token does not allow this",
        404: "there is nothing at this address: check `url`",
        410: "what was asked for is gone",
        429: "it had too many requests and did not recover: read it less often",
    }.get(status, "redirects are not followed: set `url` to where it leads" if 300 <= status < 400 else "")
    codes = ", ".join(_outcome_codes(response))
    told = "; ".join(filter(None, (said, f"issue {codes}" if codes else "")))
    return FhirStatusError(
        f"The FHIR server answered with status {status}" + (f" ({told})." if told else "."), status
    )


def _outcome_codes(response: httpx2.Response) -> list[str]:
    try:
        return outcome_codes(loaded(_body(response, 100_000)))
    except (SourceError, httpx2.HTTPError):
        return []  # what is no OperationOutcome says nothing that may be shown


def outcome_codes(outcome: Mapping[str, Any]) -> list[str]:
    """Codes of the issues of an OperationOutcome, of those that FHIR defines.

    Source: https://hl7.org/fhir/R4/valueset-issue-type.html
    """
    codes = (words(issue.get("code")) for issue in items(outcome.get("issue")))
    return [code for code in codes if code in _ISSUE_TYPES][:5]


_ISSUE_TYPES = frozenset(
    """
    invalid structure required value invariant security login unknown expired forbidden suppressed processing
    not-supported duplicate multiple-matches not-found deleted too-long code-invalid extension too-costly
    business-rule conflict transient lock-error no-store exception timeout incomplete throttled informational
    """.split()
)


def _time_of(headers: Mapping[str, str]) -> datetime:
    try:
        return parsedate_to_datetime(headers["date"]).astimezone(UTC)
    except (KeyError, ValueError, TypeError, OverflowError):
        return datetime.now(UTC)


def _origin(url: str) -> tuple[str, str | None, int | None]:
    try:
        parts = urlsplit(url)
        port = parts.port or {"https": 443, "http": 80}.get(parts.scheme)
    except ValueError:
        return "", None, None
    return parts.scheme, parts.hostname, port
