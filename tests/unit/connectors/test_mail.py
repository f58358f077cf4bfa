"""Messages: header by field policy, the right body, quoted replies marked, attachments counted."""

import io
from datetime import date
from email.message import EmailMessage
from pathlib import Path

import pytest

from ragslm.errors import QuarantineError
from ragslm.types import ParsedDocument, SourceDocument
from ragslm_connectors._formats import msg
from ragslm_connectors._formats._builder import TextBuilder
from ragslm_connectors._formats._lzfu import unpacked
from ragslm_connectors._formats._mail import build_mail
from ragslm_connectors._formats._package import Reading
from ragslm_connectors._formats.eml import EmlParser
from ragslm_connectors._formats.msg import MsgParser

FILES = Path(__file__).parents[2] / "data" / "formats"
HEAD = (
    b"From: Ann Lee <ann@example.com>\nTo: b@example.com\nSubject: Terms\n"
    b"Date: Sat, 2 Mar 2024 09:30:00 +0100\n"
)
LATIN = b"Content-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n"
MIXED = b"Content-Type: multipart/mixed; boundary=b\n\n--b\n"


def document(content: bytes) -> SourceDocument:
    return SourceDocument(uri="file:///x.eml", content=content)


def parse(content: bytes) -> ParsedDocument:
    return EmlParser().parse(document(content))


def body(content: bytes) -> list[str]:
    """Blocks behind the header."""
    parsed = parse(content)
    texts = [parsed.text[b.start : b.end] for b in parsed.blocks]
    return [t for t in texts if not t.startswith(("From: ", "To: ", "Date: ", "Subject: ", "Attachments: "))]


def labelled(parsed: ParsedDocument) -> list[tuple[str, str, str]]:
    return [(f.entity, parsed.text[f.start : f.end], f.path) for f in parsed.fields]


def test_header_by_field_policy() -> None:
    parsed = parse(
        HEAD + b'Cc: =?utf-8?q?J=C3=B6rg_Maier?= <j@example.com>, "Lee, Bo" <bo@example.com>\n\nWords.\n'
    )
    assert (parsed.title, parsed.effective_date) == ("Terms", date(2024, 3, 2))
    assert labelled(parsed) == [
        ("PERSON", "Ann Lee", "From.name"),
        ("EMAIL_ADDRESS", "ann@example.com", "From.address"),
        ("EMAIL_ADDRESS", "b@example.com", "To.address"),
        ("PERSON", "Jörg Maier", "Cc.name"),
        ("EMAIL_ADDRESS", "j@example.com", "Cc.address"),
        ("PERSON", "Lee, Bo", "Cc.name"),
        ("EMAIL_ADDRESS", "bo@example.com", "Cc.address"),
        ("KEEP", "2024-03-02 09:30+01:00", "Date"),
    ]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"\nWords.\n\nMore.\n", ["Words.", "More."]),
        (b"Content-Type: text/html\n\n<p>One</p><script>x()</script><p>Two</p>", ["One", "Two"]),
        (LATIN + b"\ncaf=E9", ["café"]),
        (b"Content-Type: text/plain; charset=no-such\n\ncaf\xc3\xa9", ["café"]),  # an unknown charset
        (b"Content-Type: text/plain; charset=us-ascii\n\ncaf\xe9", ["café"]),  # a wrong one
        (b"Content-Transfer-Encoding: 8bits\n\ncaf\xc3\xa9", ["café"]),  # an unknown encoding
        # quoted replies are marked, with the line that names who wrote
        (
            b"\nI agree.\n\nOn Friday, Bo wrote:\n> Do you agree?\n>\n> Bo\n\nAnn\n",
            ["I agree.", "Quoted: On Friday, Bo wrote:\nDo you agree?", "Quoted: Bo", "Ann"],
        ),
        (
            b"\nSee below.\n\n-----Original Message-----\nFrom: Bo\n\nHello.\n",
            ["See below.", "Quoted: -----Original Message-----\nFrom: Bo", "Quoted: Hello."],
        ),
        (
            b"Content-Type: text/html\n\n<p>Yes.</p><blockquote><p>Agree?</p></blockquote><p>Ann</p>",
            ["Yes.", "Quoted: Agree?", "Ann"],
        ),
        # lines broken for width only
        (b"Content-Type: text/plain; format=flowed\n\nOne \nline.\nTwo\n", ["One line.\nTwo"]),
    ],
)
def test_body(content: bytes, expected: list[str]) -> None:
    assert body(HEAD + content) == expected


def test_plain_text_is_preferred_and_nothing_else_of_the_alternatives_is_told() -> None:
    message = EmailMessage()
    message["From"], message["Subject"] = "a@example.com", "Terms"
    message.set_content("Plain words.")
    message.add_alternative("<p>HTML words.</p>", subtype="html")
    message.add_attachment(b"%PDF-", maintype="application", subtype="pdf", filename="terms.pdf")
    content = message.as_bytes()
    assert body(content) == ["Plain words."]
    assert [(m.place, m.content) for m in EmlParser().members(document(content))] == [
        ("attachment=1/terms.pdf", b"%PDF-")
    ]


def test_html_where_the_plain_text_is_empty() -> None:
    message = EmailMessage()
    message["From"], message["Subject"] = "a@example.com", "Terms"
    message.set_content("\n")
    message.add_alternative("<p>HTML words.</p>", subtype="html")
    assert body(message.as_bytes()) == ["HTML words."]


def test_logos_and_signatures_are_no_documents() -> None:
    message = EmailMessage()
    message["From"], message["Subject"] = "a@example.com", "Terms"
    message.set_content("Words.")
    message.add_attachment(b"x", maintype="image", subtype="png", filename="logo.png", cid="<1>")
    message.add_attachment(b"x", maintype="application", subtype="pkcs7-signature", filename="smime.p7s")
    message.add_attachment(b"x", maintype="image", subtype="png", filename="scan.png")
    content = message.as_bytes()
    assert "Attachments: logo.png, smime.p7s, scan.png" in parse(content).text
    assert [m.place for m in EmlParser().members(document(content))] == ["attachment=3/scan.png"]


def test_names_of_attachments_lead_nowhere() -> None:
    named = b'Content-Disposition: attachment; filename="../../etc/pass#=wd"\n\nx\n--b--\n'
    found = EmlParser().members(document(HEAD + MIXED + named))
    assert [m.place for m in found] == ["attachment=1/pass%23%3Dwd"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"no header at all", "Line 1"),
        (b"\x00\x01\x02", "binary"),
        (HEAD + b"Content-Type: application/pkcs7-mime; smime-type=enveloped-data\n\nxxxx", "encrypted"),
        (HEAD + b"Content-Type: multipart/encrypted; boundary=b\n\n--b\n\nx\n--b--\n", "encrypted"),
        (
            HEAD
            + b"".join(b"Content-Type: multipart/mixed; boundary=%d\n\n--%d\n" % (n, n) for n in range(2000)),
            "readable message",
        ),
    ],
)
def test_what_cannot_be_read_says_why(content: bytes, reason: str) -> None:
    with pytest.raises(QuarantineError, match=reason):
        parse(content)


def test_an_encrypted_part_does_not_keep_the_rest() -> None:
    secret = b"Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=s.p7m\n\nxx\n"
    content = HEAD + MIXED + b"\nWords.\n--b\n" + secret + b"--b--\n"
    assert body(content) == ["Words."]
    (member,) = EmlParser().members(document(content))
    assert (member.place, "encrypted" in (member.reason or "")) == ("attachment=1/s.p7m", True)


@pytest.mark.parametrize(
    ("content", "suffix", "expected"),
    [
        (HEAD + b"\nx", ".eml", True),
        (HEAD + b"Message-ID: <1>\n\nx", "", True),  # a maildir's file has no suffix
        (HEAD + b"\nx", ".txt", False),  # a memo that begins like a mail
        (b"Dear all,\n\nwords", ".txt", False),
        (b"key: value\nother: value\nthird: value\n", ".yaml", False),
    ],
)
def test_claims(content: bytes, suffix: str, expected: bool) -> None:
    assert EmlParser().claims(content, suffix) is expected


# file, blocks of the header, of the body, attachments, of them documents of their own
COUNTS = [
    ("attachment_message_rfc822.eml", 5, 1, 1, 1),
    ("attachment_pdf.eml", 6, 1, 1, 1),
    ("bad_date_header.eml", 3, 0, 0, 0),  # the header ends in the body's first line: nothing is behind it
    ("basic_email.eml", 4, 3, 0, 0),
    ("content_transfer_encoding_with_8bits.eml", 5, 61, 0, 0),
    ("japanese_iso_2022.eml", 3, 1, 0, 0),
    ("missing_body.eml", 4, 0, 0, 0),
    ("raw_email2.eml", 6, 6, 1, 0),
    ("raw_email7.eml", 5, 1, 3, 2),
    ("raw_email_reply.eml", 4, 1, 0, 0),
    ("raw_email_with_nested_attachment.eml", 5, 2, 2, 1),
    ("report_422.eml", 4, 10, 0, 0),
]


@pytest.mark.parametrize(("name", "head", "told", "attached", "documents"), COUNTS)
def test_nothing_of_a_message_is_lost(name: str, head: int, told: int, attached: int, documents: int) -> None:
    content = (FILES / name).read_bytes()
    parsed = parse(content)
    assert len(parsed.blocks) == head + told
    listed = [line for line in parsed.text.split("\n") if line.startswith("Attachments: ")]
    assert len(listed[0].split(", ")) == attached if attached else not listed
    assert len(list(EmlParser().members(document(content)))) == documents


# ---------------------------------------------------------------- Outlook


class Compound:
    """The few methods of `olefile.OleFileIO` that are used, over streams by path."""

    def __init__(self, streams: dict[str, bytes]) -> None:
        self.streams = {tuple(path.split("/")): data for path, data in streams.items()}

    def exists(self, path: tuple[str, ...] | str) -> bool:
        path = (path,) if isinstance(path, str) else tuple(path)
        return any(known[: len(path)] == path for known in self.streams)

    def openstream(self, path: tuple[str, ...]) -> io.BytesIO:
        return io.BytesIO(self.streams[tuple(path)])

    def listdir(self, streams: bool, storages: bool) -> list[list[str]]:
        return [list(p[:n]) for n in (1, 2, 3) for p in {p[:n]: 0 for p in self.streams if len(p) > n}]


def words(text: str) -> bytes:
    return text.encode("utf-16-le")


def properties(header: int, **values: tuple[int, int]) -> bytes:
    """A property stream: `name=(id, value)`."""
    entries = (
        b"\x03\x00" + i.to_bytes(2, "little") + bytes(4) + v.to_bytes(8, "little") for i, v in values.values()
    )
    return bytes(header) + b"".join(entries)


SENT = 133538418000000000  # 2024-03-02 08:30 UTC in 100 ns since 1601
STREAMS = {
    "__properties_version1.0": properties(32, sent=(0x0039, SENT)),
    "__substg1.0_0037001F": words("Terms"),
    "__substg1.0_0C1A001F": words("Ann Lee"),
    "__substg1.0_5D01001F": words("ann@example.com"),
    "__substg1.0_1000001F": words("Words.\r\n\r\nMore."),
    "__recip_version1.0_#00000000/__properties_version1.0": properties(8, kind=(0x0C15, 2)),
    "__recip_version1.0_#00000000/__substg1.0_3001001F": words("Bo"),
    "__recip_version1.0_#00000000/__substg1.0_3003001F": words("/O=FIRM/CN=BO"),
    "__attach_version1.0_#00000000/__substg1.0_37010102": b"%PDF-",
    "__attach_version1.0_#00000000/__substg1.0_3707001F": words("terms.pdf"),
    "__attach_version1.0_#00000001/__substg1.0_3707001F": words("linked.pdf"),
    "__attach_version1.0_#00000002/__substg1.0_3001001F": words("Inner"),
    "__attach_version1.0_#00000002/__substg1.0_3701000D/__substg1.0_0037001F": words("Inner"),
    "__attach_version1.0_#00000002/__substg1.0_3701000D/__substg1.0_1000001F": words("Inner words."),
}


def test_an_outlook_message_with_attachments() -> None:
    storage = msg._Storage(Compound(STREAMS), (), 32, Reading("message"))
    mail = storage.mail()
    parsed = build_mail(TextBuilder(), mail)
    assert parsed.text == (
        "From: Ann Lee <ann@example.com>\n\nCc: Bo\n\nDate: 2024-03-02 08:30+00:00\n\nSubject: Terms\n\n"
        "Attachments: terms.pdf, linked.pdf, Inner.eml\n\nWords.\n\nMore."
    )
    first, second, third = mail.attachments
    assert (first.content, second.content) == (b"%PDF-", None)
    assert "link" in (second.reason or "")
    inner = parse(third.content or b"")
    assert (inner.title, "Inner words." in inner.text) == ("Inner", True)


def test_the_sample_of_outlook() -> None:
    content = (FILES / "fake-email.msg").read_bytes()
    parsed = MsgParser().parse(SourceDocument(uri="file:///x.msg", content=content))
    assert (parsed.title, parsed.effective_date) == ("Test Email", date(2023, 3, 28))
    assert len(parsed.blocks) == 4 + 4  # header; a sentence, a heading line and two items
    assert labelled(parsed)[0] == ("PERSON", "Matthew Robinson", "From.name")
    assert list(MsgParser().members(SourceDocument(uri="file:///x.msg", content=content))) == []


def test_compressed_rtf() -> None:
    """The two examples of [MS-OXRTFCP], 4.1 and 4.2."""
    simple = bytes.fromhex(
        "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0"
    )
    crossing = bytes.fromhex("1a0000001c0000004c5a4675e2d44b51410004205758595a0d6e7d010eb0")
    assert unpacked(simple, 1000) == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"
    assert unpacked(crossing, 1000) == b"{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}"
    with pytest.raises(QuarantineError, match="more than 10 bytes"):
        unpacked(crossing, 10)


@pytest.mark.parametrize("content", [b"plain", b"\xd0\xcf\x11\xe0" + b"\x00" * 600])
def test_a_broken_outlook_message_is_told(content: bytes) -> None:
    with pytest.raises(QuarantineError, match="Outlook message"):
        MsgParser().parse(SourceDocument(uri="file:///x.msg", content=content))
