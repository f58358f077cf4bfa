"""What readers of HTTP sources share, against servers that never come to an end."""

import logging
import socket
import ssl
import threading
import time
from contextlib import contextmanager, suppress

import pytest

from ragslm.errors import SourceError
from ragslm_connectors import _http
from ragslm_connectors._sealed_file import SealedFile
from ragslm_connectors.generic import _web_fetch
from ragslm_connectors.generic._web_address import Address
from ragslm_connectors.generic._web_fetch import Fetcher
from ragslm_connectors.medical import _fhir_http
from ragslm_connectors.medical._fhir_http import FhirHttp
from tests.data.imap_server import make_certificate

LIMIT = 0.5
"""Seconds for an exchange in these tests."""


def early_hints(to: socket.socket) -> None:
    while True:
        to.sendall(b"HTTP/1.1 103 Early Hints\r\n\r\n")
        time.sleep(0.02)


def dribbled_header(to: socket.socket) -> None:
    to.sendall(b"HTTP/1.1 200 OK\r\nX: ")
    while True:
        to.sendall(b"a")
        time.sleep(0.02)


def dribbled_body(to: socket.socket) -> None:
    """Without a length: cut, it looks like one that has ended."""
    to.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        to.sendall(b"a")
        time.sleep(0.02)


def silent(to: socket.socket) -> None:
    """Nothing more comes, though the silence is not long yet."""
    to.sendall(b"HTTP/1.1 200 OK\r\nX: a")
    to.recv(1)


ENDLESS = [early_hints, dribbled_header, dribbled_body, silent]


@contextmanager
def serving(talk, tls=None):
    """The address of a server that talks so to whoever connects, in clear or by a context of TLS."""
    listening = socket.create_server(("127.0.0.1", 0))

    def run() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listening.accept()
                with (
                    suppress(OSError),
                    tls.wrap_socket(connection, server_side=True) if tls else connection as to,
                ):
                    to.recv(9999)
                    talk(to)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield f"http{'s' if tls else ''}://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join()


@pytest.mark.parametrize("talk", ENDLESS)
def test_a_site_that_never_ends_is_left(talk, monkeypatch):
    monkeypatch.setattr(_web_fetch, "RESPONSE_SECONDS", LIMIT)
    with (
        serving(talk) as url,
        Fetcher(private=True, delay=0) as fetcher,
        pytest.raises(SourceError, match="took more than"),
    ):
        fetcher.get(Address.of(url), lambda _: True, 1000)


@pytest.mark.parametrize("talk", ENDLESS)
def test_a_fhir_server_that_never_ends_is_left(talk, monkeypatch):
    monkeypatch.setattr(_fhir_http, "RESPONSE_SECONDS", LIMIT)
    with (
        serving(talk) as url,
        FhirHttp(url, None, None) as http,
        pytest.raises(SourceError, match="took more than"),
    ):
        http.resource(f"{url}/metadata")


@pytest.mark.parametrize("talk", ENDLESS)
def test_a_file_of_an_export_that_never_ends_is_left(talk, monkeypatch, tmp_path):
    monkeypatch.setattr(_fhir_http, "FILE_SECONDS", LIMIT)
    with (
        serving(talk) as url,
        FhirHttp(url, None, None) as http,
        pytest.raises(SourceError, match="took more than"),
    ):
        http.save(f"{url}/file", "*/*", SealedFile(tmp_path / "file"), 10**9)


@pytest.mark.parametrize("talk", ENDLESS)
def test_over_tls_it_is_left_as_well(talk, monkeypatch, tmp_path):
    monkeypatch.setattr(_fhir_http, "RESPONSE_SECONDS", LIMIT)
    make_certificate(tmp_path / "cert.pem", tmp_path / "key.pem")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "cert.pem", tmp_path / "key.pem")
    with (
        serving(talk, context) as url,
        FhirHttp(url, None, tmp_path / "cert.pem") as http,
        pytest.raises(SourceError, match="took more than"),
    ):
        http.resource(f"{url}/metadata")


def test_a_server_that_was_left_may_be_asked_again(monkeypatch):
    """An export is given back even where one of its files never ended."""
    talks = [dribbled_body, lambda to: to.sendall(b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n")]
    monkeypatch.setattr(_fhir_http, "RESPONSE_SECONDS", LIMIT)
    with serving(lambda to: talks.pop(0)(to)) as url, FhirHttp(url, None, None) as http:
        with pytest.raises(SourceError, match="took more than"):
            http.resource(f"{url}/metadata")
        http.forget(f"{url}/job")


def test_addresses_are_in_no_log(caplog):
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
    with (
        caplog.at_level(logging.DEBUG),
        serving(lambda to: to.sendall(answer)) as url,
        Fetcher(private=True, delay=0) as fetcher,
    ):
        fetcher.get(Address.of(f"{url}/Patient/4711?token=abc"), lambda _: True, 1000)
    assert "4711" not in caplog.text


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("7", 7.0),  # seconds
        ("0", 1.0),  # at once: asked for hours, a server would be asked without a pause
        ("Mon, 01 Jan 2020 00:00:00 GMT", 1.0),  # a time gone by
        ("9999", 60.0),  # too long
        ("Mon, 01 Jan 99999999999 00:00:00 GMT", 16.0),  # a year that none is
        ("soon", 16.0),  # nothing that can be read
        ("\u00b2", 16.0),  # a digit that is no number
        ("", 16.0),
    ],
)
def test_pauses(said, seconds):
    assert _http.pause_before(5, said) == seconds


@pytest.mark.parametrize("date", ["Mon, 01 Jan 99999999999 00:00:00 GMT", "soon", None])
def test_a_date_that_cannot_be_read_is_now(date):
    assert _fhir_http._time_of({"date": date} if date else {}).year >= 2024
