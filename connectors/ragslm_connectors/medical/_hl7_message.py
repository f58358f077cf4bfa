"""HL7 v2 messages as segments and fields: delimiters, batches, character sets, escape sequences.

Written here rather than taken from python-hl7 or hl7apy: both build an object for every component of
every field, which costs more than all the rest of reading a message (docs/decisions.md). What the fields
mean comes from hl7apy's tables, see `_hl7_fields`.

Source: HL7 v2.8.2 chapter 2, sections 2.5 (delimiters), 2.7 (escapes), 2.10.3 (batches), 2.14.9.18 (MSH-18).
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ragslm.errors import QuarantineError
from ragslm_connectors._formats._decode import decode

_NAME = re.compile(r"[A-Z][A-Z0-9]{2}")
_HEADERS = frozenset({"MSH", "FHS", "BHS"})
_TRAILERS = {"BTS": "messages", "FTS": "batches"}
_ENVELOPE = frozenset({"FHS", "BHS", *_TRAILERS})
_LONE_FEED = re.compile(rb"(?<!\r)\n(?!\r)")
_HEADER_LINE = re.compile(rb"(?:^|[\r\n\x0b])MSH([^\r\n]*)")
# Source: HL7 table 0211, alternate character sets. Those Python has no codec for fall to the common rules.
_CODECS = {
    **{f"8859/{part}": f"iso8859-{part}" for part in (1, 2, 3, 4, 5, 6, 7, 8, 9, 15)},
    "UNICODE UTF-8": "utf-8",
    "UNICODE UTF-16": "utf-16",
    "UNICODE UTF-32": "utf-32",
    "ISO IR14": "iso2022_jp",
    "ISO IR87": "iso2022_jp",
    "ISO IR159": "iso2022_jp_1",
    "GB 18030-2000": "gb18030",
    "KS X 1001": "euc_kr",
    "BIG-5": "big5",
}
_BREAKS = {".br": "\n", ".sp": "\n", ".ce": "\n", ".sk": " "}
_SILENT = re.compile(r"[HN]|[CZM][0-9A-Za-z]*|\.(?:fi|nf|in[+-]?\d*|ti[+-]?\d*)")
_COUNTED = re.compile(r"(\.(?:br|sp|ce|sk))\s*[+]?(\d{0,2})")


@dataclass(frozen=True, slots=True)
class Delimiters:
    """The characters that part a message, each one character.

    Attributes:
        truncation: end of a cut value, from version 2.7; empty if there is none.
    """

    field: str
    component: str
    repetition: str
    escape: str
    subcomponent: str
    truncation: str = ""

    def text(self, value: str) -> str:
        """A value without its escape sequences; unknown ones stay as they are written."""
        mark = self.escape
        if not mark or mark not in value:
            return value
        pieces = value.split(mark)
        told, at = [pieces[0]], 1
        while at < len(pieces):
            meant = self._meant(pieces[at]) if at + 1 < len(pieces) else None
            told.append(mark + pieces[at] if meant is None else meant + pieces[at + 1])
            at += 1 if meant is None else 2
        return "".join(told)

    def _meant(self, code: str) -> str | None:
        """What an escape sequence stands for; None if it is none."""
        plain = {"F": self.field, "S": self.component, "R": self.repetition, "T": self.subcomponent}
        plain |= {"E": self.escape, "P": self.truncation or "#"}
        if (known := plain.get(code)) is not None:
            return known
        if code[:1] == "X" and re.fullmatch(r"(?:[0-9A-Fa-f]{2})+", code[1:]):
            return decode_octets(bytes.fromhex(code[1:]))
        if counted := _COUNTED.fullmatch(code):
            return _BREAKS[counted[1]] * int(counted[2] or 1)
        return "" if _SILENT.fullmatch(code) else None


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment.

    Attributes:
        number: 1-based, among the segments of its name in the message.
        line: 1-based line of the file.
        fields: as written; index 0 is the name, index n field n, also in MSH.
    """

    name: str
    number: int
    line: int
    fields: Sequence[str] = field(repr=False)
    delimiters: Delimiters = field(repr=False)

    @property
    def place(self) -> str:
        """`OBX[3]`."""
        return f"{self.name}[{self.number}]"

    def field(self, number: int) -> str:
        """Field `number` as written; empty if it is not there, or null."""
        value = self.fields[number] if number < len(self.fields) else ""
        return "" if value == '""' else value

    def repetitions(self, number: int) -> list[str]:
        """The repetitions of a field, as written, without empty ones."""
        value = self.field(number)
        return [one for one in value.split(self.delimiters.repetition) if one] if value else []

    def components(self, value: str) -> list[str]:
        """The components of a repetition, as written."""
        return value.split(self.delimiters.component)

    def component(self, number: int, position: int) -> str:
        """1-based component `position` of the first repetition of a field, without escapes and parts."""
        first = self.repetitions(number)[:1]
        parts = self.components(first[0]) if first else []
        value = parts[position - 1] if position <= len(parts) else ""
        return self.delimiters.text(value.split(self.delimiters.subcomponent)[0]).strip()


@dataclass(frozen=True, slots=True)
class Message:
    """One message: its segments, the first of them MSH."""

    segments: Sequence[Segment] = field(repr=False)

    @property
    def header(self) -> Segment:
        """MSH."""
        return self.segments[0]


def read_messages(content: bytes) -> Iterator[Message]:
    """Every message of a file, one after the other: one, several, or batches of them.

    Raises:
        QuarantineError: no HL7, bytes that do not fit the character set, a line that is no segment, a
            message without type or content, a batch shorter than its trailer says; names line or segment.
    """
    segments: list[Segment] = []
    numbers: Counter[str] = Counter()
    held = {"BTS": 0, "FTS": 0}
    delimiters: Delimiters | None = None
    for line, text in _lines(content):
        name = text[:3]
        if name in _HEADERS:
            delimiters = _delimiters(text, line)
        if delimiters is None:
            raise QuarantineError(f"Line {line}: no HL7 message begins here (MSH, FHS or BHS is missing).")
        fields = text.split(delimiters.field)
        if name in _ENVELOPE or name == "MSH":
            if segments:
                yield _checked(segments)
            segments, numbers = [], Counter()
            _count(name, fields, held, line)
        if name in _ENVELOPE:
            continue
        if name == "MSH":
            fields.insert(1, delimiters.field)
        elif not segments:
            raise QuarantineError(f"Line {line}: segment {name} stands outside of a message.")
        numbers[name] += 1
        segments.append(Segment(name, numbers[name], line, fields, delimiters))
    if segments:
        yield _checked(segments)


def decode_octets(octets: bytes) -> str:
    """Characters that an escape sequence gives by their octets; carriage returns as line feeds."""
    try:
        text = octets.decode("utf-8")
    except UnicodeDecodeError:
        text = octets.decode("cp1252", "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")


def _lines(content: bytes) -> Iterator[tuple[int, str]]:
    """Line number and text of each segment; lines that a lone line feed broke off are put back."""
    folded = b"\r" in content and _LONE_FEED.search(content) is not None
    open_line, open_text, mark = 0, "", ""
    for number, text in enumerate(decode(content, _codec(content)).split("\n"), 1):
        if not text.strip():
            continue
        if text[:3] in _HEADERS:
            mark = text[3:4]
        if _NAME.match(text) and (not mark or text[3:4] in ("", mark) or not text[3:].strip()):
            if open_text:
                yield open_line, open_text
            open_line, open_text = number, text
        elif folded and open_text:
            open_text += "\n" + text
        else:
            raise QuarantineError(f"Line {number}: no segment (a segment begins with its three-letter name).")
    if open_text:
        yield open_line, open_text


def _codec(content: bytes) -> str | None:
    """The codec of MSH-18; None if none is named or known.

    Raises:
        QuarantineError: the bytes do not fit it.
    """
    found = _HEADER_LINE.search(content[:65536])
    line = found[1].decode("latin-1") if found else ""
    fields = line.split(line[:1]) if line else []
    named = fields[17] if len(fields) > 17 else ""
    codec = _CODECS.get(re.split(r"[~^]", named)[0].strip().upper())
    if codec:
        try:
            content.decode(codec)
        except UnicodeDecodeError as error:
            raise QuarantineError(
                f"MSH-18: byte {error.start} does not fit the character set that is named ({codec})."
            ) from None
    return codec


def _delimiters(text: str, line: int) -> Delimiters:
    """The delimiters a header segment declares.

    Raises:
        QuarantineError: there are too few, or two are the same.
    """
    name, mark = text[:3], text[3:4]
    if not mark or mark.isalnum() or mark.isspace():
        raise QuarantineError(f"Line {line}: {name}-1 is no field separator.")
    others = text[4:].split(mark, 1)[0]
    if not 1 <= len(others) <= 5 or len({mark, *others}) != 1 + len(others) or _has_letter(others):
        raise QuarantineError(f"Line {line}: {name}-2 does not give the encoding characters, as in ^~\\&.")
    component, repetition, escape, subcomponent, truncation = (others[i : i + 1] for i in range(5))
    return Delimiters(mark, component, repetition or "\x00", escape, subcomponent or "\x00", truncation)


def _has_letter(text: str) -> bool:
    return any(c.isalnum() or c.isspace() for c in text)


def _count(name: str, fields: Sequence[str], held: dict[str, int], line: int) -> None:
    """Count messages and batches, and compare with what a trailer says."""
    if name == "MSH":
        held["BTS"] += 1
    elif name == "BHS":
        held["FTS"] += 1
        held["BTS"] = 0
    elif name in held:
        told = fields[1].strip() if len(fields) > 1 else ""
        if told.isdecimal() and int(told[:9]) != held[name]:
            counted = f"{name}-1 says {int(told[:9])} {_TRAILERS[name]}"
            raise QuarantineError(f"Line {line}: {counted}, the file holds {held[name]}.")
        held[name] = 0


def _checked(segments: list[Segment]) -> Message:
    header = segments[0]
    if not header.component(9, 1):
        raise QuarantineError(f"Line {header.line}: MSH-9 (the message type) is missing.")
    if len(segments) == 1:
        raise QuarantineError(f"Line {header.line}: the message ends after its MSH segment.")
    return Message(segments)
