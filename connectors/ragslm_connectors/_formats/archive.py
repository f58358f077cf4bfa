"""Archives (zip, tar, gzip, bzip2, xz): a list of what they hold; every member is a document of its own.

Nothing is written anywhere, no name of a member is used as a path, and links are not followed. Folders and
hidden files are left alone, as they are in a folder.
"""

from collections.abc import Iterator
from pathlib import PurePosixPath

from ragslm.errors import QuarantineError
from ragslm.types import Member, ParsedDocument, SourceDocument
from ragslm_connectors._formats._archive_entries import EMPTY_ZIP, PACKED, TAR, TAR_AT, entries
from ragslm_connectors._formats._builder import TextBuilder, one_line
from ragslm_connectors._formats._limits import MAX_CHARS, content_of
from ragslm_connectors._formats._members import MAX_MEMBERS, Bounds, member_path
from ragslm_connectors._formats._package import ZIP, part_names

_SUFFIXES = frozenset({".zip", ".tar", ".tgz", ".gz", ".bz2", ".tbz2", ".xz", ".txz"})


_PACKAGES = frozenset(
    """
    .ods .odp .odg .epub .jar .war .ear .apk .aab .ipa .whl .xlsb .vsdx .pages .numbers .key .kmz .xpi .nupkg
    """.split()
)


class ArchiveParser:
    """Zip files, tar files and what gzip, bzip2 or xz packed.

    Attributes:
        max_chars: longest list accepted, in characters.
    """

    name = "archive"
    media_type = "application/zip"
    max_chars = MAX_CHARS

    def claims(self, head: bytes, suffix: str) -> bool:
        """The first bytes of one of these formats; or nothing at all under their suffixes.

        Zip packages that are documents or programs are no archives, parser or not.
        """
        if suffix not in _SUFFIXES and _is_other_package(head, suffix):
            return False
        if head.startswith((ZIP, EMPTY_ZIP, *PACKED)) or head[TAR_AT:].startswith(TAR):
            return True
        return suffix in _SUFFIXES and (not head or b"\x00" in head)

    def parse(self, document: SourceDocument) -> ParsedDocument:
        """A row for each member: name and size.

        Raises:
            QuarantineError: empty, broken, or without files.
        """
        builder = TextBuilder(self.max_chars)
        for entry in entries(content_of(document), document.uri):
            name = one_line(entry.name.encode("utf-8", "replace").decode()) or "unnamed"
            builder.block("row", f"Member: {name} | Size: {entry.size:,} bytes")
        if not len(builder):
            raise QuarantineError("The archive holds no files.")
        return builder.build()

    def members(self, document: SourceDocument) -> Iterator[Member]:
        """Every member, in order; one that cannot be read, with the reason.

        Raises:
            QuarantineError: as `parse`.
        """
        bounds = Bounds()
        for entry in entries(content_of(document), document.uri):
            place = f"member={member_path(entry.name)}"
            if bounds.full:
                reason = f"The archive holds more than {MAX_MEMBERS:,} files; from this one on, none is read."
                yield bounds.member(place, entry.name, None, reason=reason)
                return
            read = entry.read(bounds)
            content, reason_or_none = (None, read) if isinstance(read, str) else (read, None)
            title = PurePosixPath(entry.name.replace("\\", "/")).name
            yield bounds.member(place, title, content, reason=reason_or_none)


def _is_other_package(head: bytes, suffix: str) -> bool:
    """Whether this is a zip file that is one document or program. Those of OpenDocument say so first."""
    names = part_names(head) if head.startswith(ZIP) else []
    return suffix in _PACKAGES or names[:1] == ["mimetype"] or "[Content_Types].xml" in names
