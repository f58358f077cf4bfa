"""Bytes to characters, by rules that can be explained.

The order: a byte order mark (UTF-8, UTF-16) decides; otherwise UTF-8; otherwise Windows-1252, which
holds Latin-1's letters. Bytes that fit none of them, NUL bytes, and text of which more than one
character in twenty is a control sign are refused: they are no text.
"""

import codecs
import re

from ragslm.errors import QuarantineError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MAX_CONTROL = 0.05
_CONTROL = {code: None for code in (*range(32), 127, *range(128, 160)) if chr(code) not in "\t\n\r\f\x85"}
_CONTROLS = re.compile(f"[{''.join(map(chr, _CONTROL))}]+")


def decode(content: bytes, declared: str | None = None) -> str:
    """Characters of `content`, with single line feeds as line ends.

    `declared`: the encoding the format itself names.

    Raises:
        QuarantineError: the bytes are no text.
    """
    text = _decoded(content, declared)
    if "\x00" in text:
        raise QuarantineError("The file holds NUL bytes: it is binary, not text.")
    # Over ASCII the table takes an eighth of the pattern's time, over other text five times as long.
    clean = text.translate(_CONTROL) if text.isascii() else _CONTROLS.sub("", text)
    if len(text) - len(clean) > _MAX_CONTROL * len(text):
        raise QuarantineError("The file is not readable text: too many control characters.")
    return clean.replace("\r\n", "\n").replace("\r", "\n").replace("\x85", "\n").replace("\f", "\n")


def _decoded(content: bytes, declared: str | None) -> str:
    for mark, marked in _MARKS:
        if content.startswith(mark):
            return _strictly(content, marked)
    for encoding in (declared, "utf-8", "cp1252"):
        try:
            return content.decode(encoding) if encoding else content.decode("utf-8")
        except (UnicodeDecodeError, LookupError):
            continue
    raise QuarantineError("The bytes are neither UTF-8, UTF-16 nor Windows-1252 text.")


def _strictly(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise QuarantineError(
            f"The byte order mark says {encoding}, but byte {error.start} does not fit."
        ) from None
