"""The pages that a site lists: sitemaps, sitemaps of sitemaps, packed or not.

Source: https://www.sitemaps.org/protocol.html
"""

import logging
import zlib
from collections.abc import Callable, Iterator
from typing import Any

from ragslm.errors import QuarantineError, SourceError
from ragslm_connectors._formats._xml import children, local, parse_xml, text_at
from ragslm_connectors.generic._web_address import Address, RefusedError

MOST_BYTES = 52_428_800
"""Of one sitemap, unpacked; the protocol's own limit."""
MOST_SITEMAPS = 1_000
_GZIP = b"\x1f\x8b"
_GZIP_WINDOW = 31  # zlib's word for a gzip header

_log = logging.getLogger(__name__)

Fetch = Callable[[Address], bytes]


def listed(start: Address, fetch: Fetch) -> Iterator[tuple[Address, str]]:
    """Each page of a sitemap or of the sitemaps it names, with its `lastmod` as it is written, or empty.

    Raises:
        SourceError: one cannot be fetched or is none: a list with a hole would remove what is in the hole.
    """
    waiting, met = [start], {start}
    while waiting:
        here = waiting.pop(0)
        root = _root(fetch(here))
        kind = local(root)
        if kind not in ("urlset", "sitemapindex"):
            raise SourceError("What is at the address of a sitemap is none. Check `sitemap`.")
        for entry in children(root, "url" if kind == "urlset" else "sitemap"):
            address = _address(entry, here)
            if kind == "urlset":
                if address is not None:
                    yield address, text_at(entry, "lastmod")
                continue
            if address is None:
                raise SourceError("A sitemap names another one by an address that cannot be read.")
            if address not in met:
                met.add(address)
                waiting.append(address)
        if len(met) > MOST_SITEMAPS:
            raise SourceError(f"The site has more than {MOST_SITEMAPS:,} sitemaps. Name one of them.")


def _address(entry: Any, here: Address) -> Address | None:
    try:
        return Address.of(text_at(entry, "loc"), here)
    except RefusedError:
        _log.warning("An address of a sitemap cannot be read and is left out.")
        return None


def _root(content: bytes) -> Any:
    try:
        return parse_xml(_unpacked(content))
    except QuarantineError as error:
        raise SourceError(f"A sitemap cannot be read. {error}") from None


def _unpacked(content: bytes) -> bytes:
    if not content.startswith(_GZIP):
        return content
    try:
        unpacked = zlib.decompressobj(_GZIP_WINDOW).decompress(content, MOST_BYTES + 1)
    except zlib.error:
        raise SourceError("A packed sitemap is broken.") from None
    if len(unpacked) > MOST_BYTES:
        raise SourceError(f"A sitemap has more than {MOST_BYTES:,} bytes, the most that its protocol allows.")
    return unpacked
