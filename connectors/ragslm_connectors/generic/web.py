"""Kind `web` of `sources.yaml`: the pages that a site's sitemap lists, as far as they are allowed.

The sitemap is the listing: what is gone from it is removed. A page is asked for again when its `lastmod` is
another one, and where the sitemap says none, by its ETag or Last-Modified.
"""

import math
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Annotated
from urllib.parse import unquote

from pydantic import Field

from ragslm import records
from ragslm.errors import ConfigError, SourceError
from ragslm.ingest.files import UNREAD, title_of
from ragslm.protocols import DOCUMENTS_ONLY
from ragslm.types import Cursor, Removed, SourceDocument
from ragslm_connectors._http import TooLargeError, is_sendable
from ragslm_connectors.generic import _robots, _sitemap, _web_place
from ragslm_connectors.generic._robots import Robots
from ragslm_connectors.generic._web_address import Address, LookUp, RefusedError, look_up
from ragslm_connectors.generic._web_fetch import Fetcher, May, Reply

EVERY = 100
"""Pages after which a run that breaks off would go on."""
_GONE = frozenset({404, 410})
_UNCHANGED = 304
_FOUND = 200
_SURE = range(400, 500)

Change = SourceDocument | Removed | Cursor


@dataclass(frozen=True, slots=True)
class Limits:
    """What a site may cost.

    Attributes:
        delay: seconds between two requests to a host.
        pages: listed and allowed.
        bytes: of one page.
        minutes: for one run that goes on from a place, and so does the next. One from the beginning is read
            to its end: over pages that were read before it has no place in between, and cut it would begin
            anew for ever.
    """

    delay: float = 1.0
    pages: int = 2_000
    bytes: int = 10_000_000
    minutes: int = 60


class WebSite:
    """The pages of a sitemap below the allowed addresses, except those that robots.txt excludes.

    Args:
        sitemap: its address; other sitemaps that it names are read on its host and on the allowed ones.
        allow: pages are read at and below these addresses only.
        limits: what it may cost.
        private: machines of the own network may be read, also over http.
        ca_file: certificates to trust instead of the system's, PEM.
        look_up: numeric addresses of a host.

    Raises:
        ConfigError: an address is none, or not https.
    """

    name = "web"
    policy = DOCUMENTS_ONLY

    def __init__(
        self,
        sitemap: str,
        allow: tuple[str, ...],
        limits: Limits,
        *,
        private: bool = False,
        ca_file: Path | None = None,
        look_up: LookUp = look_up,
    ) -> None:
        self._sitemap = _given("sitemap", sitemap, private)
        self._allow = [_given("allow", one, private) for one in allow]
        if not self._allow or any(one.query for one in self._allow):
            raise ConfigError("`allow` lists the addresses below which pages are read, without a query.")
        self._limits = limits
        self._private = private
        self._ca_file = ca_file
        self._look_up = look_up

    def load(self) -> Iterator[SourceDocument]:
        """Every page there is now."""
        return (change for change in self.changes(None) if isinstance(change, SourceDocument))

    def changes(self, cursor: str | None) -> Iterator[Change]:
        """What the sitemap does not list any more, then the pages that are new or changed."""
        marks, reached = ({}, "") if cursor is None else _web_place.unpack(cursor)
        listed_by = time.monotonic() + 60 * self._limits.minutes
        end = math.inf if cursor is None else listed_by
        with Fetcher(
            private=self._private, delay=self._limits.delay, ca_file=self._ca_file, look_up=self._look_up
        ) as fetcher:
            may = self._permission(fetcher)
            pages = self._pages(fetcher, may, listed_by)
            for uri in [uri for uri in marks if uri not in pages]:
                del marks[uri]
                yield Removed(uri)
            for number, uri in enumerate(_from(list(pages), reached), 1):
                address, lastmod = pages[uri]
                yield from self._changed(fetcher, may, uri, address, lastmod, marks)
                if number % EVERY == 0:
                    yield Cursor(_web_place.pack(marks, uri))
                if time.monotonic() > end and number < len(pages):
                    yield Cursor(_web_place.pack(marks, uri))
                    raise SourceError(
                        f"The site took more than {self._limits.minutes} minutes. The next run goes on here."
                    )
        yield Cursor(_web_place.pack(marks))

    # ---------------------------------------------------------------- the list

    def _pages(self, fetcher: Fetcher, may: May, end: float) -> dict[str, tuple[Address, str]]:
        """Allowed pages by their address, with their `lastmod`; the list is whole by `end`, or an error.

        So is one without a page in `allow`: a site whose sitemap was emptied or moved has not lost its pages.
        """
        pages: dict[str, tuple[Address, str]] = {}
        is_empty = True
        for address, lastmod in _sitemap.listed(self._sitemap, lambda one: self._listing(fetcher, one, end)):
            is_empty = is_empty and not self._is_allowed(address)
            if may(address):
                pages.setdefault(str(address), (address, lastmod))
            if len(pages) > self._limits.pages:
                raise SourceError(
                    f"The sitemap lists more than {self._limits.pages:,} pages in `allow`. Narrow it, or "
                    "raise `max_pages`."
                )
        if is_empty:
            raise SourceError(
                "The sitemap lists no page in `allow`. Nothing was removed; `ragslm sync --drop` does that."
            )
        return pages

    def _listing(self, fetcher: Fetcher, address: Address, end: float) -> bytes:
        if time.monotonic() > end:
            raise SourceError(
                f"The site's sitemaps took more than {self._limits.minutes} minutes. Nothing was removed."
            )
        reply = fetcher.get(address, self._is_ours, _sitemap.MOST_BYTES)
        if reply.status != _FOUND:
            raise SourceError(f"A sitemap is answered with status {reply.status}. Check `sitemap`.")
        return reply.body

    def _rules(self, fetcher: Fetcher, page: Address) -> Robots:
        """Of the page's host. None allows everything; one that cannot be had allows nothing (RFC 9309)."""
        address = Address(*page.origin, "/robots.txt")
        reply = fetcher.get(address, self._is_ours, _robots.MOST_BYTES, whole=False)
        if reply.status not in (_FOUND, *_SURE):
            raise SourceError(f"robots.txt is answered with status {reply.status}, so nothing was read.")
        body = reply.body if len(reply.body) < _robots.MOST_BYTES else reply.body.rpartition(b"\n")[0]
        rules = Robots(body.decode("utf-8", "replace"))
        fetcher.slow_down(page.host, rules.delay)
        return rules

    def _permission(self, fetcher: Fetcher) -> May:
        """Whether a page may be read, by `allow` and its host's robots.txt, which is asked for once."""
        robots: dict[tuple[str, str, int], Robots] = {}

        def may(page: Address) -> bool:
            if not self._is_allowed(page):
                return False
            if page.origin not in robots:
                robots[page.origin] = self._rules(fetcher, page)
            return robots[page.origin].allows(page.target)

        return may

    def _is_allowed(self, address: Address) -> bool:
        return any(address.is_below(prefix) for prefix in self._allow)

    def _is_ours(self, address: Address) -> bool:
        """Whether lists and rules are read there: on the hosts that were named."""
        return any(address.origin == one.origin for one in (self._sitemap, *self._allow))

    # ---------------------------------------------------------------- one page

    def _changed(
        self,
        fetcher: Fetcher,
        may: May,
        uri: str,
        address: Address,
        lastmod: str,
        marks: dict[str, str],
    ) -> Iterator[Change]:
        """The page if it is new or changed, its removal if it is gone; its mark is kept up."""
        mark = f"lastmod {lastmod}" if lastmod else ""
        if mark and marks.get(uri) == mark:
            return
        try:
            reply = fetcher.get(address, may, self._limits.bytes, _conditions(marks.get(uri, "")))
        except (RefusedError, TooLargeError) as error:
            marks[uri] = mark
            yield _unread(uri, str(error))
            return
        if reply.status in _GONE:
            if marks.pop(uri, None) is not None:
                yield Removed(uri)
        elif reply.status == _FOUND:
            marks[uri] = mark or _validator(reply)
            yield _document(uri, address, lastmod, reply)
        elif reply.status in _SURE:
            marks[uri] = ""
            yield _unread(uri, f"The site answers with status {reply.status}.")
        elif reply.status != _UNCHANGED:
            raise SourceError(f"A page is answered with status {reply.status}. Nothing was removed.")


def _from(uris: list[str], reached: str) -> list[str]:
    """All of them, beginning behind the one that was reached."""
    start = uris.index(reached) + 1 if reached in uris else 0
    return uris[start:] + uris[:start]


def _given(setting: str, url: str, private: bool) -> Address:
    try:
        address = Address.of(url)
    except RefusedError as error:
        raise ConfigError(f"`{setting}`: {error}") from None
    if address.scheme != "https" and not private:
        raise ConfigError(
            f"`{setting}` must begin with https:// (http:// only with `private_addresses: true`)."
        )
    return address


def _conditions(mark: str) -> Mapping[str, str]:
    kind, _, value = mark.partition(" ")
    name = {"etag": "If-None-Match", "date": "If-Modified-Since"}.get(kind)
    return {name: value} if name and is_sendable(value) else {}


def _validator(reply: Reply) -> str:
    for kind, name in (("etag", "etag"), ("date", "last-modified")):
        if is_sendable(value := reply.headers.get(name, "")):
            return f"{kind} {value}"
    return ""


def _document(uri: str, address: Address, lastmod: str, reply: Reply) -> SourceDocument:
    declared = reply.headers.get("content-type", "application/octet-stream").partition(";")[0].strip()
    return SourceDocument(
        uri=uri,
        content=reply.body,
        media_type=records.declared(declared),
        title=title_of(PurePosixPath(unquote(address.path)).stem or address.host),
        version=lastmod or _validator(reply).partition(" ")[2] or None,
    )


def _unread(uri: str, reason: str) -> SourceDocument:
    return SourceDocument(uri=uri, content=b"", metadata={UNREAD: reason})


def source(
    sitemap: str,
    allow: tuple[str, ...],
    delay_seconds: Annotated[float, Field(ge=0, le=60)] = 1.0,
    max_pages: Annotated[int, Field(ge=1, le=100_000)] = 2_000,
    max_bytes: Annotated[int, Field(ge=1, le=100_000_000)] = 10_000_000,
    max_minutes: Annotated[int, Field(ge=1, le=1_440)] = 60,
    private_addresses: bool = False,
    ca_file: Path | None = None,
) -> WebSite:
    """The pages of a site; see docs/connectors.md for the settings.

    Raises:
        ConfigError: an address is none, or not https.
    """
    limits = Limits(delay_seconds, max_pages, max_bytes, max_minutes)
    return WebSite(sitemap, allow, limits, private=private_addresses, ca_file=ca_file)
