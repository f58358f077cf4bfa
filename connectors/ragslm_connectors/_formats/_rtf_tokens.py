"""The words of RTF: control words, characters and groups, with the character set that holds for each.

Source: Rich Text Format Specification 1.9.1 (Microsoft, 2008).
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ragslm.errors import QuarantineError

_TOKEN = re.compile(
    rb"\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,10})? ?|\\'(?P<hex>[0-9a-fA-F]{2})"
    rb"|\\(?P<sign>[^a-zA-Z])|(?P<brace>[{}])|(?P<text>[^\\{}\r\n\x00]+)|[\r\n\x00]+|\\",
    re.DOTALL,
)
_DEEPEST = 500
# Source: specification, `fcharset`
_CHARSETS = {
    0: "cp1252", 77: "mac_roman", 128: "cp932", 129: "cp949", 134: "gbk", 136: "cp950", 161: "cp1253",
    162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874",
    238: "cp1250", 254: "cp437", 255: "cp850",
}  # fmt: skip
_SIGNS = {b"~": "\u00a0", b"_": "-", b"-": "", b"\n": "\n", b"\r": "\n", b"\t": "\t"}
_ENCODINGS = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850", "ansi": "cp1252"}


@dataclass(frozen=True, slots=True)
class Token:
    """A control word with its number, characters (`word` empty), `{` or `}`.

    `star`: it marks a group that a reader may pass over.
    """

    word: str
    number: int | None = None
    text: str = ""
    star: bool = False


@dataclass(frozen=True, slots=True)
class _State:
    """What a group inherits: bytes that stand for one character, and the font's character set."""

    skip: int = 1
    encoding: str | None = None


class RtfTokens:
    """Tokens of one document, in order."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._default = "cp1252"
        self._fonts: dict[int, str] = {}
        self._font: int | None = None
        self._stack: list[_State] = []
        self._state = _State()
        self._bytes = bytearray()
        self._left = 0

    def __iter__(self) -> Iterator[Token]:
        """Every token.

        Raises:
            QuarantineError: groups nested too deeply, or the file ends inside one; names the byte.
        """
        position = 0
        while (match := _TOKEN.match(self._content, position)) is not None:
            position = match.end()
            kind = match.lastgroup
            if kind == "text":
                self._characters(match.group("text"))
                continue
            if kind == "hex":
                self._characters(bytes([int(match.group("hex"), 16)]))
                continue
            if kind == "brace":
                yield from self._flushed()
                yield self._brace(match.group("brace"), match.start())
                if not self._stack:
                    return
            elif kind == "sign":
                yield from self._sign(match.group("sign"))
            elif kind is not None:
                yield from self._word(match)
                if match.group("word") == b"bin":
                    position += max(0, int(match.group("number") or 0))
        raise QuarantineError(f"Byte {len(self._content):,}: the file ends inside {len(self._stack)} groups.")

    def _characters(self, characters: bytes) -> None:
        if self._left:  # the substitute of a \\u character
            dropped = min(self._left, len(characters))
            self._left -= dropped
            characters = characters[dropped:]
        self._bytes += characters

    def _flushed(self) -> Iterator[Token]:
        """The characters gathered so far; gathered, because one may take two bytes."""
        self._left = 0
        if self._bytes:
            text = bytes(self._bytes).decode(self._state.encoding or self._default, "replace")
            self._bytes.clear()
            yield Token("", text=text)

    def _brace(self, brace: bytes, at: int) -> Token:
        if brace == b"{":
            if len(self._stack) >= _DEEPEST:
                raise QuarantineError(f"Byte {at:,}: groups are nested too deeply.")
            self._stack.append(self._state)
        elif self._stack:
            self._state = self._stack.pop()
        return Token(brace.decode())

    def _sign(self, sign: bytes) -> Iterator[Token]:
        if sign in (b"\\", b"{", b"}"):
            self._characters(sign)
            return
        yield from self._flushed()
        if sign == b"*":
            yield Token("*", star=True)
        elif sign in (b"\n", b"\r"):
            yield Token("par")
        elif said := _SIGNS.get(sign):
            yield Token("", text=said)

    def _word(self, match: "re.Match[bytes]") -> Iterator[Token]:
        word = match.group("word").decode("ascii")
        number = int(match.group("number")) if match.group("number") else None
        if word == "u" and number is not None:
            left = self._state.skip
            yield from self._flushed()
            yield Token("", text=_character(number))
            self._left = left
            return
        yield from self._flushed()
        self._note(word, number)
        yield Token(word, number)

    def _note(self, word: str, number: int | None) -> None:
        """What a control word says about the characters behind it."""
        if word == "uc":
            self._state = replace(self._state, skip=max(0, min(number or 0, 10)))
        elif word in _ENCODINGS:
            self._default = _ENCODINGS[word]
        elif word == "ansicpg":
            self._default = _known(f"cp{number}") or self._default
        elif word == "f" and number is not None:
            self._font = number
            self._state = replace(self._state, encoding=self._fonts.get(number))
        elif word == "fcharset" and self._font is not None:
            self._fonts[self._font] = _CHARSETS.get(number or 0, self._default)
        elif word == "plain":
            self._state = replace(self._state, encoding=None)


def _character(number: int) -> str:
    """A UTF-16 unit; numbers above 32,767 are written as negative ones."""
    return chr(number & 0xFFFF)


def _known(encoding: str) -> str | None:
    try:
        return codecs.lookup({"cp65001": "utf-8", "cp10000": "mac_roman"}.get(encoding, encoding)).name
    except LookupError:
        return None
