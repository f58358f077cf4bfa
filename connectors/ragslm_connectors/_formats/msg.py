"""Outlook messages (`.msg`): header, text, quoted replies; attachments are documents of their own.

The streams are read here through `olefile`, because the library for the format is under the GPL.

Source: [MS-OXMSG], Outlook Item (.msg) File Format; [MS-OXPROPS] for the property ids.
"""

import datetime as dt
import email.message
import email.utils
import io
from collections.abc import Iterator
from typing import Any

from ragslm.errors import QuarantineError
from ragslm.types import Member, ParsedDocument, SourceDocument
from ragslm_connectors._formats._builder import TextBuilder, one_line
from ragslm_connectors._formats._limits import MAX_CHARS, content_of
from ragslm_connectors._formats._lzfu import unpacked
from ragslm_connectors._formats._mail import Attachment, Mail, Party, build_mail, members_of, text_of
from ragslm_connectors._formats._members import MAX_MEMBERS, Bounds
from ragslm_connectors._formats._package import OLE, Reading
from ragslm_connectors._formats.rtf import RtfParser

_KIND = "Outlook message"
_SUFFIXES = frozenset({".msg"})
_STREAM = "__substg1.0_".encode("utf-16-le")
_PROPERTIES = "__properties_version1.0"
# Property ids, [MS-OXPROPS]
_SUBJECT, _BODY, _HTML, _RTF = "0037", "1000", "1013", "1009"
_SENDER_NAME, _SENDER_SMTP, _SENDER_ADDRESS = "0C1A", "5D01", "0C1F"
_NAME, _SMTP, _ADDRESS = "3001", "39FE", "3003"
_FILE, _LONG_NAME, _SHORT_NAME, _MIME, _CONTENT_ID, _EMBEDDED = (
    "3701",
    "3707",
    "3704",
    "370E",
    "3712",
    "3701000D",
)
_SENT, _RECEIVED, _RECIPIENT_TYPE, _CODEPAGE, _INTERNET_CODEPAGE = 0x0039, 0x0E06, 0x0C15, 0x3FFD, 0x3FDE
_ROOT_HEADER, _EMBEDDED_HEADER, _PART_HEADER = 32, 24, 8  # bytes before the first property
_RECIPIENTS = {1: "To", 2: "Cc", 3: "Bcc"}
_EPOCH = dt.datetime(1601, 1, 1, tzinfo=dt.UTC)
_DEEPEST = 8  # messages inside messages


class MsgParser:
    """`.msg` files: one message each.

    Attributes:
        max_chars: longest text accepted, in characters.
    """

    name = "msg"
    media_type = "application/vnd.ms-outlook"
    max_chars = MAX_CHARS

    def claims(self, head: bytes, suffix: str) -> bool:
        """A compound file that holds a message's streams, or any, or nothing, under the suffix `.msg`."""
        if head.startswith(OLE):
            return suffix in _SUFFIXES or _STREAM in head
        return suffix in _SUFFIXES and (not head or b"\x00" in head)

    def parse(self, document: SourceDocument) -> ParsedDocument:
        """Header, then body.

        Raises:
            QuarantineError: empty, broken (names the part) or too long.
        """
        return build_mail(TextBuilder(self.max_chars), _mail(content_of(document)))

    def members(self, document: SourceDocument) -> Iterator[Member]:
        """The attachments, in order; a message inside is told as a mail file.

        Raises:
            QuarantineError: as `parse`.
        """
        return members_of(_mail(content_of(document)), Bounds())


def _mail(content: bytes) -> Mail:
    import olefile

    if not content.startswith(OLE):
        raise QuarantineError(f"Byte 1: the file is no {_KIND}.")
    with Reading(_KIND) as reading, olefile.OleFileIO(io.BytesIO(content)) as file:
        if not file.exists(_PROPERTIES):
            raise QuarantineError(f"The file is no {_KIND}: its properties are missing.")
        return _Storage(file, (), _ROOT_HEADER, reading).mail()


class _Storage:
    """One message, recipient or attachment inside the compound file.

    Args:
        path: names of the storages above it.
        header: bytes before the first property of its property stream.
    """

    def __init__(self, file: Any, path: tuple[str, ...], header: int, reading: Reading) -> None:
        self.file = file
        self.path = path
        self.reading = reading
        self._fixed = self._properties(header)

    def mail(self) -> Mail:
        """The message it holds."""
        self.reading.part = "attachments"
        attachments = [self._attachment(part) for part in self._parts("__attach_version1.0_")]
        self.reading.part = "header"
        return Mail(
            subject=one_line(self.text(_SUBJECT)),
            parties=tuple(self._parties().items()),
            date=self._moment(_SENT) or self._moment(_RECEIVED),
            bodies=tuple(self._bodies()),
            attachments=tuple(attachments),
        )

    # ---------------------------------------------------------------- properties

    def text(self, name: str) -> str:
        """A property of words; empty if there is none."""
        if (raw := self.data(name, "001F")) is not None:
            return raw.decode("utf-16-le", "replace").replace("\x00", "")
        raw = self.data(name, "001E")
        return text_of(raw, f"cp{self._codepage()}").replace("\x00", "") if raw else ""

    def data(self, name: str, kind: str) -> bytes | None:
        """The bytes of a property."""
        stream = (*self.path, f"__substg1.0_{name}{kind}")
        if not self.file.exists(stream):
            return None
        with self.file.openstream(stream) as opened:
            return bytes(opened.read())

    def _properties(self, header: int) -> dict[int, bytes]:
        """Properties of fixed size by id: 8 bytes each."""
        stream = (*self.path, _PROPERTIES)
        if not self.file.exists(stream):
            return {}
        with self.file.openstream(stream) as opened:
            raw = opened.read()[header:]
        entries = (raw[at : at + 16] for at in range(0, len(raw) - 15, 16))
        return {int.from_bytes(entry[2:4], "little"): entry[8:16] for entry in entries}

    def _number(self, identifier: int) -> int:
        return int.from_bytes(self._fixed.get(identifier, b"")[:4], "little")

    def _codepage(self) -> int:
        return self._number(_CODEPAGE) or self._number(_INTERNET_CODEPAGE) or 1252

    def _moment(self, identifier: int) -> dt.datetime | None:
        """A time in units of 100 nanoseconds since 1601."""
        ticks = int.from_bytes(self._fixed.get(identifier, b""), "little")
        try:
            return _EPOCH + dt.timedelta(microseconds=ticks // 10) if ticks else None
        except OverflowError:
            return None

    # ---------------------------------------------------------------- parts

    def _parts(self, prefix: str) -> list[str]:
        """Names of the storages right below that begin so, in order."""
        depth = len(self.path)
        below = {
            entry[depth]
            for entry in self.file.listdir(streams=False, storages=True)
            if tuple(entry[:depth]) == self.path and len(entry) == depth + 1
        }
        return sorted(name for name in below if name.startswith(prefix))[:MAX_MEMBERS]

    def _inside(self, name: str, header: int = _PART_HEADER) -> "_Storage":
        return _Storage(self.file, (*self.path, name), header, self.reading)

    def _parties(self) -> dict[str, tuple[Party, ...]]:
        address = self.text(_SENDER_SMTP) or self.text(_SENDER_ADDRESS)
        sender = Party(one_line(self.text(_SENDER_NAME)), one_line(_plain_address(address)))
        parties: dict[str, tuple[Party, ...]] = {"From": (), "To": (), "Cc": (), "Bcc": ()}
        if sender.name or sender.address:
            parties["From"] = (sender,)
        for name in self._parts("__recip_version1.0_"):
            one = self._inside(name)
            label = _RECIPIENTS.get(one._number(_RECIPIENT_TYPE), "To")
            address = _plain_address(one.text(_SMTP) or one.text(_ADDRESS))
            parties[label] += (Party(one_line(one.text(_NAME)), one_line(address)),)
        return parties

    def _bodies(self) -> Iterator[tuple[str, bool]]:
        """Plain text, or else HTML, or else what the compressed RTF says."""
        if (plain := self.text(_BODY)).strip():
            yield plain.replace("\r\n", "\n").replace("\r", "\n"), False
        elif html := self.data(_HTML, "0102"):
            yield text_of(html, f"cp{self._number(_INTERNET_CODEPAGE) or 1252}"), True
        elif html_text := self.text(_HTML):
            yield html_text, True
        elif packed := self.data(_RTF, "0102"):
            rtf = SourceDocument(uri="rtf:body", content=unpacked(packed, MAX_CHARS) or b" ")
            yield RtfParser().parse(rtf).text, False

    def _attachment(self, name: str) -> Attachment:
        part = self._inside(name)
        title = part.text(_LONG_NAME) or part.text(_SHORT_NAME) or part.text(_NAME)
        embedded = (*part.path, f"__substg1.0_{_EMBEDDED}")
        if self.file.exists(embedded):
            return self._message(part, title)
        content = part.data(_FILE, "0102")
        media_type = part.text(_MIME) or "application/octet-stream"
        shown = media_type.startswith("image/") and bool(part.text(_CONTENT_ID))
        reason = None if content is not None else "The attachment is only a link; it is not followed."
        return Attachment(name=title, media_type=media_type, content=content, reason=reason, shown=shown)

    def _message(self, part: "_Storage", title: str) -> Attachment:
        """A message inside, as a mail file."""
        name = f"{title or 'message'}.eml"
        if len(self.path) >= 2 * _DEEPEST:
            deep = f"Messages are nested more than {_DEEPEST} deep."
            return Attachment(name=name, media_type="message/rfc822", content=None, reason=deep)
        inner = part._inside(f"__substg1.0_{_EMBEDDED}", _EMBEDDED_HEADER).mail()
        content: bytes | None = None
        reason: str | None = None
        try:
            content = _as_bytes(inner)
        except (
            ValueError,
            TypeError,
            LookupError,
        ) as error:  # odd names and types; the message around it stays
            reason = f"The message inside cannot be told as a mail file ({type(error).__name__})."
        return Attachment(name=name, media_type="message/rfc822", content=content, reason=reason)


def _plain_address(address: str) -> str:
    """An address, unless it is the directory's own name for somebody (`/O=…`)."""
    return "" if address.startswith("/") else address


def _as_bytes(mail: Mail) -> bytes:
    """A message as a mail file."""
    message = email.message.EmailMessage()
    for label, parties in mail.parties:
        said = ", ".join(email.utils.formataddr((p.name, p.address or "unknown@invalid")) for p in parties)
        if said:
            message[label] = said
    message["Subject"] = mail.subject
    if mail.date:
        message["Date"] = email.utils.format_datetime(mail.date)
    for number, (body, is_html) in enumerate(mail.bodies):
        kind = "html" if is_html else "plain"
        if number:
            message.add_attachment(body, subtype=kind)
        else:
            message.set_content(body, subtype=kind)
    for attachment in mail.attachments:
        if attachment.content is not None:
            main, _, sub = attachment.media_type.partition("/")
            message.add_attachment(
                attachment.content,
                maintype="application" if main in ("text", "message", "multipart") else main,
                subtype=sub or "octet-stream",
                filename=attachment.name or "unnamed",
            )
    return message.as_bytes()
