"""The web connector against a site on loopback."""

import time
from contextlib import suppress
from types import SimpleNamespace

import pytest

from ragslm.errors import ConfigError, CursorError, SourceError
from ragslm.ingest.files import UNREAD
from ragslm.testing.connector_contract import ConnectorContract, IncrementalContract
from ragslm.types import Cursor, Removed, SourceDocument
from ragslm_connectors import _http
from ragslm_connectors.generic import _robots, _web_fetch, _web_place, web
from ragslm_connectors.generic.web import Limits, WebSite, source
from tests.data.web_site import Site, serving


@pytest.fixture
def site():
    with serving(Site()) as running:
        for name in ("a", "b", "c"):
            running.put(f"/guidelines/{name}", f"Words of page {name}.")
        running.put("/internal/staff", "Not for anyone.")
        yield running


@pytest.fixture
def connect(site: Site):
    def go(**settings):
        given = {"sitemap": f"{site.base}/sitemap.xml", "allow": (f"{site.base}/guidelines/",),
                 "delay_seconds": 0, "private_addresses": True}  # fmt: skip
        return source(**{**given, **settings})

    return go


class TestContract(ConnectorContract):
    telling = frozenset({"version"})

    @pytest.fixture
    def connector(self, connect):
        return connect()

    @pytest.fixture
    def snapshot(self, site):
        return lambda: (dict(site.pages), site.sitemap())


class TestIncremental(IncrementalContract):
    telling = frozenset({"version"})

    @pytest.fixture
    def connector(self, connect):
        return connect()

    @pytest.fixture
    def snapshot(self, site):
        return lambda: (dict(site.pages), site.sitemap())

    @pytest.fixture
    def change(self, site):
        def go():
            return {
                "added": site.put("/guidelines/new", "A new page."),
                "changed": site.put("/guidelines/a", "Other words."),
                "removed": site.remove("/guidelines/b"),
            }

        return go


def after(connector, cursor=None):
    """Everything that changed, and the last cursor."""
    changes = list(connector.changes(cursor))
    return changes[:-1], changes[-1].value


def uris(changes):
    return [change.uri.rpartition("/")[2] for change in changes if isinstance(change, SourceDocument)]


def test_only_allowed_pages_are_asked_for(site, connect):
    assert uris(connect().load()) == ["a", "b", "c"]
    assert not [path for path, _, _ in site.asked if path.startswith("/internal")]


def test_a_page_whose_lastmod_is_the_same_is_not_asked_for_again(site, connect):
    site.etags = False
    for name in ("a", "b"):
        site.lastmod[f"/guidelines/{name}"] = "2024-03-02"
    _, cursor = after(connect())
    site.lastmod["/guidelines/b"] = "2024-03-03"
    site.asked.clear()
    changes, _ = after(connect(), cursor)
    assert uris(changes) == ["b", "c"]  # c has neither date nor validator


def test_where_the_sitemap_has_no_date_the_etag_decides(site, connect):
    _, cursor = after(connect())
    site.put("/guidelines/b", "Other words.")
    site.asked.clear()
    changes, _ = after(connect(), cursor)
    assert uris(changes) == ["b"]
    assert site.fetched() == ["/guidelines/b"]


def test_what_robots_exclude_is_not_read_and_is_removed(site, connect):
    _, cursor = after(connect())
    site.robots = "User-agent: *\nDisallow: /guidelines/b\nCrawl-delay: 0\n"
    changes, _ = after(connect(), cursor)
    assert changes == [Removed(f"{site.base}/guidelines/b")]


def test_robots_that_cannot_be_had_allow_nothing(site, connect, monkeypatch):
    site.statuses["/robots.txt"] = [500]
    with pytest.raises(SourceError, match=r"robots\.txt is answered with status 500"):
        list(connect().load())
    assert site.fetched() == []


@pytest.mark.parametrize("listed", [[], ["/internal/staff"]], ids=["nothing", "nothing allowed"])
@pytest.mark.parametrize("again", [True, False], ids=["from a place", "from the beginning"])
def test_a_sitemap_without_an_allowed_page_removes_nothing(site, connect, listed, again):
    _, cursor = after(connect())
    site.listed = listed
    with pytest.raises(SourceError, match="Nothing was removed"):
        list(connect().changes(cursor if again else None))


def test_a_page_that_is_listed_but_gone_is_removed(site, connect):
    _, cursor = after(connect())
    site.listed = sorted(site.pages)
    site.remove("/guidelines/b")
    assert after(connect(), cursor)[0] == [Removed(f"{site.base}/guidelines/b")]


def test_a_redirect_inside_of_what_is_allowed_is_followed(site, connect):
    site.listed = ["/guidelines/old"]
    site.moved["/guidelines/old"] = "/guidelines/a"
    (page,) = connect().load()
    assert page.uri == f"{site.base}/guidelines/old"
    assert b"Words of page a." in page.content


def test_a_redirect_to_what_robots_exclude_is_not_followed(site, connect):
    site.listed = ["/guidelines/old", "/guidelines/a"]
    site.moved["/guidelines/old"] = "/guidelines/secret"
    site.put("/guidelines/secret", "Not for robots.")
    site.robots = "User-agent: *\nDisallow: /guidelines/secret\n"
    old, other = connect().load()
    assert "robots.txt" in old.metadata[UNREAD]
    assert b"Words of page a." in other.content
    assert "/guidelines/secret" not in site.fetched()


def test_of_long_robots_the_beginning_is_read(site, connect):
    line = "Disallow: /guidelines/b\n"
    rest = _robots.MOST_BYTES - len("User-agent: *\n" + line) - len("Disallow: /")
    site.robots = f"User-agent: *\n{line}{'#' * (rest - 1)}\nDisallow: /guidelines/a\n"
    assert uris(connect().load()) == ["a", "c"]  # neither the rule that is cut nor its half counts


@pytest.mark.parametrize(
    "there",
    [
        "/internal/staff",  # another folder
        "http://169.254.169.254/latest/meta-data/",  # a cloud's credentials
        "http://localhost/guidelines/a",  # another host
        "file:///etc/passwd",
        "//evil.example/guidelines/a",
        "/guidelines/../internal/staff",
        "/guidelines/again",  # in a circle
        "",
    ],
)
def test_another_redirect_is_not_followed_and_the_page_says_so(site, connect, there):
    site.listed = ["/guidelines/again", "/guidelines/a"]
    site.moved["/guidelines/again"] = there
    one, other = connect().load()
    assert (one.content, bool(one.metadata[UNREAD])) == (b"", True)
    assert b"Words of page a." in other.content
    assert not [path for path, _, _ in site.asked if path.startswith("/internal")]


@pytest.mark.parametrize("machine", ["10.0.0.1", "127.0.0.1", "169.254.169.254", "::1", "::ffff:10.0.0.1"])
def test_a_name_with_a_machine_of_a_private_network_behind_it_is_not_read(machine):
    site = WebSite(
        "https://public.example/sitemap.xml", ("https://public.example/",), Limits(0),
        look_up=lambda host, port: [machine],
    )  # fmt: skip
    with pytest.raises(SourceError, match="private_addresses"):
        list(site.load())


def test_what_was_checked_is_what_is_connected_to(site):
    """A name server that answers differently the second time leads nowhere else."""
    port = site.base.rpartition(":")[2]
    base = site.base = f"http://pages.example:{port}"
    answers = [["127.0.0.1"], ["169.254.169.254"]]
    connector = WebSite(
        f"{base}/sitemap.xml", (f"{base}/guidelines/",), Limits(0), private=True,
        look_up=lambda host, port: answers.pop(0),
    )  # fmt: skip
    assert uris(connector.load()) == ["a", "b", "c"]
    assert {headers["host"] for _, headers, _ in site.asked} == {f"pages.example:{port}"}
    assert len(answers) == 1


def test_a_busy_site_is_waited_for(site, connect, monkeypatch):
    waits: list[float] = []
    monkeypatch.setattr(_web_fetch.time, "sleep", waits.append)
    site.statuses["/guidelines/b"] = [429, 503]
    assert uris(connect().load()) == ["a", "b", "c"]
    assert waits.count(_http.SHORTEST_WAIT) == 2


def test_a_site_that_does_not_recover_removes_nothing(site, connect, monkeypatch):
    monkeypatch.setattr(_web_fetch.time, "sleep", lambda _: None)
    _, cursor = after(connect())
    site.remove("/guidelines/a")
    site.put("/guidelines/b", "Other words.")
    site.statuses["/sitemap.xml"] = [503] * _http.TRIES
    with pytest.raises(SourceError, match="status 503"):
        list(connect().changes(cursor))


def test_requests_keep_their_distance(site, connect, monkeypatch):
    waits: list[float] = []
    monkeypatch.setattr(_web_fetch.time, "sleep", waits.append)
    site.robots = "User-agent: *\nCrawl-delay: 3"
    list(connect(delay_seconds=1).load())
    assert max(waits[:1]) <= 1
    assert all(2 < wait <= 3 for wait in waits[1:])


def test_a_page_that_is_too_large_or_refused_says_so_and_the_others_are_read(site, connect):
    site.put("/guidelines/b", "x" * 3000)
    site.statuses["/guidelines/c"] = [403]
    read = {page.uri[-1]: page.metadata.get(UNREAD, "") for page in connect(max_bytes=2000).load()}
    assert (read["a"], "2,000 bytes" in read["b"], "403" in read["c"]) == ("", True, True)


def test_more_pages_than_asked_for_are_an_error(connect):
    with pytest.raises(SourceError, match="max_pages"):
        list(connect(max_pages=2).load())


@pytest.fixture
def slow_pages(site, monkeypatch):
    """Whatever is asked for takes longer than a run may."""
    late = SimpleNamespace(monotonic=lambda: time.monotonic() + 7200 * len(site.asked))
    monkeypatch.setattr(web, "time", late)


@pytest.mark.usefixtures("slow_pages")
def test_a_run_that_takes_too_long_goes_on_from_where_it_stopped(site, connect):
    changes = connect().changes(_web_place.pack({}))
    assert uris([next(changes)]) == ["a"]
    cursor = next(changes)
    assert isinstance(cursor, Cursor)
    with pytest.raises(SourceError, match="next run goes on"):
        next(changes)
    assert uris([next(connect().changes(cursor.value))]) == ["b"]


@pytest.mark.usefixtures("slow_pages")
def test_a_page_each_run_is_enough_to_come_to_the_last_again(site, connect):
    """Pages that are only asked whether they changed take their time as well."""
    _, cursor = after(connect())
    site.put("/guidelines/c", "Other words.")
    found: list[SourceDocument | Removed | Cursor] = []
    for _ in range(3):
        with suppress(SourceError):  # its time is over
            for change in connect().changes(cursor):
                found.append(change)
        cursor = found[-1].value
    assert uris(found) == ["c"]


@pytest.mark.usefixtures("slow_pages")
def test_a_reading_from_the_beginning_is_not_cut(connect):
    """Over pages of an earlier one it keeps no place in between: cut, it would never come to its end."""
    assert uris(connect().changes(None)) == ["a", "b", "c"]


@pytest.mark.parametrize("cursor", [None, _web_place.pack({})], ids=["first reading", "later"])
def test_sitemaps_that_take_too_long_are_an_error(site, cursor):
    hurried = WebSite(f"{site.base}/sitemap.xml", (site.base,), Limits(0, minutes=-1), private=True)
    with pytest.raises(SourceError, match="sitemaps took more than"):
        list(hurried.changes(cursor))


@pytest.mark.parametrize("cursor", [None, _web_place.pack({})])
def test_a_validator_that_cannot_be_sent_back_is_not_kept(site, connect, cursor):
    site.etag = '"\u00e9"'
    _, cursor = after(connect(), cursor)
    assert uris(connect().changes(cursor)) == ["a", "b", "c"]
    kept = _web_place.pack({f"{site.base}/guidelines/a": f"etag {site.etag}"})  # by an earlier version
    assert uris(connect().changes(kept)) == ["a", "b", "c"]


@pytest.mark.parametrize(
    "settings",
    [
        {"sitemap": "http://www.example.org/sitemap.xml", "private_addresses": False},  # not encrypted
        {"allow": ()},  # nothing allowed
        {"allow": ("https://www.example.org/?q=1",)},  # a query
        {"sitemap": "file:///sitemap.xml"},  # no address of the web
    ],
)
def test_settings_that_are_refused(connect, settings):
    with pytest.raises(ConfigError):
        connect(**settings)


def test_a_cursor_of_a_site_that_is_too_large_asks_for_a_whole_reading(connect):
    with pytest.raises(CursorError):
        list(connect().changes("v2:whole"))
