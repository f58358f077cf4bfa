"""Sitemaps, sitemaps of sitemaps, packed, broken and endless ones; and the cursor of what they list."""

import gzip
import hashlib

import pytest

from ragslm.errors import CursorError, SourceError
from ragslm_connectors.generic import _sitemap
from ragslm_connectors.generic._sitemap import listed
from ragslm_connectors.generic._web_address import Address
from ragslm_connectors.generic._web_place import LONGEST, pack, unpack

START = Address.of("https://a.org/sitemap.xml")
HEAD = '<?xml version="1.0"?><{0} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'


def urlset(*pages):
    entries = (
        f"<url><loc>{page}</loc>{f'<lastmod>{day}</lastmod>' if day else ''}</url>" for page, day in pages
    )
    return f"{HEAD.format('urlset')}{''.join(entries)}</urlset>".encode()


def index(*sitemaps):
    entries = (f"<sitemap><loc>{one}</loc></sitemap>" for one in sitemaps)
    return f"{HEAD.format('sitemapindex')}{''.join(entries)}</sitemapindex>".encode()


def pages_of(files):
    return [(str(page), day) for page, day in listed(START, lambda address: files[address.path])]


def test_pages_with_their_dates():
    files = {"/sitemap.xml": urlset(("https://a.org/1", "2024-03-02"), ("https://a.org/2", ""))}
    assert pages_of(files) == [("https://a.org/1", "2024-03-02"), ("https://a.org/2", "")]


def test_a_list_of_sitemaps_one_of_them_packed_and_named_twice():
    files = {
        "/sitemap.xml": index("https://a.org/1.xml", "https://a.org/2.xml.gz", "https://a.org/1.xml"),
        "/1.xml": urlset(("https://a.org/1", "")),
        "/2.xml.gz": gzip.compress(urlset(("https://a.org/2", ""))),
    }
    assert pages_of(files) == [("https://a.org/1", ""), ("https://a.org/2", "")]


def test_an_address_that_is_none_is_left_out():
    assert pages_of({"/sitemap.xml": urlset(("file:///etc/passwd", ""), ("https://a.org/2", ""))}) == [
        ("https://a.org/2", "")
    ]


def test_sitemaps_in_a_circle_end():
    assert pages_of({"/sitemap.xml": index("https://a.org/sitemap.xml")}) == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<html/>", "is none"),  # a page
        (b"no XML", "Line 1"),  # no XML
        (b'<!DOCTYPE x [<!ENTITY e "x">]><urlset>&e;</urlset>', "DOCTYPE"),  # entities
        (b"\x1f\x8bbroken", "packed sitemap is broken"),  # gzip that is none
        (index("file:///etc/passwd"), "cannot be read"),  # a list with a hole
    ],
)
def test_what_is_no_sitemap_stops_the_reading(content, said):
    with pytest.raises(SourceError, match=said):
        pages_of({"/sitemap.xml": content})


def test_a_packed_one_that_grows_too_large_is_not_unpacked(monkeypatch):
    monkeypatch.setattr(_sitemap, "MOST_BYTES", 1000)
    with pytest.raises(SourceError, match=r"more than 1,000 bytes"):
        pages_of({"/sitemap.xml": gzip.compress(b" " * 100_000)})


MARKS = {
    f"https://a.org/guidelines/{number}.html": f"lastmod 2024-03-{number % 28:02}" for number in range(500)
}


def noise(*what):
    """Letters that do not pack."""
    return hashlib.sha256(repr(what).encode()).hexdigest()[:24]


def test_a_cursor_keeps_what_it_was_given():
    assert unpack(pack(MARKS)) == (MARKS, "")
    assert unpack(pack(MARKS, "https://a.org/b")) == (MARKS, "https://a.org/b")


def test_of_many_pages_it_keeps_the_addresses():
    many = {f"{uri}/{copy}": f'etag "{noise(uri, copy)}"' for uri in MARKS for copy in range(10)}
    cursor = pack(many)
    assert len(cursor) <= LONGEST
    assert unpack(cursor) == (dict.fromkeys(many, ""), "")


@pytest.mark.parametrize("cursor", ["", "v1:x", "v2:whole", "v2:", "v2:~~~"])
def test_what_no_cursor_is(cursor):
    with pytest.raises(CursorError):
        unpack(cursor)


def test_a_site_too_large_for_any_cursor_is_read_as_a_whole():
    with pytest.raises(CursorError):
        unpack(pack({f"https://a.org/{noise(number)}": "" for number in range(20_000)}))
