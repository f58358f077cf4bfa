"""The one way to fetch pages of the web: inside the allow-list, from a checked machine, within bounds."""

import ssl
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

import httpx2

from ragslm.errors import SourceError
from ragslm_connectors._http import PASSING, TRIES, Exchanges, body_of, pause_before
from ragslm_connectors.generic._robots import AGENT
from ragslm_connectors.generic._web_address import Address, LookUp, RefusedError, checked, look_up

HOPS = 5
"""Redirects followed for one page."""
SILENCE_SECONDS = 30.0
RESPONSE_SECONDS = 120.0
"""For one exchange, from the request to the end of the body."""
_MOVED = frozenset({301, 302, 303, 307, 308})

May = Callable[[Address], bool]
"""Whether an address may be asked for."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a server answered. `headers`: names in small letters."""

    status: int
    body: bytes = field(repr=False, default=b"")
    headers: Mapping[str, str] = field(repr=False, default_factory=dict)


class Fetcher:
    """Connections to the hosts of one site; a context manager.

    A host is looked up once in a run, its machines are checked, and every request goes to one of those by
    its number, with the name for the certificate and the `Host` header. No proxy of the environment is used.

    Args:
        private: machines of the own network may be read.
        delay: seconds between two requests to a host.
        ca_file: certificates to trust instead of the system's, PEM.
        look_up: for tests: names that no name server knows.
    """

    def __init__(
        self, *, private: bool, delay: float, ca_file: Path | None = None, look_up: LookUp = look_up
    ) -> None:
        self._private = private
        self._delay = delay
        self._look_up = look_up
        try:
            self._trusted = ssl.create_default_context(cafile=ca_file)
        except OSError as error:
            raise SourceError(
                f"The file that `ca_file` names cannot be read ({type(error).__name__})."
            ) from None
        self._clients: dict[tuple[str, str, int], httpx2.Client] = {}
        self._exchanges: dict[tuple[str, str, int], Exchanges] = {}
        self._machines: dict[tuple[str, str, int], list[str]] = {}
        self._asked: dict[str, float] = {}
        self._delays: dict[str, float] = {}

    def __enter__(self) -> "Fetcher":
        return self

    def __exit__(self, *_: object) -> None:
        for client in self._clients.values():
            client.close()

    def slow_down(self, host: str, delay: float) -> None:
        """Leave at least so many seconds between requests to a host."""
        self._delays[host] = delay

    def get(
        self,
        address: Address,
        may: May,
        most: int,
        conditions: Mapping[str, str] | None = None,
        *,
        whole: bool = True,
    ) -> Reply:
        """What is at an address, or where it redirects to inside of what `may` be read.

        Args:
            address: where to begin.
            may: asked before every hop.
            most: bytes of the body.
            conditions: headers such as `If-None-Match`.
            whole: False for the beginning of a body that has more.

        Raises:
            RefusedError: a hop may not be read.
            TooLargeError: there is more.
            SourceError: the server cannot be reached, does not recover, or takes too long.
        """
        for _ in range(HOPS + 1):
            if not may(address):
                raise RefusedError(
                    "It leads to an address that is not in `allow`, or that robots.txt excludes."
                )
            reply = self._tried(address, most, conditions or {}, whole)
            if reply.status not in _MOVED:
                return reply
            address = Address.of(reply.headers.get("location", ""), address)
        raise RefusedError(f"It redirects more than {HOPS} times.")

    def _tried(self, address: Address, most: int, conditions: Mapping[str, str], whole: bool) -> Reply:
        for attempt in range(1, TRIES + 1):
            wait = pause_before(attempt)
            try:
                reply = self._asked_once(address, most, conditions, whole)
                if reply.status not in PASSING:
                    return reply
                wait = pause_before(attempt, reply.headers.get("retry-after", ""))
                told = f"answers with status {reply.status}"
            except (httpx2.TransportError, httpx2.DecodingError) as error:
                told = f"cannot be reached, or broke off ({type(error).__name__})"
                self._machines[address.origin].append(self._machines[address.origin].pop(0))  # try another
            if attempt < TRIES:
                time.sleep(wait)
        raise SourceError(f"A host of the site {told}. Check it, the network and its certificate.")

    def _asked_once(self, address: Address, most: int, conditions: Mapping[str, str], whole: bool) -> Reply:
        machine = self._machine(address)
        self._wait_for_turn(address.host)
        exchanges = self._exchanges.setdefault(address.origin, Exchanges("the site"))
        number = f"[{machine}]" if ":" in machine else machine
        url = f"{address.scheme}://{number}:{address.port}{address.target}"
        request = self._client(address).build_request(
            "GET",
            url,
            headers={"Host": address.authority, **conditions},
            extensions={"sni_hostname": address.host, "trace": exchanges.watch},
        )
        with (
            exchanges.within(RESPONSE_SECONDS),
            closing(self._client(address).send(request, stream=True)) as response,
        ):
            told = response.status_code
            body = body_of(response, most=most, whose="the site", whole=whole) if told == 200 else b""
            return Reply(told, body, {key.lower(): value for key, value in response.headers.items()})

    def _machine(self, address: Address) -> str:
        """The machine to ask: one of those that the host had at its look-up; no later answer counts."""
        if address.origin not in self._machines:
            found = self._look_up(address.host, address.port)
            self._machines[address.origin] = checked(found, private=self._private)
        return self._machines[address.origin][0]

    def _client(self, address: Address) -> httpx2.Client:
        """A client for each host: a connection that one host's certificate opened serves no other."""
        if address.origin not in self._clients:
            self._clients[address.origin] = httpx2.Client(
                headers={"User-Agent": f"{AGENT}/{version('ragslm')}", "Accept": "*/*"},
                timeout=httpx2.Timeout(SILENCE_SECONDS, connect=10.0),
                verify=self._trusted,
                trust_env=False,
                follow_redirects=False,
            )
        return self._clients[address.origin]

    def _wait_for_turn(self, host: str) -> None:
        delay = max(self._delay, self._delays.get(host, 0.0))
        if host in self._asked:
            time.sleep(max(0.0, self._asked[host] + delay - time.monotonic()))
        self._asked[host] = time.monotonic()
