"""A sender of HL7 v2 messages over MLLP, as an interface engine is one. People and numbers are made up."""

import socket
from typing import Any


class Peer:
    """One connection. It sends a message and waits for the answer, or sends several at once."""

    def __init__(self, address: str, context: Any = None) -> None:
        host, _, port = address.rpartition(":")
        connection = socket.create_connection((host, int(port)), timeout=60)
        self._socket = connection if context is None else context.wrap_socket(connection)
        self._rest = b""

    def send(self, *messages: bytes) -> None:
        self._socket.sendall(b"".join(b"\x0b" + message + b"\x1c\r" for message in messages))

    def answer(self) -> list[str]:
        """Fields of MSA; empty if the connection was closed."""
        while b"\x1c\r" not in self._rest:
            chunk = self._socket.recv(4096)
            if not chunk:
                return []
            self._rest += chunk
        answer, _, self._rest = self._rest.partition(b"\x1c\r")
        assert answer.startswith(b"\x0bMSH")
        return answer.decode().split("\r")[1].split("|")

    def ask(self, message: bytes) -> list[str]:
        self.send(message)
        return self.answer()

    def raw(self, octets: bytes) -> None:
        self._socket.sendall(octets)

    def __enter__(self) -> "Peer":
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()


def oru(number: int, value: str = "9.1") -> bytes:
    """A result, with its number as control id."""
    lines = (
        f"MSH|^~\\&|LAB|GHENT|EHR|WARD|20240302101500||ORU^R01|C{number}|P|2.5",
        f"PID|1||{1000 + number}^^^H^MR||Weaver^Ann||19500203|F",
        f"OBR|1|||58410-2^CBC^LN|||2024030210{number % 60:02}",
        f"OBX|1|NM|718-7^Hemoglobin^LN||{value}|g/dL|13.5-17.5|L|||F",
    )
    return "".join(line + "\r" for line in lines).encode()
