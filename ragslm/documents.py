"""The stored documents as one user may see them: listed, found, shown, added and removed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from ragslm._spans import apply
from ragslm.access.clearance import NOTHING, named
from ragslm.access.visibility import may_read, owner
from ragslm.errors import NotFoundError
from ragslm.factory import Parts
from ragslm.ingest.files import title_of
from ragslm.ingest.members import ids_inside
from ragslm.privacy.plain_text import plain
from ragslm.types import DocumentInfo, Identity, IngestReport, SourceDocument, SourceView

if TYPE_CHECKING:
    from ragslm.store.records import DocumentAccess


class Documents:
    """Does what `Assistant` says of documents, for one user.

    A document that the user may not read is as good as none. What a reader sees restored of one is told by
    the rules of the document's own domain, whichever domain asks.

    Args:
        parts: of the workspace.
        domain: the profile new documents come under, and whose documents are listed and found.
        user: who looks, adds or removes.
    """

    def __init__(self, parts: Parts, domain: str, user: Identity) -> None:
        self._parts, self._domain, self._user = parts, domain, user

    def all(self) -> list[DocumentInfo]:
        """Those of the domain that the user may read, by title."""
        found = self._parts.catalogue.readable_documents(self._domain, self._user)
        if not found:  # an empty workspace loads no model
            return []
        release = self._release(self._domain)
        return [replace(info, title=release(info.title)) for info in found]

    def find(self, uri: str) -> str | None:
        """Id of the domain's document with this uri, or None."""
        found = self._parts.catalogue.find(self._domain, uri)
        return found if found is not None and self._access(found) is not None else None

    def access(self, document_id: str) -> tuple[str | None, frozenset[str] | None]:
        """Scope and readers of a document.

        Raises:
            NotFoundError: there is none for this user.
        """
        found = self._readable(document_id)
        return found.scope, found.readers

    def text(self, document_id: str) -> tuple[str, Mapping[str, Any]]:
        """Scrubbed text, and what else the source told, scrubbed too.

        Raises:
            NotFoundError: there is none for this user.
        """
        release, catalogue = self._release(self._readable(document_id).domain), self._parts.catalogue
        document = catalogue.document(document_id)
        text = apply(document.parsed.text, document.replacements)
        told = _each(document.metadata, lambda value: self._parts.scrubber.scrub(value, lasting=False).text)
        catalogue.settle()
        return release(text), _each(told, release)

    def page(self, document_id: str, number: int, marks: Sequence[tuple[int, int]]) -> SourceView:
        """One page or section with spans of the parsed original lit up; recorded for who is cleared.

        Raises:
            NotFoundError: no such document or page for this user.
            ConfigError: the document's domain is not configured.
        """
        audit, types = self._parts.audit, self._restorable(self._readable(document_id).domain)
        view = self._parts.viewer.view(
            document_id, number, marks=marks, cleared=types != NOTHING, types=types
        )
        if types != NOTHING:
            shown = {"document": document_id, "page": view.number, "text": audit.commit(view.text)}
            audit.record("restore", self._user, shown | {"types": named(types)})
        return view

    def add(
        self, name: str, content: bytes, *, scope: str | None, readers: frozenset[str] | None
    ) -> IngestReport:
        """Bring one uploaded document in; the same name replaces the earlier upload, whose scope and readers
        stay where None is given.

        Raises:
            AccessError: the user may not change documents.
        """
        identity, path = owner(self._user), PurePosixPath(name)
        document = SourceDocument(
            uri=f"upload://{quote(path.name)}", content=content, title=title_of(path.stem)
        )
        return self._parts.ingest(self._domain).run(
            [document], identity=identity, scope=scope, readers=readers
        )

    def remove(self, document_id: str) -> None:
        """Remove a document and what lies inside it; no byte of it stays in the files.

        Raises:
            NotFoundError: there is none for this user: scopes bind an owner too.
            AccessError: the user may not change documents.
        """
        identity, catalogue = owner(self._user), self._parts.catalogue
        self._readable(document_id)
        for member in ids_inside(document_id, catalogue.documents()):
            catalogue.remove_document(member, identity=identity)
        catalogue.remove_document(document_id, identity=identity)
        catalogue.checkpoint()

    def _access(self, document_id: str) -> "DocumentAccess | None":
        """Domain, scope and readers of a document; None if there is none for this user."""
        found = self._parts.catalogue.access_of(document_id)
        if found is None or not may_read(self._user, scope=found.scope, readers=found.readers):
            return None
        return found

    def _readable(self, document_id: str) -> "DocumentAccess":
        """Domain, scope and readers of a document.

        Raises:
            NotFoundError: there is none for this user.
        """
        found = self._access(document_id)
        if found is None:
            raise NotFoundError(f"There is no document {document_id!r} for this user.")
        return found

    def _restorable(self, domain: str) -> frozenset[str] | None:
        """Entity types that the user sees restored in a domain's documents; None is every type."""
        return self._parts.restorable(self._user, domain)

    def _release(self, domain: str) -> Callable[[str], str]:
        """What a scrubbed text of a domain's document passes on its way to the user: the guard, but for who
        sees everything, who is spared markup alone.
        """
        return plain if self._restorable(domain) is None else self._parts.guard.release


def _each(value: Any, change: Callable[[str], str]) -> Any:
    """A JSON value with every text in it changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, Mapping):
        return {name: _each(one, change) for name, one in value.items()}
    return [_each(one, change) for one in value] if isinstance(value, list) else value
