"""A small web site on loopback: pages with validators, a sitemap, robots.txt, redirects and refusals."""

import email.utils
import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HEAD = '<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'


class Site:
    """What the server gives.

    Attributes:
        pages: body by path.
        lastmod: what the sitemap says of a path; a page it has none for is listed without.
        listed: paths in the sitemap; None lists every page.
        robots: text of robots.txt; None answers 404.
        moved: where a path redirects to.
        statuses: what a path is answered with instead, the next time or times.
        etag: of every page instead of its own.
        asked: every request, as (path, headers, status).
    """

    def __init__(self) -> None:
        self.pages: dict[str, str] = {}
        self.lastmod: dict[str, str] = {}
        self.listed: list[str] | None = None
        self.robots: str | None = None
        self.moved: dict[str, str] = {}
        self.statuses: dict[str, list[int]] = {}
        self.asked: list[tuple[str, dict[str, str], int]] = []
        self.base = ""
        self.etags = True
        self.etag = ""

    def put(self, path: str, words: str, lastmod: str = "") -> str:
        """A page; its address."""
        self.pages[path] = f"<html><head><title>{path}</title></head><body><p>{words}</p></body></html>"
        if lastmod:
            self.lastmod[path] = lastmod
        return self.base + path

    def remove(self, path: str) -> str:
        """Take a page away; its address."""
        del self.pages[path]
        return self.base + path

    def fetched(self) -> list[str]:
        """Paths of pages that were sent as a whole."""
        return [path for path, _, status in self.asked if status == 200 and path in self.pages]

    def sitemap(self) -> str:
        """The list."""
        paths = sorted(self.pages) if self.listed is None else self.listed
        dates = {path: f"<lastmod>{day}</lastmod>" for path, day in self.lastmod.items()}
        entries = (f"<url><loc>{self.base}{path}</loc>{dates.get(path, '')}</url>" for path in paths)
        return f"{HEAD}{''.join(entries)}</urlset>"

    def answer(self, path: str, headers: dict[str, str]) -> tuple[int, dict[str, str], str]:
        """Status, headers and body."""
        if waiting := self.statuses.get(path):
            return waiting.pop(0), {"Retry-After": "0"}, ""
        if path in self.moved:
            return 302, {"Location": self.moved[path]}, ""
        if path == "/sitemap.xml":
            return 200, {"Content-Type": "application/xml"}, self.sitemap()
        body = self.robots if path == "/robots.txt" else self.pages.get(path)
        if body is None:
            return 404, {}, "gone"
        etag = self.etag or f'"{hashlib.sha256(body.encode()).hexdigest()[:16]}"'
        if headers.get("if-none-match") == etag:
            return 304, {"ETag": etag}, ""
        return (
            200,
            {"Content-Type": "text/html; charset=utf-8"} | ({"ETag": etag} if self.etags else {}),
            body,
        )


@contextmanager
def serving(site: Site) -> Iterator[Site]:
    """Serve it on a free port; `site.base` is then its address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            told = {key.lower(): value for key, value in self.headers.items()}
            status, headers, body = site.answer(self.path, told)
            site.asked.append((self.path, told, status))
            self.send_response(status)
            for name, value in (headers | {"Date": email.utils.formatdate()}).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body.encode())))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site.base = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
