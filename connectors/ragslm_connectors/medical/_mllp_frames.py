r"""Frames of the Minimal Lower Layer Protocol: `<VT> message <FS><CR>`, one after the other on a connection.

Source: HL7 v2.8.2 appendix C (Lower Layer Protocols), release 1 of MLLP
"""

import socket
import time
from threading import Event

START, END = b"\x0b", b"\x1c\r"
MESSAGE_SECONDS = 60.0
"""From the first to the last byte of a message."""
_CHUNK = 65_536
_POLL_SECONDS = 0.5


class FrameError(Exception):
    """What came is no frame; the connection is of no more use. The message says why, without its text."""


class Frames:
    """The messages of one connection.

    Args:
        connection: a connected socket.
        most: largest message, in bytes.
        idle: seconds without a byte between messages, after which the connection is closed.
        stop: ends it between two messages.
    """

    def __init__(self, connection: socket.socket, *, most: int, idle: float, stop: Event) -> None:
        self._connection = connection
        self._most = most
        self._idle = idle
        self._stop = stop
        self._bytes = bytearray()
        connection.settimeout(_POLL_SECONDS)

    def next(self) -> bytes | None:
        """The next message; None when the sender is done, silent for too long, or `stop` is set.

        Raises:
            FrameError: it is no frame, too large, or not finished in time.
            OSError: the connection broke.
        """
        if not self._begun():
            return None
        deadline = time.monotonic() + MESSAGE_SECONDS
        looked = 0
        while (end := self._bytes.find(END, looked)) < 0:
            if len(self._bytes) > self._most + len(START):
                raise FrameError(f"A message has more than {self._most:,} bytes.")
            looked = max(0, len(self._bytes) - 1)
            if self._more() is False:
                raise FrameError("The connection ended within a message.")
            if time.monotonic() > deadline:
                raise FrameError(f"A message was not finished within {MESSAGE_SECONDS:.0f} s.")
        if end - len(START) > self._most:
            raise FrameError(f"A message has more than {self._most:,} bytes.")
        message = bytes(self._bytes[len(START) : end])
        del self._bytes[: end + len(END)]
        return message

    def _begun(self) -> bool:
        """Wait for the first byte of a message; line ends between messages are passed over."""
        deadline = time.monotonic() + self._idle
        while True:
            del self._bytes[: len(self._bytes) - len(self._bytes.lstrip(b"\r\n"))]
            if self._bytes:
                if not self._bytes.startswith(START):
                    raise FrameError("A message does not begin with the byte VT (0x0B).")
                return True
            if self._stop.is_set() or time.monotonic() > deadline or self._more() is False:
                return False

    def _more(self) -> bool | None:
        """Read on: False at the end of the connection, None if nothing came now."""
        try:
            chunk = self._connection.recv(_CHUNK)
        except TimeoutError:
            return None
        self._bytes += chunk
        return bool(chunk)


def framed(message: bytes) -> bytes:
    """A message as it is sent."""
    return START + message + END
