"""Documents inside others: how they are told by the worker, what they are called, how deep and how many.

A member's uri is its container's with its place: `file:///mail.eml#attachment=2/report.pdf`; deeper ones go
on behind a slash: `file:///all.zip#member=mail.eml/attachment=2/report.pdf`.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

from ragslm.ingest.files import title_of
from ragslm.records import declared
from ragslm.types import PLACE, DocumentInfo, Member, SourceDocument

MAX_DEPTH = 4
"""Containers inside containers that are opened: a mail in an archive in a mail in an archive."""
MAX_IN_ALL = 10_000
"""Members of one file, those of its members included."""
MAX_BYTES_IN_ALL = 1_000_000_000
"""Their sizes together, in bytes."""
MAX_TOLD = 2000
"""Members of one container taken over from a worker, nested ones not counted."""
MAX_BYTES = 200_000_000
"""Their contents together, in bytes; which of them are read is decided by `ingest.max_bytes`."""
_LEVEL = re.compile(r"[#/](?=(?:attachment|member)=)")


# ---------------------------------------------------------------- worker to parent


def encoded(members: Sequence[Member]) -> list[list[str | None]]:
    """Members as plain values; the content of each without a reason follows as a message of its own."""
    return [[member.place, member.title, member.media_type, member.reason] for member in members]


def contents(members: Sequence[Member]) -> list[bytes]:
    """The messages that follow."""
    return [member.content for member in members if member.reason is None]


def decoded(values: Any) -> tuple[Member, ...]:
    """Members as told, without content yet.

    Raises:
        TypeError, ValueError: this is not what a worker may say.
    """
    if len(values) > MAX_TOLD:
        raise ValueError("too many members")
    members = tuple(_member(*value) for value in values)
    if len({member.place for member in members}) < len(members):
        raise ValueError("two members in one place")
    return members


def filled(members: Sequence[Member], following: Iterator[bytes]) -> tuple[Member, ...]:
    """Members with the contents that followed."""
    return tuple(
        member if member.reason is not None else replace(member, content=next(following))
        for member in members
    )


def _member(place: Any, title: Any, media_type: Any, reason: Any) -> Member:
    if not all(type(value) is str for value in (place, title, media_type)):
        raise TypeError("member")
    if reason is not None and type(reason) is not str:
        raise TypeError("reason")
    if not PLACE.fullmatch(place):
        raise ValueError("place")
    return Member(place=place, title=title, media_type=media_type[:200], content=b"", reason=reason)


# ---------------------------------------------------------------- as documents


def prefix_of(uri: str) -> str:
    """How the uris of a container's members begin."""
    return uri + ("/" if _LEVEL.search(uri) else "#")


def outermost(uri: str) -> str:
    """The file that a member lies in, however deep; the uri itself if it is no member."""
    found = _LEVEL.search(uri)
    return uri[: found.start()] if found else uri


def ids_inside(document_id: str, documents: Sequence[DocumentInfo]) -> list[str]:
    """Ids of the documents that lie inside one of these, however deep."""
    within = next((info for info in documents if info.id == document_id), None)
    if within is None:
        return []
    prefix = prefix_of(within.uri)
    return [info.id for info in documents if info.domain == within.domain and info.uri.startswith(prefix)]


class Members:
    """Counts the members of every file of a run, so that none unpacks without end."""

    def __init__(self) -> None:
        self._taken: Counter[str] = Counter()
        self._bytes: Counter[str] = Counter()

    def documents(
        self, container: SourceDocument, members: Sequence[Member]
    ) -> Iterator[tuple[SourceDocument, str | None]]:
        """Each member as a document of its own, and why it cannot be read, if so."""
        root = outermost(container.uri)
        depth = len(_LEVEL.findall(container.uri))
        for member in members:
            self._taken[root] += 1
            reason = member.reason or self._over(root, depth, len(member.content))
            if reason is None:
                self._bytes[root] += len(member.content)
            yield _document(container, member, "" if reason else member.title), reason
            if self._taken[root] > MAX_IN_ALL:
                return

    def _over(self, root: str, depth: int, size: int) -> str | None:
        if depth >= MAX_DEPTH:
            return f"It lies more than {MAX_DEPTH} files deep in others."
        if self._taken[root] > MAX_IN_ALL:
            return f"The file it lies in holds more than {MAX_IN_ALL:,} documents; the rest is not read."
        if self._bytes[root] + size > MAX_BYTES_IN_ALL:
            return f"The documents of the file it lies in have more than {MAX_BYTES_IN_ALL:,} bytes together."
        return None


def _document(container: SourceDocument, member: Member, title: str) -> SourceDocument:
    return SourceDocument(
        uri=prefix_of(container.uri) + member.place,
        content=member.content,
        media_type=declared(member.media_type),
        title=title_of(PurePosixPath(title).stem),
        source=container.source,
        version=container.version,
    )
