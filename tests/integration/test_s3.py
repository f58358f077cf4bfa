"""The S3 connector against moto's server on loopback."""

import logging
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import boto3
import pytest
from moto.server import ThreadedMotoServer
from pydantic import SecretStr

from ragslm.errors import ConfigError, SourceError
from ragslm.ingest.files import UNREAD
from ragslm.testing.connector_contract import ConnectorContract
from ragslm_connectors.generic import s3
from ragslm_connectors.generic.s3 import source

KEYS = {"access_key": SecretStr("reader"), "secret_key": SecretStr("very-secret")}


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def store(endpoint: str):
    """A client that may write, over a bucket with three documents below `docs/`."""
    client = boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id="owner",
        aws_secret_access_key="owner",
    )
    client.create_bucket(Bucket="papers")
    for key in ("docs/a.txt", "docs/b c/é&#.txt", "docs/list"):
        client.put_object(
            Bucket="papers", Key=key, Body=f"Words of {key}.".encode(), ContentType="text/x-own"
        )
    client.put_object(Bucket="papers", Key="docs/", Body=b"")
    client.put_object(Bucket="papers", Key="other.txt", Body=b"Not below the prefix.")
    yield client
    for told in client.list_objects_v2(Bucket="papers").get("Contents", []):
        client.delete_object(Bucket="papers", Key=told["Key"])
    client.delete_bucket(Bucket="papers")
    client.close()


@pytest.fixture
def connect(store, endpoint: str):
    def go(**settings):
        given = {"bucket": "papers", "prefix": "docs/", "endpoint": endpoint, "source_name": "p", **KEYS}
        return source(**{**given, **settings})

    return go


class TestContract(ConnectorContract):
    telling = frozenset({"version"})

    @pytest.fixture
    def connector(self, connect):
        return connect()

    @pytest.fixture
    def snapshot(self, store):
        def look():
            told = store.list_objects_v2(Bucket="papers")["Contents"]
            return [(o["Key"], o["ETag"], o["LastModified"]) for o in told]

        return look


def test_objects_below_the_prefix_with_their_version(connect, store):
    first, second, third = connect().load()
    assert [d.uri for d in (first, second, third)] == [
        "s3://p/docs/a.txt",
        "s3://p/docs/b%20c/%C3%A9%26%23.txt",
        "s3://p/docs/list",
    ]
    assert second.content == "Words of docs/b c/é&#.txt.".encode()
    assert (first.media_type, third.media_type) == ("text/plain", "text/x-own")
    assert f'"{first.version}"' == store.head_object(Bucket="papers", Key="docs/a.txt")["ETag"]


def test_what_is_deleted_or_changed_shows_in_the_listing(connect, store):
    before = {d.uri: d.version for d in connect().load()}
    store.delete_object(Bucket="papers", Key="docs/a.txt")
    store.put_object(Bucket="papers", Key="docs/list", Body=b"Other words.")
    after = {d.uri: d.version for d in connect().load()}
    assert before.keys() - after.keys() == {"s3://p/docs/a.txt"}
    assert after["s3://p/docs/list"] != before["s3://p/docs/list"]


def test_a_bucket_of_many_pages_is_listed_to_its_end(connect, monkeypatch):
    monkeypatch.setattr(s3, "PAGE", 2)
    assert len(list(connect(prefix="").load())) == 4


def test_a_large_object_is_named_and_not_fetched(connect, store):
    store.put_object(Bucket="papers", Key="docs/a.txt", Body=b"x" * 2_000)
    large, *rest = connect(max_bytes=1_000).load()
    assert large.content == b""
    assert "at most 1,000 are read" in large.metadata[UNREAD]
    assert all(document.content for document in rest)


def test_an_archived_object_is_quarantined_and_the_others_are_read(connect, store):
    store.put_object(Bucket="papers", Key="docs/a.txt", Body=b"x", StorageClass="GLACIER")
    archived, *rest = connect().load()
    assert "archived" in archived.metadata[UNREAD]
    assert len([d for d in rest if d.content]) == 2


def test_an_object_that_goes_after_the_listing_is_left_out(connect, store):
    documents = connect().load()
    next(documents)
    store.delete_object(Bucket="papers", Key="docs/list")
    assert [d.uri for d in documents] == ["s3://p/docs/b%20c/%C3%A9%26%23.txt"]


def test_a_bucket_that_is_not_there_is_told(connect):
    with pytest.raises(SourceError, match=r"NoSuchBucket.*Nothing was removed"):
        list(connect(bucket="nowhere").load())


def test_a_store_that_is_away_is_told(connect):
    with pytest.raises(SourceError, match="cannot be listed: EndpointConnectionError"):
        list(connect(endpoint="http://127.0.0.1:1", timeout_seconds=2).load())


LISTING = (
    b'<?xml version="1.0"?><ListBucketResult><IsTruncated>false</IsTruncated><Contents><Key>docs/a.txt</Key>'
    b"<LastModified>2024-03-01T00:00:00Z</LastModified><ETag>&quot;e&quot;</ETag><Size>100</Size></Contents>"
    b"</ListBucketResult>"
)


class _BreaksOff(BaseHTTPRequestHandler):
    """Lists one object and sends a tenth of it."""

    def do_GET(self) -> None:
        listing = "list-type" in self.path
        body = LISTING if listing else b"x" * 10
        self.send_response(200)
        self.send_header("Content-Length", str(len(body) if listing else 100))
        self.send_header("ETag", '"e"')
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_) -> None:
        """Nothing is told."""


def test_a_body_that_breaks_off_is_fetched_again_then_told(monkeypatch):
    pauses: list[float] = []
    monkeypatch.setattr(s3.time, "sleep", pauses.append)
    with HTTPServer(("127.0.0.1", 0), _BreaksOff) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        connector = source("papers", endpoint=f"http://127.0.0.1:{server.server_port}", **KEYS)
        with pytest.raises(SourceError, match="cannot be read: "):
            list(connector.load())
        server.shutdown()
    assert [pause for pause in pauses if pause in (1.0, 2.0)] == [1.0, 2.0]


# Endpoints that would send keys and documents in clear, or a password in a URL
@pytest.mark.parametrize(
    "endpoint", ["http://store.example.org", "ftp://h", "store:9000", "https://u:p@h", "https://"]
)
def test_only_tls_reaches_another_machine(endpoint):
    with pytest.raises(ConfigError, match="endpoint"):
        source("b", endpoint=endpoint, **KEYS)


def test_one_key_without_the_other_is_refused():
    with pytest.raises(ConfigError, match="both"):
        source("b", access_key=SecretStr("a"))
