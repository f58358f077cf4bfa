"""The closed network: loopback goes on, everything else is refused before a packet leaves."""

import subprocess
import sys

import pytest

PRELUDE = "import socket; from ragslm._network import close_network; close_network(); close_network(); "


@pytest.mark.parametrize(
    ("attempt", "refused"),
    [
        ("socket.create_connection(('198.51.100.7', 80), 0.1)", True),  # an address
        ("socket.create_connection(('example.org', 80), 0.1)", True),  # a name: not even looked up
        ("socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('198.51.100.7', 53))", True),  # UDP
        ("socket.create_connection(('2001:db8::1', 80), 0.1)", True),  # IPv6
        (
            "socket.getnameinfo(('198.51.100.7', 80), 0)",
            True,
        ),  # asks a name server for the name of an address
        ("socket.getnameinfo(('127.0.0.1', 80), socket.NI_NUMERICHOST)", False),
        ("s = socket.create_server(('127.0.0.1', 0)); socket.create_connection(s.getsockname())", False),
    ],
)
def test_only_loopback_is_reached(attempt: str, refused: bool) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PRELUDE + attempt], capture_output=True, text=True, timeout=30
    )
    assert ("NetworkClosedError" in done.stderr) is refused
    assert (done.returncode != 0) is refused
