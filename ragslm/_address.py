"""Addresses of servers: whether one is whole, and how it is shown."""

from urllib.parse import SplitResult, urlsplit


def http_address(url: str) -> SplitResult | None:
    """The parts of an http or https address; None if it has no host, or a port that is none."""
    try:
        parts = urlsplit(url)
        whole = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        return None
    return parts if whole else None


def shown(url: str) -> str:
    """An address without what may be secret in it: user, password, query and fragment."""
    parts = http_address(url)
    if parts is None:
        return "********"
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()
