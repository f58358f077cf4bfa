"""The event stream format, as the HTML standard tells it."""

import pytest

from ragslm.client._sse import Message, SseParser


@pytest.mark.parametrize(
    ("stream", "messages"),
    [
        (b"event: a\ndata: 1\n\n", [("a", "1")]),
        (b"data: 1\n\n", [("message", "1")]),  # default type
        (b"data:1\ndata:2\n\n", [("message", "1\n2")]),  # two lines, no space
        (b"event: a\r\ndata: 1\r\n\r\n", [("a", "1")]),  # other line ends
        (b"event: a\rdata: 1\r\r\n", [("a", "1")]),
        (b": comment\n\nevent: a\n\n", []),  # without data nothing is dispatched
        (b"data: 1\n", []),  # not complete
        (b"\xef\xbb\xbfdata: \xc3\xa4\n\n", [("message", "ä")]),  # mark at the start, two-byte letter
        (b"id: 7\nretry: 3\ndata: 1\n\n", [("message", "1")]),  # fields we do not use
        (b"data: a\xe2\x80\xa8b\n\n", [("message", "a\u2028b")]),  # a line separator is no line end
    ],
)
def test_messages(stream: bytes, messages: list[tuple[str, str]]) -> None:
    for size in (1, 2, 3, len(stream)):
        parser = SseParser()
        chunks = [stream[i : i + size] for i in range(0, len(stream), size)]
        assert [m for chunk in chunks for m in parser.feed(chunk)] == [Message(*m) for m in messages]
