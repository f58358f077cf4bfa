"""Messages (RFC 5322, MIME): header, text and quoted replies; attachments are documents of their own.

Plain text is preferred to HTML where a message brings both. Nothing it refers to is fetched.
"""

import datetime as dt
import email
import email.errors
import email.header
import email.utils
import re
from collections.abc import Iterator, Sequence
from email.message import Message
from typing import Any

from ragslm.errors import QuarantineError
from ragslm.types import Member, ParsedDocument, SourceDocument
from ragslm_connectors._formats._builder import TextBuilder, one_line
from ragslm_connectors._formats._limits import MAX_CHARS, content_of, is_binary
from ragslm_connectors._formats._mail import Attachment, Mail, Party, build_mail, members_of, text_of
from ragslm_connectors._formats._members import MAX_MEMBERS, Bounds
from ragslm_connectors._formats._package import Reading

_KIND = "message"
_SUFFIXES = frozenset({".eml"})
_PLAIN = frozenset({"", ".txt", ".text"})
_HEADER = re.compile(rb"(?:From [^\n]*\n)?(?:[!-9;-~]{1,60}:[^\n]*\r?\n(?:[ \t][^\n]*\n)*){3}")
_KNOWN = re.compile(
    rb"(?mi)^(?:From|To|Subject|Date|Message-ID|Received|Return-Path|MIME-Version|Delivered-To):"
)
_SENT = re.compile(rb"(?mi)^(?:Message-ID|Received|Return-Path|MIME-Version|Delivered-To):")
_LABELS = ("From", "To", "Cc", "Bcc", "Reply-To")
_MOST_PARTIES = 500  # of one header; the rest of a mailing list is counted, not named
_WORDS = frozenset({"text/plain", "text/html", "text/enriched", "text/rfc822-headers"})
_WHOLE = frozenset({"message/rfc822", "message/delivery-status"})  # parts with parts that stay together
_SECRET = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime", "multipart/encrypted"})


class EmlParser:
    """`.eml` files: one message each.

    Attributes:
        max_chars: longest text accepted, in characters.
    """

    name = "eml"
    media_type = "message/rfc822"
    max_chars = MAX_CHARS

    def claims(self, head: bytes, suffix: str) -> bool:
        """A text that begins with a message's header; or any text under the suffix `.eml`."""
        if is_binary(head):
            return False
        if suffix in _SUFFIXES:
            return True
        begins = _HEADER.match(head) is not None and len(set(_KNOWN.findall(head))) >= 3
        return begins and (suffix not in _PLAIN or _SENT.search(head) is not None)

    def parse(self, document: SourceDocument) -> ParsedDocument:
        """Header, then body.

        Raises:
            QuarantineError: empty, no message, encrypted, nested too deeply or too long.
        """
        mail = _mail(content_of(document))
        return build_mail(TextBuilder(self.max_chars), mail)

    def members(self, document: SourceDocument) -> Iterator[Member]:
        """The attachments, in order.

        Raises:
            QuarantineError: as `parse`.
        """
        return members_of(_mail(content_of(document)), Bounds())


def _mail(content: bytes) -> Mail:
    """The message, read once."""
    if content.startswith(b"\x00") or is_binary(content[:4096]):
        raise QuarantineError("The file is binary: it is no message.")
    with Reading(_KIND) as reading:
        message = email.message_from_bytes(content.lstrip())
        if not any(message.get(name) for name in (*_LABELS, "Subject", "Date", "Message-ID", "Received")):
            raise QuarantineError("Line 1: the file does not begin with the header of a message.")
        if _is_secret(message):
            raise QuarantineError("The message is encrypted; decrypt it before it is ingested.")
        parts = _Parts()
        for number, part in enumerate(_leaves(message), start=1):
            reading.part = f"part {number}"
            if number > MAX_MEMBERS:
                raise QuarantineError(f"Part {number:,}: a message of more parts is not read.")
            parts.add(part)
        reading.part = "header"
        return Mail(
            subject=_decoded(message.get("Subject")),
            parties=tuple((label, _parties(message, label)) for label in _LABELS),
            date=_date(message.get("Date")),
            bodies=tuple(parts.bodies),
            attachments=tuple(parts.attachments),
        )


def _leaves(message: "Message[str, str]") -> Iterator["Message[str, str]"]:
    """Parts that hold something; of alternatives the plain text, or else the last one."""
    kind = message.get_content_type()
    payload: Any = message.get_payload()
    if not isinstance(payload, list) or kind in _WHOLE or _is_secret(message):
        yield message
    elif kind == "multipart/alternative":
        yield from _chosen(payload)
    else:
        for part in payload:
            yield from _leaves(part)


def _chosen(parts: Sequence[Any]) -> Iterator["Message[str, str]"]:
    """The plain text of alternatives that say the same; what is attached inside any of them stays."""
    leaves = [list(_leaves(part)) for part in parts]
    plain = [i for i, group in enumerate(leaves) if any(_is_plain(part) for part in group)]
    taken = plain[0] if plain else len(leaves) - 1
    for position, group in enumerate(leaves):
        yield from (part for part in group if position == taken or not _is_text(part))


def _is_secret(part: "Message[str, str]") -> bool:
    """Whether it is encrypted, by S/MIME or PGP."""
    signed = "signed" in str(part.get_param("smime-type") or "")
    return part.get_content_type() in _SECRET and not signed


def _is_text(part: "Message[str, str]") -> bool:
    named = part.get_filename() or part.get_content_disposition() == "attachment"
    kind = part.get_content_type()
    # A multipart that has no parts is the remains of a message.
    return not named and (kind in _WORDS or kind.startswith("multipart/"))


def _is_plain(part: "Message[str, str]") -> bool:
    if not _is_text(part) or part.get_content_type() != "text/plain":
        return False
    return bool(_bytes(part).strip())


class _Parts:
    """Texts and attachments, gathered."""

    def __init__(self) -> None:
        self.bodies: list[tuple[str, bool]] = []
        self.attachments: list[Attachment] = []

    def add(self, part: "Message[str, str]") -> None:
        kind = part.get_content_type()
        if _is_secret(part):
            name = _decoded(part.get_filename()) or "encrypted"
            reason = "It is encrypted; decrypt it and ingest what it holds."
            self.attachments.append(Attachment(name=name, media_type=kind, content=None, reason=reason))
        elif kind == "message/rfc822":
            self._message(part)
        elif kind == "message/delivery-status":
            self.bodies.append((_told(part), False))
        elif _is_text(part):
            if (content := _bytes(part)).strip():
                text = text_of(content, _charset(part))
                self.bodies.append((_unflowed(part, text), kind == "text/html"))
        else:
            self._file(part, kind)

    def _file(self, part: "Message[str, str]", kind: str) -> None:
        shown = kind.startswith("image/") and part.get("Content-ID") is not None
        name = _decoded(part.get_filename())
        self.attachments.append(Attachment(name=name, media_type=kind, content=_bytes(part), shown=shown))

    def _message(self, part: "Message[str, str]") -> None:
        payload: Any = part.get_payload()
        inner = payload[0] if isinstance(payload, list) and payload else None
        name = _decoded(part.get_filename()) or "message.eml"
        content = inner.as_bytes() if isinstance(inner, Message) else None
        self.attachments.append(Attachment(name=name, media_type="message/rfc822", content=content))


def _bytes(part: "Message[str, str]") -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _charset(part: "Message[str, str]") -> str | None:
    charset = part.get_content_charset()
    return None if charset in (None, "us-ascii", "unknown-8bit") else charset


def _unflowed(part: "Message[str, str]", text: str) -> str:
    """Lines that were only broken for width put together again.

    Source: RFC 3676, section 4.
    """
    if str(part.get_param("format") or "").lower() != "flowed":
        return text
    joint = "" if str(part.get_param("delsp") or "").lower() == "yes" else " "
    return re.sub(r"(?m)^(?!-- $)((?:(?![> ]).*\S|(?![> ])\S)?) \n(?![> ]|\n)", rf"\1{joint}", text)


def _told(part: "Message[str, str]") -> str:
    """The fields of a delivery report, a line for each."""
    payload: Any = part.get_payload()
    groups = payload if isinstance(payload, list) else []
    lines = [
        "\n".join(f"{name}: {one_line(_decoded(value))}" for name, value in group.items()) for group in groups
    ]
    return "\n\n".join(lines)


def _decoded(value: object) -> str:
    """A header's words in characters; what cannot be decoded is replaced."""
    if value is None:
        return ""
    words: list[str] = []
    try:
        header = value if isinstance(value, email.header.Header) else str(value)
        for word, charset in email.header.decode_header(header):
            words.append(word if isinstance(word, str) else _word(word, charset))
    except (email.errors.HeaderParseError, ValueError):
        words = [str(value)]
    raw = "".join(words)
    return one_line(raw.encode("utf-8", "surrogateescape").decode("utf-8", "replace").replace("\x00", ""))


def _word(word: bytes, charset: str | None) -> str:
    for name in (charset, "utf-8", "cp1252"):
        try:
            if name and name != "unknown-8bit":
                return word.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
    return word.decode("latin-1")


def _parties(message: "Message[str, str]", label: str) -> tuple[Party, ...]:
    headers: Sequence[object] = message.get_all(label, [])
    # One with raw bytes is decoded first; of the others each name is, once it is told apart.
    values = [_decoded(h) if isinstance(h, email.header.Header) else str(h) for h in headers]
    pairs = email.utils.getaddresses(values)[:_MOST_PARTIES]
    parties = (Party(_decoded(name), _decoded(address)) for name, address in pairs)
    found = tuple(party for party in parties if party.name or party.address)
    # What is no list of addresses is still somebody's name.
    return found or tuple(Party(name, "") for value in values if (name := _decoded(value)))


def _date(value: object) -> dt.datetime | None:
    """When the message says it was sent; None where it says nothing that is a date."""
    try:
        return email.utils.parsedate_to_datetime(str(value)) if value else None
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
