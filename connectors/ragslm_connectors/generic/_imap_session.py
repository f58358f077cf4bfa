"""One session with a mail server that changes nothing there: TLS, EXAMINE, BODY.PEEK.

Source: RFC 3501 (IMAP4rev1), sections 2.3.1.1 (UIDVALIDITY), 5.1.3 (names of mailboxes), 6.3.2 (EXAMINE).
"""

import base64
import imaplib
import re
import ssl
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ragslm.errors import ConfigError, SourceError

TRIES = 3
_PAUSE = 1.0  # seconds before the second try; twice as many before each further one
_WINDOW = 50_000  # uids of one SEARCH, so that its answer stays within the longest line imaplib reads
_SLACK = 65_536  # bytes a message may have beyond the size that was told
_SIZE = re.compile(rb"UID (\d{1,10})\b.*?RFC822\.SIZE (\d{1,12})|RFC822\.SIZE (\d{1,12}).*?UID (\d{1,10})\b")
_LOST = (OSError, imaplib.IMAP4.error, ssl.SSLError)


class _Bounded(imaplib.IMAP4_SSL):
    """A connection that reads no literal longer than it may, whatever the server announces."""

    longest = 0

    def read(self, size: int) -> bytes:
        """As `IMAP4.read`."""
        if size > self.longest:
            raise self.abort("a literal is too long")
        return super().read(size)


class Session:
    """A mailbox, open for reading.

    Args:
        ca_file: PEM file of an authority of one's own, beside those of the system.
        max_bytes: largest message that is fetched.
        timeout: most seconds for each answer.

    Raises:
        SourceError: the server does not answer, its certificate does not verify, or it refuses the login.
    """

    def __init__(
        self,
        host: str,
        port: int,
        user: str,
        password: str,
        ca_file: Path | None,
        max_bytes: int,
        timeout: float,
    ) -> None:
        self._imap = _connected(host, port, ca_file, timeout)
        self._imap.longest = max_bytes + _SLACK
        try:
            self._ask("LOGIN", self._imap.login, user, password)
        except SourceError:
            self.close()
            raise

    def examine(self, folder: str) -> tuple[int, int]:
        """Open a folder for reading alone: its UIDVALIDITY, and the uid of the next message."""
        self._ask("EXAMINE", self._imap.select, mailbox_name(folder), True)
        return self._number("UIDVALIDITY"), self._number("UIDNEXT")

    def uids(self, following: int) -> Iterator[int]:
        """Uids of the folder's messages, all below `following`, ascending."""
        for start in range(1, following, _WINDOW):
            end = min(start + _WINDOW, following) - 1
            found = self._ask("SEARCH", self._imap.uid, "SEARCH", f"UID {start}:{end}")
            numbers = {int(uid) for line in found if line for uid in line.split()}
            yield from sorted(uid for uid in numbers if start <= uid <= end)

    def sizes(self, uids: list[int]) -> dict[int, int]:
        """Bytes of each message that is still there."""
        asked = ",".join(map(str, uids))
        found = self._ask("FETCH", self._imap.uid, "FETCH", asked, "(UID RFC822.SIZE)")
        sizes = {}
        for line in found:
            if isinstance(line, bytes) and (told := _SIZE.search(line)):
                sizes[int(told[1] or told[4])] = int(told[2] or told[3])
        return sizes

    def message(self, uid: int) -> bytes | None:
        """A message as it was sent, without marking it as seen; None if it is gone."""
        found = self._ask("FETCH", self._imap.uid, "FETCH", str(uid), "(UID BODY.PEEK[])")
        parts = [part for part in found if isinstance(part, tuple)]
        mine = rb"\bUID %d\b" % uid
        for (head, content), rest in zip(parts, [*found[1:], b""], strict=False):
            if re.search(mine, head) or (isinstance(rest, bytes) and re.search(mine, rest)):
                return bytes(content)
        return None

    def close(self) -> None:
        """Say goodbye; a server that does not answer is left."""
        try:
            self._imap.logout()
        except _LOST:
            self._imap.shutdown()

    def _number(self, name: str) -> int:
        _, values = self._imap.response(name)
        value = values[0] if values else None
        if not isinstance(value, bytes) or not value.isdigit():
            raise SourceError(f"The mail server tells no {name}. It must speak IMAP4rev1 (RFC 3501).")
        return int(value)

    def _ask(self, command: str, do: Any, *arguments: Any) -> list[Any]:
        try:
            status, found = do(*arguments)
        except _LOST as error:
            raise SourceError(_told(command, error)) from None
        if status != "OK":
            raise SourceError(
                f"The mail server refuses {command}. Check the folder's name and the user's rights."
            )
        return list(found)


def _connected(host: str, port: int, ca_file: Path | None, timeout: float) -> _Bounded:
    try:
        context = ssl.create_default_context()
        if ca_file is not None:
            context.load_verify_locations(ca_file)
    except (OSError, ssl.SSLError):
        raise ConfigError("`ca_file` cannot be read as PEM certificates. Mend the file.") from None
    for number in range(TRIES):
        if number:
            time.sleep(_PAUSE * 2 ** (number - 1))
        try:
            return _Bounded(host, port, ssl_context=context, timeout=timeout)
        except ssl.SSLCertVerificationError:
            raise SourceError(
                "The mail server's certificate does not verify. Name its authority as ca_file."
            ) from None
        except _LOST as error:
            lost = error
    raise SourceError(_told("a connection", lost)) from None


def mailbox_name(folder: str) -> str:
    """A folder's name as the protocol writes it: quoted, in modified UTF-7."""
    if any(ord(sign) < 32 for sign in folder):
        raise ConfigError("A name in `folders` holds a control character.")
    encoded = re.sub(r"&|[^\x20-\x7e]+", _shifted, folder)
    return '"' + encoded.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _shifted(found: re.Match[str]) -> str:
    if found[0] == "&":
        return "&-"
    return "&" + base64.b64encode(found[0].encode("utf-16-be"), b"+,").decode().rstrip("=") + "-"


def _told(command: str, error: Exception) -> str:
    """By type: a server's own words may quote a message."""
    if command == "LOGIN" and not isinstance(error, (OSError, imaplib.IMAP4.abort)):
        return "The mail server refuses the login. Check `user` and the password's file or variable."
    return f"The mail server fails at {command} ({type(error).__name__}). The next run goes on from here."
