"""Close every socket to the outside in this process: what must not leave cannot leave by accident."""

import ipaddress
import sys
from typing import Any

from ragslm.errors import RagslmError

_closed = False


class NetworkClosedError(RagslmError):
    """Something tried to reach beyond this machine after the network was closed."""


def close_network() -> None:
    """Refuse every connection and look-up that is not loopback, for the rest of this process.

    An audit hook cannot be removed again, so this is for commands and workers, not for libraries.
    """
    global _closed
    if not _closed:
        sys.addaudithook(_refuse_outside)
        _closed = True


def _refuse_outside(event: str, args: tuple[Any, ...]) -> None:
    if event in {"socket.connect", "socket.sendto", "socket.sendmsg"}:
        address = args[1]
        if isinstance(address, tuple) and not _is_loopback(str(address[0])):
            raise NetworkClosedError(f"{event} to the outside was refused: the network is closed.")
    elif event == "socket.getnameinfo":
        if not _is_loopback(str(args[0][0])):
            raise NetworkClosedError(f"{event} of an outside host was refused: the network is closed.")
    elif event in {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"}:
        host = args[0]
        if host not in {None, b"", ""} and not _is_loopback(_text(host)):
            raise NetworkClosedError(f"{event} of an outside host was refused: the network is closed.")


def _text(host: Any) -> str:
    return host.decode("ascii", "replace") if isinstance(host, bytes) else str(host)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
