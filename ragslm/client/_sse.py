"""Server-sent events from bytes, as they arrive.

Source: https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
"""

import codecs
from typing import NamedTuple


class Message(NamedTuple):
    """One dispatched event: its type and its data, lines joined by newline."""

    name: str
    data: str


class SseParser:
    """Feed it bytes cut anywhere; it returns the messages they complete."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")("replace")
        self._rest = ""
        self._name = ""
        self._data: list[str] = []

    def feed(self, chunk: bytes) -> list[Message]:
        """The messages that are complete with this chunk, in order."""
        found = []
        for line in self._lines(self._decoder.decode(chunk)):
            if line:
                self._field(line)
            elif message := self._dispatch():
                found.append(message)
        return found

    def _lines(self, text: str) -> list[str]:
        # A carriage return at the very end may be half of a line end: it waits for the next chunk.
        text = self._rest + text
        waiting = "\r" if text.endswith("\r") else ""
        whole = text.removesuffix(waiting).replace("\r\n", "\n").replace("\r", "\n")
        *lines, rest = whole.split("\n")
        self._rest = rest + waiting
        return lines

    def _field(self, line: str) -> None:
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "event":
            self._name = value
        elif name == "data":
            self._data.append(value)

    def _dispatch(self) -> Message | None:
        name, data = self._name or "message", self._data
        self._name, self._data = "", []
        return Message(name, "\n".join(data)) if data else None
