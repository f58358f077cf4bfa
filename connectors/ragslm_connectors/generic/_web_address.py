"""Web addresses that may be read: which pages are allowed, and which machines may stand behind a name.

An address is taken apart once, and what was checked is what is connected to: the request goes to the machine
that was looked up and checked here, at every hop, never to a name that could be looked up anew.
Source: OWASP, Server-Side Request Forgery Prevention Cheat Sheet; RFC 3986.
"""

import ipaddress
import re
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Self
from urllib.parse import quote, unquote, urljoin, urlsplit

from ragslm.errors import SourceError

LONGEST = 2048
"""Characters of an address, as sitemaps.org has it."""
_PORTS = {"https": 443, "http": 80}
_DOTS = re.compile(r"(?:^|[/\\])\.+(?![\w.~-])")
_HIDDEN = re.compile(r"%2f|%5c|[\x00-\x1f\x7f]", re.IGNORECASE)
_SAFE = "/%:@!$&'()*+,;=~-._"
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_TUNNELS = (ipaddress.ip_network("2002::/16"), ipaddress.ip_network("2001::/32"))
"""6to4 and Teredo: the machine that answers is named inside the address."""
_UNICAST = ipaddress.ip_network("2000::/3")
"""All that IANA has given out of IPv6 so far; outside are addresses that only stand for others."""
_OWN = ipaddress.ip_network("fc00::/7")
_CLOUDS = frozenset(
    map(
        ipaddress.ip_address,
        ("169.254.169.254", "100.100.100.200", "168.63.129.16", "192.0.0.192", "fd00:ec2::254"),
    )
)
"""Where Amazon, Google, Alibaba, Azure and Oracle answer their own machines, also with credentials."""

Address4or6 = ipaddress.IPv4Address | ipaddress.IPv6Address
LookUp = Callable[[str, int], Sequence[str]]
"""Numeric addresses of a host."""


class RefusedError(SourceError):
    """An address that is not read; the others of its site are."""


@dataclass(frozen=True, slots=True)
class Address:
    """An http or https address, normalised.

    Attributes:
        host: in small letters, ASCII.
        path: begins with a slash; percent-encoded.
        query: without its question mark.
    """

    scheme: str
    host: str
    port: int
    path: str
    query: str = ""

    @classmethod
    def of(cls, url: str, base: "Address | None" = None) -> Self:
        """Read an address; one that is relative stands at `base`.

        Raises:
            RefusedError: it is none, or one that two readers could take for different ones.
        """
        if len(url) > LONGEST or any(c <= " " or c in "\\\x7f" for c in url):
            raise RefusedError("A web address has characters that none has, or is too long.")
        try:
            parts = urlsplit(urljoin(str(base), url) if base else url)
            port = _PORTS.get(parts.scheme, 0) if parts.port is None else parts.port
            host = (parts.hostname or "").rstrip(".").encode("idna").decode("ascii")
        except (ValueError, UnicodeError):
            raise RefusedError("A web address is not well-formed.") from None
        if parts.scheme not in _PORTS or not port or not host or "@" in parts.netloc or "%" in host:
            raise RefusedError("A web address is not http or https, names no host, or holds a user's name.")
        path = quote(parts.path or "/", safe=_SAFE)
        if _climbs(path):
            raise RefusedError("The path of a web address leads upwards.")
        return cls(parts.scheme, host, port, path, quote(parts.query, safe=_SAFE + "?"))

    @property
    def origin(self) -> tuple[str, str, int]:
        """Scheme, host and port."""
        return self.scheme, self.host, self.port

    @property
    def authority(self) -> str:
        """Host, and the port where it is not the scheme's own."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def target(self) -> str:
        """Path and query."""
        return f"{self.path}?{self.query}" if self.query else self.path

    def __str__(self) -> str:
        return f"{self.scheme}://{self.authority}{self.target}"

    def is_below(self, prefix: "Address") -> bool:
        """Whether it is the address `prefix`, or stands below it, by whole parts of the path."""
        below = prefix.path if prefix.path.endswith("/") else f"{prefix.path}/"
        return self.origin == prefix.origin and (self.path == prefix.path or self.path.startswith(below))


def _climbs(path: str) -> bool:
    """Whether a server could read dots or hidden slashes in it as a way out of its folder.

    Some cut a name at `;` or at a control character, and `..;` is `..` to them.
    """
    before = ""
    while path != before:  # %252e is %2e to who decodes once, and a dot to who decodes twice
        if _DOTS.search(path) or _HIDDEN.search(path):
            return True
        before, path = path, unquote(path)
    return False


def look_up(host: str, port: int) -> list[str]:
    """Numeric addresses of a host, in the order to try them.

    Raises:
        SourceError: it has none.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise SourceError(
            "The host of a web address is not known. Check the address and the network."
        ) from None
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def checked(addresses: Sequence[str], *, private: bool) -> list[str]:
    """The addresses of one host, when every one of them may be connected to.

    Raises:
        RefusedError: one may not.
    """
    if not addresses or not all(is_open(address, private=private) for address in addresses):
        raise RefusedError(
            "The host of a web address is a machine of a private network, or of none. If it is yours and "
            "meant to be read, set `private_addresses: true`."
        )
    return list(addresses)


def is_open(address: str, *, private: bool) -> bool:
    """Whether a machine may be connected to: a public one; with `private`, also one of the own network.

    Never one that is only reachable as a neighbour (169.254.0.0/16), or where a cloud keeps credentials.
    """
    try:
        ip: Address4or6 = ipaddress.ip_address(address)
    except ValueError:  # with a zone, such as fe80::1%eth0
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            ip = ip.ipv4_mapped
        elif ip in _NAT64:
            ip = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        elif any(ip in tunnel for tunnel in _TUNNELS):
            return False
    if (
        ip in _CLOUDS
        or ip.is_link_local
        or ip.is_multicast
        or ip.is_unspecified
        or ip == ipaddress.IPv4Address(0xFFFFFFFF)
    ):
        return False
    if isinstance(ip, ipaddress.IPv6Address) and ip not in _UNICAST:
        return private and (ip.is_loopback or ip in _OWN)
    return ip.is_global or (private and (ip.is_private or ip.is_loopback))
