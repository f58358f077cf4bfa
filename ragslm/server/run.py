"""Serve an application over TCP."""

import errno
import logging
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI

from ragslm.errors import ConfigError

GRACE_SECONDS = 4
"""How long answers under way may go on after SIGTERM: `docker stop` kills after 10 seconds, and answers that
are cut off then are still to be recorded.
"""


def bind(host: str, port: int) -> socket.socket:
    """A listening socket that holds the port; port 0 takes a free one.

    Raises:
        ConfigError: the port is in use or not allowed, or the address is not this machine's.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    held = socket.socket(family, socket.SOCK_STREAM)
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        held.bind((host, port))
        # Holds the port against others who also set SO_REUSEADDR.
        held.listen(2048)
    except OSError as error:
        held.close()
        raise ConfigError(_why(error, host, port)) from None
    return held


def _why(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} on {host} is in use. Stop what uses it, or choose another: RAGSLM_SERVER__PORT=…."
        )
    if error.errno == errno.EACCES:
        return f"Port {port} is not allowed for this user. Choose one above 1023: RAGSLM_SERVER__PORT=…."
    return f"The address {host}:{port} cannot be listened on. Check `server.host` and `server.port`."


def make_server(app: FastAPI) -> uvicorn.Server:
    """A quiet server: its own access log would hold paths and query strings."""
    config = uvicorn.Config(
        app,
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=False,
        ws="none",
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    return uvicorn.Server(config)


def run(app: FastAPI, host: str, port: int, *, on_ready: Callable[[int], object] | None = None) -> None:
    """Serve until SIGTERM or Ctrl-C, then return, so that the caller closes the assistant.

    `on_ready` is called with the port once it is held; requests wait for it.

    Raises:
        ConfigError: the port is in use.
    """
    held = bind(host, port)
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    with held:
        if on_ready:
            on_ready(held.getsockname()[1])
        server = make_server(app)
        with _returning(server):
            server.run(sockets=[held])


@contextmanager
def _returning(server: uvicorn.Server) -> Iterator[None]:
    """Let signals end the server only: it raises them again when it has ended, and they would end the process
    before the answers under way are recorded.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def end(*_: object) -> None:
        server.should_exit = True

    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
