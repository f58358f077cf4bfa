"""Compressed RTF, as Outlook keeps the bodies of messages.

Source: [MS-OXRTFCP], Rich Text Format (RTF) Compression Algorithm.
"""

from ragslm.errors import QuarantineError

_COMPRESSED, _PLAIN = b"LZFu", b"MELA"
_WINDOW = 4096
_START = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript "
    rb"\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0"
    b"\r\n"
    rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)


def unpacked(content: bytes, most: int) -> bytes:
    """The RTF bytes, at most `most` of them.

    Raises:
        QuarantineError: it is not compressed RTF, or longer.
    """
    kind, size = content[8:12], int.from_bytes(content[4:8], "little")
    if size > most:
        raise QuarantineError(f"The message's text unpacks to more than {most:,} bytes.")
    if kind == _PLAIN:
        return content[16 : 16 + size]
    if kind != _COMPRESSED:
        raise QuarantineError("The message's text is not compressed as Outlook does.")
    return _expanded(content[16:], size)


def _expanded(data: bytes, size: int) -> bytes:
    """Runs of 8 items: a byte as it is, or a reference into the last 4,096 bytes."""
    out = bytearray(_START)
    position, begin = 0, len(_START)
    while position < len(data) and len(out) - begin < size:
        flags = data[position]
        position += 1
        for bit in range(8):
            if position >= len(data):
                break
            if not flags >> bit & 1:
                out.append(data[position])
                position += 1
                continue
            reference = int.from_bytes(data[position : position + 2], "big")
            position += 2
            offset, length = reference >> 4, (reference & 15) + 2
            if offset == len(out) % _WINDOW:
                return bytes(out[begin:])
            _copy(out, offset, length)
    return bytes(out[begin : begin + size])


def _copy(out: bytearray, offset: int, length: int) -> None:
    """Copy from a window that wraps around; what was copied may be copied again at once."""
    back = (len(out) - offset) % _WINDOW or _WINDOW
    for _ in range(length):
        out.append(out[-back] if back <= len(out) else 32)
