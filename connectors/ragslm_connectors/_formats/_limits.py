"""What every parser refuses before it reads: nothing at all, and too much."""

from ragslm.errors import QuarantineError
from ragslm.types import SourceDocument

MAX_CHARS = 20_000_000
"""Longest parsed text, in characters: 10,000 dense pages. More is a dump, not a document."""

_BYTES_PER_CHAR = 4  # the most that UTF-8 and UTF-16 need

_BINARY = (b"%PDF-", b"PK\x03\x04", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\xd0\xcf\x11\xe0", b"\x1f\x8b")


def content_of(document: SourceDocument, max_chars: int = MAX_CHARS) -> bytes:
    """The document's bytes, if there are any and their text can lie within `max_chars` characters.

    Raises:
        QuarantineError: the document is empty or too large.
    """
    if not document.content:
        raise QuarantineError("The file is empty (0 bytes).")
    if len(document.content) > _BYTES_PER_CHAR * max_chars:
        raise QuarantineError(
            f"The file is too large: {len(document.content):,} bytes; "
            f"at most {_BYTES_PER_CHAR * max_chars:,} are read. Split it and ingest the parts."
        )
    return document.content


def check_length(length: int, max_chars: int = MAX_CHARS) -> None:
    """Refuse a text longer than `max_chars` characters.

    Raises:
        QuarantineError: it is longer.
    """
    if length > max_chars:
        raise QuarantineError(
            f"The text is too long: more than {max_chars:,} characters. Split it and ingest the parts."
        )


def is_binary(head: bytes) -> bool:
    """Whether the first bytes are those of a known binary format, or hold NUL bytes without a UTF-16 mark."""
    if head.startswith(_BINARY):
        return True
    return b"\x00" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff"))
