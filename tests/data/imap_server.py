"""A small IMAP4rev1 server over TLS on loopback, as much of RFC 3501 as a reader needs."""

import base64
import datetime as dt
import ipaddress
import re
import socketserver
import ssl
import threading
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec


class Folder:
    """Messages by uid; `following` is UIDNEXT."""

    def __init__(self, validity: int = 7) -> None:
        self.validity = validity
        self.messages: dict[int, bytes] = {}
        self.seen: set[int] = set()
        self.following = 1

    def add(self, message: bytes) -> int:
        self.messages[self.following] = message
        self.following += 1
        return self.following - 1


class ImapServer(socketserver.ThreadingTCPServer):
    """`folders` by encoded name; `asked` holds every command without its tag."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, folder: Path) -> None:
        self.folders = {"INBOX": Folder()}
        self.asked: list[str] = []
        self.lie_about_size = False
        self.certificate = folder / "ca.pem"
        key = folder / "key.pem"
        make_certificate(self.certificate, key)
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(self.certificate, key)
        super().__init__(("127.0.0.1", 0), _Session)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def port(self) -> int:
        return self.server_address[1]

    def get_request(self):
        connection, address = super().get_request()
        connection.settimeout(20)
        return self._context.wrap_socket(connection, server_side=True), address

    def handle_error(self, request, client_address) -> None:
        """A client that turns away is no error of the server."""


class _Session(socketserver.StreamRequestHandler):
    folder: Folder | None = None

    def handle(self) -> None:
        self._say("* OK IMAP4rev1 ready")
        while line := self.rfile.readline():
            tag, _, command = line.decode().strip().partition(" ")
            self.server.asked.append(command)
            word = command.partition(" ")[0]
            status = getattr(self, f"_{word.lower()}", self._unknown)(command)
            self._say(f"{tag} {status}")
            if word == "LOGOUT":
                return

    def _capability(self, _) -> str:
        self._say("* CAPABILITY IMAP4rev1")
        return "OK done"

    def _login(self, command: str) -> str:
        return "OK in" if command == 'LOGIN reader "secret"' else "NO [AUTHENTICATIONFAILED] no"

    def _logout(self, _) -> str:
        self._say("* BYE")
        return "OK out"

    def _examine(self, command: str) -> str:
        name = command.partition(" ")[2].strip('"')
        self.folder = self.server.folders.get(name)
        if self.folder is None:
            return "NO no such folder"
        self._say(f"* {len(self.folder.messages)} EXISTS")
        self._say(f"* OK [UIDVALIDITY {self.folder.validity}] valid")
        self._say(f"* OK [UIDNEXT {self.folder.following}] next")
        return "OK [READ-ONLY] open"

    def _uid(self, command: str) -> str:
        if found := re.fullmatch(r"UID SEARCH UID (\d+):(\d+)", command):
            uids = [uid for uid in self.folder.messages if int(found[1]) <= uid <= int(found[2])]
            self._say(f"* SEARCH {' '.join(map(str, uids))}")
            return "OK searched"
        if found := re.fullmatch(r"UID FETCH ([\d,]+) \(UID (RFC822\.SIZE|BODY\.PEEK\[\])\)", command):
            for uid in map(int, found[1].split(",")):
                if uid in self.folder.messages:
                    self._fetch(uid, found[2])
            return "OK fetched"
        return self._unknown(command)

    def _fetch(self, uid: int, what: str) -> None:
        message = self.folder.messages[uid]
        number = sorted(self.folder.messages).index(uid) + 1
        if what == "RFC822.SIZE":
            told = 10 if self.server.lie_about_size else len(message)
            self._say(f"* {number} FETCH (UID {uid} RFC822.SIZE {told})")
        else:
            self.wfile.write(
                b"* %d FETCH (UID %d BODY[] {%d}\r\n%b)\r\n" % (number, uid, len(message), message)
            )

    def _unknown(self, command: str) -> str:
        return "BAD not known"

    def _say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")


def make_certificate(certificate: Path, key: Path) -> None:
    """An authority that signed itself, for 127.0.0.1."""
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(private, hashes.SHA256())
    )
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    key.write_bytes(
        private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )


def mail(subject: str, text: str, attachment: bytes | None = None) -> bytes:
    """A message as it is sent."""
    head = (
        f"From: Ann Weaver <ann@example.org>\r\nTo: desk@example.org\r\nSubject: {subject}\r\n"
        "Date: Fri, 01 Mar 2024 12:30:00 +0000\r\nMessage-ID: <1@example.org>\r\nMIME-Version: 1.0\r\n"
    )
    if attachment is None:
        return f"{head}Content-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n".encode()
    coded = base64.encodebytes(attachment).decode()
    return (
        f"{head}Content-Type: multipart/mixed; boundary=b\r\n\r\n"
        f"--b\r\nContent-Type: text/plain\r\n\r\n{text}\r\n"
        "--b\r\nContent-Type: text/plain; name=fees.txt\r\n"
        "Content-Disposition: attachment; filename=fees.txt\r\n"
        f"Content-Transfer-Encoding: base64\r\n\r\n{coded}\r\n--b--\r\n"
    ).encode()
