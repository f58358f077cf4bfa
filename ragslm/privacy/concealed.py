"""Personal data in another writing: base64, hex, percent signs, entities, digits in words or spaced letters.

A recogniser reads text as it stands. Whoever plants an instruction asks for another writing exactly for that,
so what leaves is read once more as what it says. Not read: ciphers (ROT13, a keyword), text turned round,
other languages' number words, and what is spread over several sentences.
"""

import base64
import binascii
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote

_BASE64 = re.compile(r"(?<![\w+/=-])[A-Za-z0-9+/_-]{8,}={0,2}(?![\w+/=-])")
_HEX = re.compile(r"(?<![0-9A-Za-z])(?:0x)?(?:[0-9A-Fa-f]{2}[ :\\x]{0,2}){6,}(?![0-9A-Za-z])")
_PERCENT = re.compile(r"(?<![\w.@+-])[\w.@+-]*+(?:%[0-9A-Fa-f]{2}[\w.@+-]*+){2,}")
_ENTITIES = re.compile(r"\w{0,3}(?:&#?\w{2,8};[\w.@+-]{0,3}){3,}")
_ESCAPES = re.compile(r"(?:\\u[0-9A-Fa-f]{4}|\\x[0-9A-Fa-f]{2}){4,}")
_SPACED = re.compile(r"(?<!\w)(?:[^\W_][ .\-_*|/]{1,3}){6,}[^\W_](?!\w)")
_DIGITS = {word: str(n) for n, word in enumerate("zero one two three four five six seven eight nine".split())}
_DIGITS |= {"oh": "0", "o": "0", "nought": "0", "niner": "9"}
_MANY = {"double": 2, "triple": 3, "treble": 3}
_WORD = rf"(?:{'|'.join([*_DIGITS, *_MANY])}|\d)"
_SPELLED = re.compile(rf"(?<!\w){_WORD}(?:[ ,.\-–—/]{{1,3}}(?:and )?{_WORD}){{6,}}(?!\w)", re.IGNORECASE)
_LEAST = 6
"""Characters a decoded text has at least; shorter ones tell nobody's name or number."""


@dataclass(frozen=True, slots=True)
class Concealed:
    """A span of a text, and what it says in plain writing."""

    start: int
    end: int
    says: str = field(repr=False)


def concealed(text: str) -> Iterator[Concealed]:
    """Spans that are another writing of something; they may overlap."""
    for pattern, read in (
        (_SPELLED, _spelled),
        (_SPACED, _spaced),
        (_BASE64, _base64),
        (_HEX, _hex),
        (_PERCENT, unquote),
        (_ENTITIES, html.unescape),
        (_ESCAPES, _escapes),
    ):
        for match in pattern.finditer(text):
            says = read(match[0])
            if says is not None and len(says) >= _LEAST and says != match[0]:
                yield Concealed(*match.span(), says)


def _spelled(text: str) -> str:
    digits, times = "", 1
    for word in re.findall(r"[a-z]+|\d", text.lower()):
        if word in _MANY:
            times = _MANY[word]
        elif word != "and":
            digits += _DIGITS.get(word, word) * times
            times = 1
    return digits


def _spaced(text: str) -> str:
    joined = re.sub(r"[ .\-_*|/]", "", text)
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", joined)


def _base64(text: str) -> str | None:
    padded = text.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return _printable(base64.b64decode(padded + "=" * (-len(padded) % 4), validate=True))
    except (binascii.Error, ValueError):
        return None


def _hex(text: str) -> str | None:
    return _printable(bytes.fromhex(re.sub(r"0x|[ :\\x]", "", text)))


def _escapes(text: str) -> str:
    return re.sub(r"\\[ux]([0-9A-Fa-f]{2,4})", lambda match: chr(int(match[1], 16)), text)


def _printable(raw: bytes) -> str | None:
    """Bytes as a text; None where they are none, as for a word that only looks like base64."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return text if text.replace("\n", " ").isprintable() else None
