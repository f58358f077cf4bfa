"""Damaged copies of real files, for tests that a parser ends in a document or a reason, never in an error.

    @given(damaged([Path("a.my").read_bytes()]))
    def test_my_parser(content: bytes) -> None:
        assert_contained(MyParser(), content)

A zip package is damaged inside its parts as well as outside: otherwise every input would end at a checksum.
"""

import io
import zipfile
from collections.abc import Callable, Sequence
from contextlib import suppress

from hypothesis import strategies as st

from ragslm.errors import QuarantineError
from ragslm.protocols import Container, Parser
from ragslm.testing.parser_contract import assert_sound
from ragslm.types import PLACE, SourceDocument

_LARGEST = 60_000  # longer samples are cut, so that many can be tried
_ODD = [
    b"",
    b"\x00",
    b"\xff" * 4,
    b"\x7f\xff\xff\xff",
    b"<",
    b"&",
    b"&#0;",
    b"{",
    b"}",
    b"\\",
    b'"',
    b"\n",
    b":",
    b"%",
]
_MOST_CHANGES = 6
_MOST_LEFT = 300  # characters of a part that is copied or moved


@st.composite
def damaged(draw: st.DrawFn, samples: Sequence[bytes]) -> bytes:
    """One of the samples, changed in a few places."""
    content = draw(st.sampled_from(samples))
    if content.startswith(b"PK\x03\x04") and draw(st.integers(0, 3)):
        return _damaged_inside(draw, content)
    return _changed(draw, content[:_LARGEST])


def assert_contained(parser: Parser, content: bytes, uri: str = "file:///damaged") -> bool:
    """Whether it was read; if not, for a reason. Anything else, and every unsound offset, fails.

    `MemoryError` is the worker's to tell, like an input that takes too long.
    """
    document = SourceDocument(uri=uri, content=content, media_type=parser.media_type)
    parser.claims(content[:4096], "")
    try:
        parsed = parser.parse(document)
    except (QuarantineError, MemoryError):
        return False
    assert_sound(parsed)
    if isinstance(parser, Container):
        with suppress(QuarantineError, MemoryError):
            assert all(PLACE.fullmatch(member.place) for member in parser.members(document))
    return True


def _damaged_inside(draw: st.DrawFn, content: bytes) -> bytes:
    """A package with one part changed, packed again; compressed, for Hypothesis keeps thousands of them."""
    out = io.BytesIO()
    deflated = zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1)
    with zipfile.ZipFile(io.BytesIO(content)) as old, deflated as new:
        names = [info.filename for info in old.infolist() if not info.flag_bits & 1 and not info.is_dir()]
        chosen = draw(st.sampled_from(names))
        for name in names:
            part = old.read(name)
            new.writestr(name, _changed(draw, part) if name == chosen else part)
    return out.getvalue()


def _changed(draw: st.DrawFn, content: bytes) -> bytes:
    for _ in range(draw(st.integers(1, _MOST_CHANGES))):
        change: Callable[[st.DrawFn, bytes], bytes] = draw(st.sampled_from(_CHANGES))
        content = change(draw, content)
    return content


def _place(draw: st.DrawFn, content: bytes) -> int:
    return draw(st.integers(0, len(content)))


def _flip(draw: st.DrawFn, content: bytes) -> bytes:
    at = _place(draw, content)
    return content[:at] + bytes([draw(st.integers(0, 255))]) + content[at + 1 :]


def _put(draw: st.DrawFn, content: bytes) -> bytes:
    at = _place(draw, content)
    return content[:at] + draw(st.one_of(st.sampled_from(_ODD), st.binary(max_size=8))) + content[at:]


def _cut(draw: st.DrawFn, content: bytes) -> bytes:
    at = _place(draw, content)
    return content[:at] + content[at + draw(st.integers(1, _MOST_LEFT)) :]


def _end(draw: st.DrawFn, content: bytes) -> bytes:
    return content[: _place(draw, content)]


def _copy(draw: st.DrawFn, content: bytes) -> bytes:
    """A part of it once more, elsewhere."""
    start, at = _place(draw, content), _place(draw, content)
    part = content[start : start + draw(st.integers(1, _MOST_LEFT))]
    return content[:at] + part * draw(st.sampled_from([1, 1, 1, 2, 50])) + content[at:]


def _number(draw: st.DrawFn, content: bytes) -> bytes:
    """Two or four bytes as a number that is likely to be wrong."""
    at = _place(draw, content)
    size: int = draw(st.sampled_from([2, 4]))
    value: int = draw(st.sampled_from([0, 1, 2 ** (8 * size) - 1, 2 ** (8 * size - 1), 255, 4096]))
    return content[:at] + value.to_bytes(size, "little") + content[at + size :]


_CHANGES = [_flip, _flip, _put, _cut, _end, _copy, _number]
