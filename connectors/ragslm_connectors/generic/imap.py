"""Kind `imap` of `sources.yaml`: the messages of a mailbox, their attachments as documents inside them."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Annotated
from urllib.parse import quote

from pydantic import Field, SecretStr

from ragslm.errors import CursorError
from ragslm.ingest.files import UNREAD
from ragslm.protocols import DOCUMENTS_ONLY
from ragslm.types import Cursor, Removed, SourceDocument
from ragslm_connectors.generic._imap_session import Session, mailbox_name
from ragslm_connectors.generic._uid_set import pack, unpack

BATCH = 100
"""Messages whose sizes are asked together, and after which a cursor is told."""


class Mailbox:
    """Folders of one mailbox. A message never changes under its uid, so only what is new is fetched.

    Args:
        folders: their names as a person writes them.
        max_bytes: largest message that is fetched; larger ones are quarantined.
        source_name: first part of every uri.
        session: what `Session` takes, but `max_bytes`.
    """

    name = "imap"
    policy = DOCUMENTS_ONLY

    def __init__(
        self,
        folders: list[str],
        max_bytes: int,
        source_name: str,
        session: tuple[str, int, str, SecretStr, Path | None, int],
    ) -> None:
        self._folders = folders
        self._max_bytes = max_bytes
        self._source_name = source_name
        self._session = session

    def load(self) -> Iterator[SourceDocument]:
        """Every message, by folder and uid.

        Raises:
            SourceError: the server cannot be read.
        """
        return (change for change in self.changes(None) if isinstance(change, SourceDocument))

    def changes(self, cursor: str | None) -> Iterator[SourceDocument | Removed | Cursor]:
        """Messages that are gone, then new ones, folder by folder, with a cursor after each batch.

        Raises:
            CursorError: not a cursor of this version, or a folder has numbered its messages anew.
            SourceError: the server cannot be read.
        """
        read = unpack(cursor) if cursor is not None else {}
        with closing(self._open()) as session:
            for folder in self._folders:
                validity, following = session.examine(folder)
                known_as, known = read.get(folder, (validity, set[int]()))
                if known_as != validity:
                    raise CursorError("A folder of the mailbox has numbered its messages anew (UIDVALIDITY).")
                read[folder] = (validity, known)
                present = set(session.uids(following))
                for uid in sorted(known - present):
                    yield Removed(self._uri(folder, validity, uid))
                    known.discard(uid)
                new = sorted(present - known)
                for start in range(0, len(new), BATCH):
                    batch = new[start : start + BATCH]
                    for uid, content, reason in self._fetched(session, batch):
                        yield self._document(self._uri(folder, validity, uid), content, reason)
                        known.add(uid)
                    yield Cursor(pack(read))
        yield Cursor(pack(read))

    def _open(self) -> Session:
        host, port, user, password, ca_file, timeout = self._session
        return Session(host, port, user, password.get_secret_value(), ca_file, self._max_bytes, timeout)

    def _fetched(self, session: Session, uids: list[int]) -> Iterator[tuple[int, bytes, str | None]]:
        """Uid, content and why there is none. What was deleted meanwhile is left out: it was never read."""
        sizes = session.sizes(uids)
        for uid in sorted(sizes.keys() & set(uids)):
            if sizes[uid] > self._max_bytes:
                reason = (
                    f"The message has {sizes[uid]:,} bytes; at most {self._max_bytes:,} are read (max_bytes)."
                )
                yield uid, b"", reason
            elif (content := session.message(uid)) is not None:
                yield uid, content, None

    def _uri(self, folder: str, validity: int, uid: int) -> str:
        return f"imap://{self._source_name}/{quote(folder, safe='')}/{validity}/{uid}.eml"

    def _document(self, uri: str, content: bytes, reason: str | None) -> SourceDocument:
        return SourceDocument(
            uri=uri,
            content=content,
            media_type="message/rfc822",
            metadata={UNREAD: reason} if reason else {},
        )


def source(
    host: str,
    user: str,
    password: SecretStr,
    folders: Annotated[list[str], Field(min_length=1, max_length=200)] = ["INBOX"],  # noqa: B006 - never changed
    port: Annotated[int, Field(ge=1, le=65_535)] = 993,
    ca_file: Path | None = None,
    max_bytes: Annotated[int, Field(ge=1, le=1_000_000_000)] = 50_000_000,
    timeout_seconds: Annotated[int, Field(ge=1, le=3_600)] = 60,
    source_name: str = "imap",
) -> Mailbox:
    """The messages of a mailbox; see docs/connectors.md for the settings.

    Raises:
        ConfigError: a folder's name cannot be written.
    """
    for folder in folders:
        mailbox_name(folder)
    given = (host, port, user, password, ca_file, timeout_seconds)
    return Mailbox(list(dict.fromkeys(folders)), max_bytes, source_name, given)
