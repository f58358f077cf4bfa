"""Catalogue: the encrypted file that is the truth, as one object. The tables are in the files beside it.

A workspace is a folder (mode 0700) with `catalogue.db` (mode 0600) and `index/`, which is derived and
belongs to retrieval. Everything here is safe between threads; several processes may read while one writes.
"""

import contextlib
import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from ragslm.errors import AuditError, QuarantineError, RagslmError, StorageFullError, WorkspaceError
from ragslm.store import (
    api_keys,
    conversations,
    cursors,
    documents,
    index_identity,
    journal,
    lasting_keys,
    passages,
    quarantine,
    vault,
    versions,
    visibility,
)
from ragslm.store.database import Connection, Database, check_key
from ragslm.store.records import (
    Change,
    DocumentAccess,
    IndexIdentity,
    KeyInfo,
    NewDocument,
    StoredDocument,
    StoredPassage,
)
from ragslm.types import DeadLetter, DocumentInfo, Filters, Identity

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FILE = "catalogue.db"
"""Name of the encrypted file inside the workspace folder."""


def no_workspace(folder: Path) -> WorkspaceError:
    """There is no workspace in a folder: said with what can be done."""
    if folder.exists() and not folder.is_dir():
        return WorkspaceError(f"{str(folder)!r} is a file, no workspace. Name a workspace's folder.")
    if folder.is_dir() and any(folder.iterdir()):
        return WorkspaceError(
            f"{str(folder)!r} is no workspace, but holds files. Name a workspace's folder, or a new one that "
            "`ragslm init -w FOLDER` makes."
        )
    return WorkspaceError(f"There is no workspace in {str(folder)!r}. Make one: ragslm init -w {folder}")


class Catalogue:
    """Documents, passages, vectors, pseudonyms, conversations, API keys and the audit log of a workspace.

    Every change is one transaction, on the disk when the method returns. Any method may raise
    `StorageFullError` (nothing was changed) or `WorkspaceError` (SQLite failed, or it is closed).

    Attributes:
        path: the workspace folder.
    """

    def __init__(self, folder: Path, key: bytes, *, may_be_new: bool = False) -> None:
        check_key(key)
        self.path = folder
        self._db = Database(folder / FILE, key)
        self._versions = versions.Versions()
        try:
            self._db.prepare(partial(_upgraded, key), may_be_new=may_be_new)
            with self._db.read() as connection:
                self._keys = lasting_keys.load(connection)
            self._seals = journal.Seals(self._keys["audit"], self._keys["identity"])
        except BaseException:
            self._db.close()
            raise

    @classmethod
    def create(cls, folder: Path, key: bytes) -> Self:
        """Make a workspace; its folder may exist.

        Raises:
            WorkspaceError: there is a catalogue already, or the folder cannot be made.
            StorageFullError: no space.
        """
        check_key(key)
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with contextlib.suppress(PermissionError):  # a mounted volume of another owner; the file is 0600
                folder.chmod(0o700)
            os.close(os.open(folder / FILE, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        except FileExistsError:
            raise WorkspaceError(f"There is a workspace in {str(folder)!r} already. Name another.") from None
        except OSError as error:
            raise WorkspaceError(
                f"Cannot make a workspace in {str(folder)!r}: {error.strerror}. Name another folder."
            ) from None
        return cls(folder, key, may_be_new=True)

    @classmethod
    def open(cls, folder: Path, key: bytes) -> Self:
        """Open a workspace.

        Raises:
            WorkspaceError: there is none.
            WrongKeyError: the key does not open it.
            WorkspaceVersionError: another version wrote it.

        A file without tables is an interrupted creation and is completed, but only in a folder that holds
        nothing else: beside an index it is a catalogue that was cut, and must not pass for a new one.
        """
        if not (folder / FILE).is_file():
            raise no_workspace(folder)
        return cls(folder, key, may_be_new=_nothing_else_in(folder))

    def close(self) -> None:
        """Close every connection. Closing twice is allowed."""
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def checkpoint(self) -> bool:
        """Empty the write-ahead log, so that removed bytes are nowhere; False if a reader was in the way."""
        return self._db.checkpoint()

    def settle(self) -> None:
        """Wait until everything committed is on the disk, so that what was made of it stays true."""
        self._db.settle()

    # ---------------------------------------------------------------- identity of the indexes

    def identity(self) -> IndexIdentity | None:
        """What the stored passages and vectors were made with; None before the first `set_identity`."""
        with self._db.read() as connection:
            return index_identity.get(connection)

    def set_identity(self, identity: IndexIdentity) -> None:
        """Remember what passages and vectors are made with from now on."""
        with self._db.write() as connection:
            index_identity.put(connection, identity)

    # ---------------------------------------------------------------- documents

    def hashes(self, domain: str, source: str | None = None) -> dict[str, str]:
        """SHA-256 by uri of a domain's documents, of one source root or of all."""
        with self._db.read() as connection:
            return documents.hashes(connection, domain, source)

    def hashes_of(self, domain: str, uris: Collection[str]) -> dict[str, str]:
        """SHA-256 by uri of those of these that are stored; the others are not looked at."""
        with self._db.read() as connection:
            return documents.hashes_of(connection, domain, uris)

    def put_document(self, document: NewDocument, *, identity: Identity, durable: bool = True) -> bool:
        """Store a document in place of an earlier version with the same domain and uri.

        Original, parsed text, passages, vectors, the earlier version's tombstones, the end of its
        quarantine and the audit record are one transaction.

        Args:
            document: the new version.
            identity: who stores it.
            durable: wait for the disk; see `Database.write`. Who does not, acknowledges nothing yet.

        Returns:
            Whether it replaced an earlier version.

        Raises:
            StorageFullError: no space; the earlier version is still there.
            QuarantineError: a text holds lone surrogates, which are no characters.
        """
        try:
            with self._db.write(durable=durable) as connection:
                earlier = documents.version_of(connection, document.domain, document.source.uri)
                if earlier is not None:
                    if document.keeps_readers:
                        document = replace(document, readers=documents.readers(connection, earlier[0]))
                    passages.bury(connection, earlier[0])
                    documents.delete(connection, earlier[0])
                row = documents.insert(connection, document)
                passages.insert(connection, row, document.passages)
                quarantine.clear(connection, document.source.uri)
                facts = {
                    "document": document.id,
                    "domain": document.domain,
                    "sha256": document.sha256,
                    "passages": len(document.passages),
                    "replaced": None if earlier is None else earlier[2],
                    "scope": None if document.scope is None else self._commitment(document.scope),
                    "readers": None
                    if document.readers is None
                    else sorted(map(self._commitment, document.readers)),
                }
                self._append(connection, "document_put", identity.id, facts)
        except UnicodeEncodeError:
            raise QuarantineError(
                f"Document {document.id!r} holds lone surrogates, which cannot be stored as text."
            ) from None
        return earlier is not None

    def remove_document(self, document_id: str, *, identity: Identity) -> None:
        """Remove a document with everything derived from it. `checkpoint` empties the log behind it.

        Raises:
            NotFoundError: there is none.
        """
        with self._db.write() as connection:
            row, sha256 = documents.row_of(connection, document_id)
            buried = passages.bury(connection, row)
            documents.delete(connection, row)
            facts = {"document": document_id, "sha256": sha256, "passages": buried}
            self._append(connection, "document_removed", identity.id, facts)

    def document(self, document_id: str) -> StoredDocument:
        """A document with its original bytes and parsed text.

        Raises:
            NotFoundError: there is none.
        """
        with self._db.read() as connection:
            return documents.load(connection, document_id)

    def details(self, document_id: str) -> list[str]:
        """Every personal detail found in a document, as it is written there.

        Raises:
            NotFoundError: there is none.
        """
        with self._db.read() as connection:
            return documents.details(connection, document_id)

    def access_of(self, document_id: str) -> DocumentAccess | None:
        """Domain, scope and readers of a document; None if there is none."""
        with self._db.read() as connection:
            return documents.access(connection, document_id)

    def find(self, domain: str, uri: str) -> str | None:
        """The id of the document kept for a uri, or None."""
        with self._db.read() as connection:
            found = documents.version_of(connection, domain, uri)
        return None if found is None else found[1]

    def documents(self, domain: str | None = None) -> list[DocumentInfo]:
        """Every document of one domain, or of all, by title."""
        with self._db.read() as connection:
            return documents.infos(connection, domain)

    def readable_documents(self, domain: str, identity: Identity) -> list[DocumentInfo]:
        """Every document of a domain that an identity may read, by title."""
        with self._db.read() as connection:
            rows = visibility.rows(
                connection, identity=identity, domain=domain, filters=Filters(), scope=None, as_of=None
            )
            return documents.infos(connection, domain, None if rows is None else rows.tolist())

    def count_documents(self, domain: str, identity: Identity) -> int:
        """How many documents of a domain an identity may read."""
        with self._db.read() as connection:
            rows = visibility.rows(
                connection, identity=identity, domain=domain, filters=Filters(), scope=None, as_of=None
            )
            return documents.count(connection, domain) if rows is None else len(rows)

    # ---------------------------------------------------------------- passages

    def passages(self, ids: Sequence[int]) -> dict[int, StoredPassage]:
        """Passages by id; unknown ids are left out."""
        with self._db.read() as connection:
            return passages.load(connection, ids)

    def rest_of_tables(self, ids: Sequence[int], *, reach: int, most: int) -> list[StoredPassage]:
        """At most so many passages with the other rows of the tables that these hold rows of, which begin
        within `reach` characters of them.
        """
        with self._db.read() as connection:
            wanted = passages.rest_of_tables(connection, ids, reach, most)
            found = passages.load(connection, wanted)
        return [found[id_] for id_ in wanted]

    def vectors(self, ids: Sequence[int]) -> "dict[int, NDArray[np.float32]]":
        """Vectors of passages by id, float32, shape (dim,); unknown ids are left out."""
        with self._db.read() as connection:
            return passages.vectors(connection, ids)

    def visible(
        self,
        *,
        identity: Identity,
        domain: str,
        filters: Filters,
        scope: str | None,
        as_of: date | None,
        in_force: bool = False,
    ) -> "NDArray[np.int64] | None":
        """Row ids of the documents that may be searched, int64, ascending; None is every document.

        `in_force`: without rules that another version, which this identity may read, had replaced by `as_of`,
        or by today.
        """
        gone = self.superseded(identity=identity, domain=domain, as_of=as_of) if in_force else {}
        with self._db.read() as connection:
            return visibility.rows(
                connection,
                identity=identity,
                domain=domain,
                filters=filters,
                scope=scope,
                as_of=as_of,
                without=frozenset(version.row for version in gone),
            )

    def superseded(
        self, *, identity: Identity, domain: str, as_of: date | None
    ) -> Mapping[versions.Version, date]:
        """Rules that another version had replaced by `as_of`, or by today, and that version's date.

        Only versions that this identity may read count: the others' dates are not told.
        """
        with self._db.read() as connection:
            return self._versions.superseded(
                connection, identity=identity, domain=domain, day=as_of or date.today()
            )

    # ---------------------------------------------------------------- derived indexes

    def seq(self) -> int:
        """The last committed change number; 0 before the first."""
        with self._db.read() as connection:
            return passages.seq(connection)

    def changes(self, after: int) -> Iterator[Change]:
        """Changes after a number, in order. Replaying them onto what was there gives what is stored now."""
        while True:
            with self._db.read() as connection:
                batch = passages.changes(connection, after)
            if not batch:
                return
            yield from batch
            after = batch[-1].seq

    # ---------------------------------------------------------------- quarantine

    def put_quarantine(
        self,
        uri: str,
        sha256: str,
        source: str | None,
        reason: str,
        letter: quarantine.Letter | None = None,
        access: quarantine.Access = (None, None),
    ) -> None:
        """Remember why a document could not be read, and the document itself if there is a `letter`.

        `reason` holds no text of it. `access`: scope and readers that it has when it can be read.
        """
        with self._db.write() as connection:
            quarantine.put(connection, uri, sha256, source, reason, letter, access)

    def quarantined_access(self, uri: str) -> quarantine.Access | None:
        """Scope and readers that a quarantined document has when it can be read; None if there is none."""
        with self._db.read() as connection:
            return quarantine.access(connection, uri)

    def clear_quarantine(self, uri: str) -> None:
        """Forget one; one that is not there is no error."""
        with self._db.write() as connection:
            quarantine.clear(connection, uri)

    def quarantined(self) -> list[tuple[str, str]]:
        """(uri, reason) of everything quarantined, by uri."""
        with self._db.read() as connection:
            return quarantine.reasons(connection)

    def quarantine_hashes(self, source: str | None) -> dict[str, str]:
        """SHA-256 by uri of what is quarantined under a source root; None: of single files."""
        with self._db.read() as connection:
            return quarantine.hashes(connection, source)

    def dead_letters(self) -> list[DeadLetter]:
        """Everything quarantined, by source and uri."""
        with self._db.read() as connection:
            return quarantine.listed(connection)

    def reopen(self, uris: Collection[str]) -> None:
        """Let quarantined documents be tried again at the next run."""
        with self._db.write() as connection:
            quarantine.reopen(connection, uris)

    def letters(self, source: str, most: int) -> Iterator[quarantine.Letter]:
        """Letters of a source that may be tried again, tried fewer than `most` times, one at a time."""
        with self._db.read() as connection:
            uris = quarantine.waiting(connection, source, most)
        for uri in uris:
            with self._db.read() as connection:
                found = quarantine.letter(connection, uri)
            if found is not None:
                yield found

    def drop_letters(self) -> None:
        """Keep the reasons only: no content of anything quarantined."""
        with self._db.write() as connection:
            quarantine.drop_letters(connection)

    # ---------------------------------------------------------------- sources

    def place(self, source: str) -> cursors.Place | None:
        """How far a source has been read, or None."""
        with self._db.read() as connection:
            return cursors.get(connection, source)

    def put_place(self, source: str, place: cursors.Place) -> None:
        """Remember how far a source has been read: everything before it is stored or quarantined."""
        with self._db.write() as connection:
            cursors.put(connection, source, place)

    def forget_place(self, source: str) -> None:
        """Read a source from its beginning next time."""
        with self._db.write() as connection:
            cursors.forget(connection, source)

    def of_source(self, source: str) -> dict[str, str]:
        """Domain by document id of everything stored under a source root."""
        with self._db.read() as connection:
            return documents.of_source(connection, source)

    # ---------------------------------------------------------------- pseudonyms

    @property
    def pseudonym_key(self) -> bytes:
        """32 bytes that pseudonyms and moved dates hang on; a new workspace key does not change them."""
        return self._keys["pseudonym"]

    def tokens_for(self, digests: Sequence[bytes], *, lasting: bool = False) -> dict[bytes, str]:
        """The tokens given to those of the digests that have one; `lasting`: of those found in documents."""
        with self._db.read() as connection:
            return vault.tokens_for(connection, digests, lasting=lasting)

    def put_token(
        self, token: str, entity: str, digest: bytes, original: str, *, lasting: bool = True
    ) -> bool:
        """Keep it; False if the token or the digest is bound to another already.

        It does not wait for the disk: the document that uses it commits later and takes it along. Who gives
        out the text without storing it calls `settle` first.
        """
        with self._db.write(durable=False) as connection:
            return vault.put_token(connection, token, entity, digest, original, lasting=lasting)

    def originals(self, tokens: Collection[str]) -> dict[str, str]:
        """Originals of those tokens that are known."""
        with self._db.read() as connection:
            return vault.originals(connection, tokens)

    # ---------------------------------------------------------------- conversations

    def add_turn(self, conversation: str, identity_id: str, question: str, answer: str) -> None:
        """Remember one turn; question and answer are scrubbed."""
        with self._db.write() as connection:
            conversations.add_turn(connection, conversation, identity_id, question, answer)

    def turns(self, conversation: str, identity_id: str) -> list[tuple[str, str]]:
        """(question, answer) pairs, oldest first; empty for somebody else's conversation."""
        with self._db.read() as connection:
            return conversations.turns(connection, conversation, identity_id)

    # ---------------------------------------------------------------- API keys

    def add_key(self, hash: str, identity: Identity, name: str) -> None:
        """Keep an API key's hash with the identity it stands for; recorded.

        Raises:
            ConfigError: the name is taken.
        """
        with self._db.write() as connection:
            api_keys.add(connection, hash, identity, name)
            self._append(connection, "key_added", Identity.local_owner().id, {"key": hash[:16]})

    def keys(self) -> list[KeyInfo]:
        """Every API key, by name."""
        with self._db.read() as connection:
            return api_keys.infos(connection)

    def remove_key(self, name: str) -> None:
        """Forget an API key; recorded.

        Raises:
            NotFoundError: there is none of that name.
        """
        with self._db.write() as connection:
            digest = api_keys.remove(connection, name)
            self._append(connection, "key_removed", Identity.local_owner().id, {"key": digest[:16]})

    def identity_for(self, hash: str) -> Identity | None:
        """Whom an API key's hash stands for, or None."""
        with self._db.read() as connection:
            return api_keys.identity_for(connection, hash)

    # ---------------------------------------------------------------- audit

    def append_audit(self, kind: str, identity_id: str, facts: Mapping[str, Any]) -> str:
        """Append a record to the chain; returns its id. `ragslm.audit` decides what facts may say.

        Raises:
            AuditError: it could not be written, or the head of the chain does not verify.
        """
        try:
            with self._db.write() as connection:
                return self._append(connection, kind, identity_id, facts)
        except (AuditError, StorageFullError):
            raise
        except RagslmError as error:
            raise AuditError(f"The audit record could not be written. {error}") from None

    @contextlib.contextmanager
    def audit_trail(self) -> Iterator[tuple[tuple[int, str, str], Iterator[tuple[int, str, str]]]]:
        """The chain as one committed state: head (entries, hash, seal) and rows (seq, record, hash)."""
        with self._db.read() as connection:
            yield journal.head(connection), journal.rows(connection)

    def audit_seal(self, purpose: str, data: bytes) -> str:
        """HMAC-SHA-256 under the audit key, hex; `purpose` is `record`, `head` or `text`."""
        return self._seals.seal(purpose, data)

    def _commitment(self, text: str) -> str:
        """What `ragslm.audit` commits to a text with; a scope or a reader's name may be personal."""
        return self.audit_seal("text", text.encode("utf-8", "surrogatepass"))

    def _append(self, connection: Any, kind: str, identity_id: str, facts: Mapping[str, Any]) -> str:
        return journal.append(connection, self._seals, kind, identity_id, facts)


def _upgraded(key: bytes, connection: Connection, version: int) -> None:
    """What tables alone do not bring: keys, and the head of the empty audit chain."""
    lasting_keys.make(connection, key, derived=version > 0)
    if version == 0:
        kept = lasting_keys.load(connection)
        journal.begin(connection, journal.Seals(kept["audit"], kept["identity"]))


def _nothing_else_in(folder: Path) -> bool:
    """Whether the folder holds the catalogue's own files only."""
    return all(entry.name.startswith(FILE) for entry in folder.iterdir())
