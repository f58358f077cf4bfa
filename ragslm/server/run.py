"""Serve an application over TCP."""

import errno
import logging
import socket
from collections.abc import Callable

import uvicorn
from fastapi import FastAPI

from ragslm.errors import ConfigError

GRACE_SECONDS = 10


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


def run(app: FastAPI, host: str, port: int, *, on_ready: Callable[[], object] | None = None) -> None:
    """Serve until interrupted. `on_ready` is called once the port is held; requests wait for it.

    Raises:
        ConfigError: the port is in use.
    """
    held = bind(host, port)
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    with held:
        if on_ready:
            on_ready()
        make_server(app).run(sockets=[held])
