"""A message as text, whatever format it came in: header by field policy, body, quoted replies marked.

Field policy: names of senders and recipients are `PERSON` (a firm's mailbox and a person's are not told
apart), their addresses `EMAIL_ADDRESS`, the date is knowledge and is kept. Subject, body and the names of
attachments are free text: recognisers scrub them. Other headers (routes, servers, clients) are left out.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ragslm.errors import QuarantineError
from ragslm.types import Member, ParsedDocument
from ragslm_connectors._formats._builder import TextBuilder, one_line
from ragslm_connectors._formats._decode import decode
from ragslm_connectors._formats._members import Bounds, file_name
from ragslm_connectors._formats.html import write_html
from ragslm_connectors._formats.text import write_text

QUOTED = "Quoted: "
_QUOTE = re.compile(r"(?m)^[ \t]*>")
_FORWARD = re.compile(
    r"(?mi)^[ \t>]*(?:-{2,} ?(?:original message|forwarded (?:message|by)|ursprüngliche nachricht)\b.*"
    r"|_{10,}[ \t]*\n[ \t]*from:.*|begin forwarded message:)"
)
_SAID = re.compile(r"(?m)^[^\n>]{0,200}(?:wrote|schrieb|a écrit|escribió)\s?:[ \t]*$")
_SEALS = frozenset(
    {"application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature"}
)


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody who sends or receives. Either may be empty."""

    name: str = field(repr=False)
    address: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that a message carries. `content`: None where it cannot be read, for `reason`.

    `shown`: it is part of how the message looks (a logo, a signature), not a document of its own.
    """

    name: str = field(repr=False)
    media_type: str
    content: bytes | None = field(repr=False)
    reason: str | None = None
    shown: bool = False

    @property
    def is_document(self) -> bool:
        """Whether it is to be read as a document of its own."""
        return not self.shown and self.media_type not in _SEALS


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A message. `bodies`: its texts in order, each with whether it is HTML."""

    subject: str = field(repr=False)
    parties: tuple[tuple[str, tuple[Party, ...]], ...] = field(repr=False)
    date: dt.datetime | None
    bodies: tuple[tuple[str, bool], ...] = field(repr=False)
    attachments: tuple[Attachment, ...]


def build_mail(builder: TextBuilder, mail: Mail) -> ParsedDocument:
    """The finished document.

    Raises:
        QuarantineError: it has neither header nor body.
    """
    _write_header(builder, mail)
    for body, is_html in mail.bodies:
        if is_html:
            write_html(builder, body, quoted=QUOTED)
        else:
            _write_plain(builder, body)
    return builder.build(title=mail.subject, effective_date=mail.date.date() if mail.date else None)


def members_of(mail: Mail, bounds: Bounds) -> Iterator[Member]:
    """Attachments as documents of their own; numbered as they stand in the message, from 1."""
    for number, attachment in enumerate(mail.attachments, start=1):
        if attachment.is_document:
            name = attachment.name or f"attachment {number}"
            place = f"attachment={number}/{file_name(name)}"
            content, reason = attachment.content, attachment.reason
            yield bounds.member(place, name, content, reason=reason, media_type=attachment.media_type)


def _write_header(builder: TextBuilder, mail: Mail) -> None:
    """A line for each header that is kept."""
    for label, parties in mail.parties:
        if parties:
            builder.block("paragraph", f"{label}: ")
            for number, party in enumerate(parties):
                builder.write(", " if number else "")
                _write_party(builder, label, party)
    if mail.date:
        builder.block("paragraph", "Date: ")
        builder.write(mail.date.isoformat(" ", "minutes"), "KEEP", "Date")
    if mail.subject:
        builder.block("paragraph", f"Subject: {mail.subject}")
    if names := [name for a in mail.attachments if (name := one_line(a.name))]:
        builder.block("paragraph", "Attachments: " + ", ".join(names))
    builder.close()


def _write_party(builder: TextBuilder, label: str, party: Party) -> None:
    if party.name and party.name != party.address:
        builder.write(party.name, "PERSON", f"{label}.name")
        if party.address:
            builder.write(" <")
            builder.write(party.address, "EMAIL_ADDRESS", f"{label}.address")
            builder.write(">")
    else:
        builder.write(party.address or party.name, "EMAIL_ADDRESS", f"{label}.address")


def _write_plain(builder: TextBuilder, body: str) -> None:
    """Own words as they are; what is quoted or forwarded, paragraph by paragraph, as such."""
    forward = _FORWARD.search(body)
    own, rest = (body[: forward.start()], body[forward.start() :]) if forward else (body, "")
    for text, is_quoted in _runs(own):
        if is_quoted:
            _write_quoted(builder, text)
        else:
            write_text(builder, text)
    _write_quoted(builder, rest)


def _runs(body: str) -> Iterator[tuple[str, bool]]:
    """Runs of lines that are quoted or not; the line that names who wrote belongs to what is quoted."""
    body = _SAID.sub(lambda match: "> " + match.group(), body)
    run: list[str] = []
    quoted = False
    for line in body.split("\n"):
        now = _QUOTE.match(line) is not None
        if now != quoted and (line.strip() or now):
            yield "\n".join(run), quoted
            run, quoted = [], now
        run.append(line)
    yield "\n".join(run), quoted


def _write_quoted(builder: TextBuilder, text: str) -> None:
    bare = re.sub(r"(?m)^(?:[ \t]*>)+[ \t]?", "", text)
    for paragraph in re.split(r"\n[ \t]*\n\s*", bare):
        if words := paragraph.strip():
            builder.block("paragraph", QUOTED + words)


def text_of(content: bytes, charset: str | None) -> str:
    """Characters of a body. What its charset cannot tell is told by `_decode`'s rules, or replaced.

    Raises:
        QuarantineError: the bytes are no text.
    """
    try:
        return decode(content, charset)
    except QuarantineError:
        return decode(content.replace(b"\x00", b"").decode("cp1252", "replace").encode())
